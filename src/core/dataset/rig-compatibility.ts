/** May this rig add episodes to that dataset? Says every difference, because the operator must know what to change. */
import type { Feature } from './feature.ts'
import type { DatasetInfo } from './info.ts'

export interface RigDifference {
  /** `fps`, `robot_type`, or a feature key. */
  readonly what: string
  readonly dataset: string
  readonly rig: string
}

/** What a difference says of a feature that one side lacks. */
export const absent = '—'

/** What must agree of a feature: everything but how a video was encoded. */
function describe(feature: Feature): string {
  const names = feature.names === null || feature.dtype === 'video' ? '' : ` ${feature.names.join(' ')}`
  return `${feature.dtype} ${feature.shape.join('×')}${names}`
}

/**
 * The differences that forbid appending; empty when the rig fits. `datasetUnits` and `rigUnits` give the unit of each
 * joint name; a dataset that does not say (null) is compared by features only.
 */
export function compareRig(
  dataset: DatasetInfo,
  rig: DatasetInfo,
  datasetUnits: Readonly<Record<string, string>> | null,
  rigUnits: Readonly<Record<string, string>>,
): RigDifference[] {
  const differences: RigDifference[] = []
  const check = (what: string, a: string, b: string): void => {
    if (a !== b) differences.push({ what, dataset: a, rig: b })
  }
  check('fps', String(dataset.fps), String(rig.fps))
  check('robot_type', dataset.robotType ?? absent, rig.robotType ?? absent)
  for (const key of new Set([...Object.keys(dataset.features), ...Object.keys(rig.features)])) {
    const ours = rig.features[key]
    const theirs = dataset.features[key]
    check(key, theirs === undefined ? absent : describe(theirs), ours === undefined ? absent : describe(ours))
  }
  if (differences.length === 0) {
    const order = (info: DatasetInfo): string => Object.keys(info.features).join(' ')
    check('column order', order(dataset), order(rig))
  }
  if (datasetUnits !== null) {
    for (const name of new Set([...Object.keys(datasetUnits), ...Object.keys(rigUnits)]))
      check(`unit of ${name}`, datasetUnits[name] ?? absent, rigUnits[name] ?? absent)
  }
  return differences
}
