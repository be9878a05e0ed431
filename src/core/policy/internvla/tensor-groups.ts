/** What a checkpoint's tensors are for, in words for a report: which part of the model they belong to, and why some are left out. */
import type { CheckpointIndex, CheckpointTensor } from '../../onnx/checkpoint-index.ts'
import type { TrunkModules } from './trunk.ts'

export interface SkippedGroup {
  readonly group: string
  readonly tensors: number
  readonly bytes: number
  readonly why: string
}

interface Rule {
  readonly group: string
  readonly why: string
  readonly matches: (name: string) => boolean
}

const rules = (modules: TrunkModules, folded: ReadonlySet<string>): readonly Rule[] => [
  { group: 'folded', why: 'computed once, in the folds', matches: (name) => folded.has(name) },
  { group: 'deepstack', why: 'the official policy computes and drops it', matches: has('deepstack') },
  {
    group: 'embedding table',
    why: 'rows are read one by one for each instruction',
    matches: (name) => name === modules.embedding || name.endsWith('lm_head.weight'),
  },
  {
    group: 'constants',
    why: 'Haar coefficients, exact in the graph',
    matches: (name) => has('patcher')(name) || has('imagenet_')(name),
  },
  {
    group: 'last layer and final norm of the understanding expert',
    why: 'only its keys and values are used',
    matches: (name) => name.startsWith(`${modules.und}.`),
  },
  {
    group: 'last layer and final norm of the generation expert',
    why: 'only needed to predict pictures',
    matches: (name) => name.startsWith(`${modules.gen}.`),
  },
  {
    group: 'picture decoder',
    why: 'only needed to predict pictures',
    matches: (name) =>
      name.startsWith(modules.cosmosDecoder) ||
      name.startsWith(modules.latentNorm) ||
      name.startsWith(modules.latentOut) ||
      has('upsample_conv')(name),
  },
  { group: 'others', why: 'unknown to this architecture', matches: () => true },
]

const has = (part: string) => (name: string) => name.includes(part)

/** Tensors that no graph refers to, grouped. @param used stored names. @param folded stored names that folds were computed from */
export function skippedGroups(
  index: CheckpointIndex,
  used: ReadonlySet<string>,
  folded: ReadonlySet<string>,
  modules: TrunkModules,
): readonly SkippedGroup[] {
  const groups = new Map<string, { tensors: CheckpointTensor[]; why: string }>()
  const ordered = rules(modules, folded)
  const embedding = index.find(modules.embedding)?.storedAs
  for (const [name, tensor] of index.tensors) {
    if (used.has(name)) continue
    const rule =
      name === embedding
        ? ordered.find(({ group }) => group === 'embedding table')
        : ordered.find(({ matches }) => matches(name))
    if (rule === undefined) continue
    const known = groups.get(rule.group) ?? { tensors: [], why: rule.why }
    known.tensors.push(tensor)
    groups.set(rule.group, known)
  }
  return [...groups].map(([group, { tensors, why }]) => ({
    group,
    why,
    tensors: tensors.length,
    bytes: tensors.reduce((sum, { length }) => sum + length, 0),
  }))
}
