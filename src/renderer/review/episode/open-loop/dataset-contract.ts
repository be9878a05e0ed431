/** A recorded episode in the place of a rig: what it offers to a policy that is run over it, and where it does not fit. */
import type { EpisodeDetail } from '#contract/services/library.ts'
import type { CheckLine, PolicyContractMessage, PolicySettings } from '#contract/services/policy.ts'
import type { RigContract } from '#contract/services/rig.ts'
import { actionKey, requestedKey, stateKey } from '#core/dataset/feature.ts'
import { recordedRows, type RecordedColumn } from '#core/policy/recorded-vectors.ts'
import type { PictureSize } from '../../../foresight/rgb-picture.ts'

type Detail = Pick<EpisodeDetail, 'columns' | 'fps'>

/** Our own datasets are in degrees with grippers 0…100 (DESIGN §5); another program's unit is not written down. */
const unitOf = (name: string, isOurs: boolean): string | null =>
  isOurs ? (/gripper(\.pos)?$/u.test(name) ? 'range_0_100' : 'degrees') : null

/** A vector column with its units; null where the dataset has none of that name. */
export function recordedColumn({ columns }: Detail, key: string): RecordedColumn | null {
  const column = columns.find(({ name }) => name === key)
  if (column === undefined) return null
  const isOurs = columns.some(({ name }) => name === requestedKey)
  const { names, width, values } = column
  return {
    names,
    width,
    values,
    units: Array.from({ length: width }, (_, place) => unitOf(names[place] ?? '', isOurs)),
  }
}

/** Channels as a rig would offer them; an unknown unit is the policy's, and `unitLines` says so. */
function offered(
  column: RecordedColumn | null,
  wanted: PolicyContractMessage['state'],
): { name: string; unit: string }[] {
  if (column === null) return []
  return Array.from({ length: column.width }, (_, place) => {
    const name = column.names[place] ?? wanted[place]?.name ?? String(place)
    const unit = column.units[place] ?? wanted.find((channel) => channel.name === name)?.unit ?? ''
    return { name, unit }
  })
}

export function datasetContract(
  detail: Detail,
  robotType: string | null,
  cameras: readonly (PictureSize & { readonly name: string })[],
  policy: PolicyContractMessage,
): RigContract {
  return {
    robotType: robotType ?? '',
    fps: detail.fps,
    cameras: cameras.map(({ name, width, height }) => ({ name, width, height })),
    state: offered(recordedColumn(detail, stateKey), policy.state),
    action: offered(recordedColumn(detail, actionKey), policy.action),
    extras: [],
  }
}

/** Lines that only an evaluation has: the same rate frame by frame, and vectors that can be converted. */
export function evaluationLines(
  detail: Detail,
  policy: PolicyContractMessage,
  settings: Pick<PolicySettings, 'joints'>,
): readonly CheckLine[] {
  const lines: CheckLine[] = []
  if (detail.fps !== policy.fps)
    lines.push({
      id: 'fps',
      status: 'fail',
      expected: `${policy.fps}`,
      actual: `${detail.fps}`,
      fix: 'Row k of a chunk stands for frame k: both need the same rate.',
    })
  const check = (
    id: 'stateOrder' | 'actionOrder',
    key: string,
    channels: PolicyContractMessage['state'],
  ): void => {
    const column = recordedColumn(detail, key)
    const rows = column === null ? null : recordedRows(channels, column, settings.joints)
    if (rows?.ok === true) return
    lines.push({
      id,
      status: 'fail',
      expected: channels.map(({ name }) => name).join(', '),
      actual: rows === null ? '–' : rows.error.message,
      fix: '',
    })
  }
  check('stateOrder', stateKey, policy.state)
  check('actionOrder', actionKey, policy.action)
  return lines
}

/** True where the dataset does not write its units down and the policy's are taken. */
export const areUnitsAssumed = (detail: Detail): boolean =>
  recordedColumn(detail, actionKey)?.units.includes(null) === true
