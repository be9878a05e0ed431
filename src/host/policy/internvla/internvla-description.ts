/** All that a folder says of an InternVLA policy before anything is loaded: its model, statistics, kind of action, robot. */
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { InternVlaModel } from '#core/policy/internvla/internvla-model.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { findRobotProfile, unlistedRobot, type RobotProfile } from '#core/policy/robot-profile.ts'
import { onlyRobot, parseRobotStatistics, type RobotStatistics } from '#core/policy/robot-statistics.ts'
import { parseTrainConfig, type TrainingFacts } from '#core/policy/train-config.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { precisions, type Precision } from '#contract/services/policy.ts'
import { contractFrom } from './internvla-policy.ts'
import { CheckpointSource, readFolderModel, type ModelSource } from './model-source.ts'
import { readRobotProfiles } from './robot-profiles.ts'

export interface InternVlaDescription {
  readonly kind: 'internvla-a1'
  readonly name: string
  readonly description: string
  readonly license: string | null
  /** Where `config.json` and `stats.json` are; a checkpoint's own folder, or what an import made of it. */
  readonly folder: string
  readonly model: InternVlaModel
  readonly statistics: RobotStatistics
  readonly training: TrainingFacts
  /** Key of the statistics that is used while a person chooses no other. */
  readonly robot: string
  /** File that a person named at the import; null looks in the usual places. */
  readonly tokenizer: string | null
  /** The robots that ship. */
  readonly profiles: readonly RobotProfile[]
  /** What can be computed with, best first. */
  readonly offers: readonly SourceOffer[]
}

/** Graphs in one precision, and what a session of them takes. */
export interface SourceOffer {
  readonly precision: Precision
  /** Bytes of memory that a session is expected to take; null while nobody knows. */
  readonly memoryBytes: number | null
  /** Its weights are not there yet: opening it converts them. */
  readonly needsConversion?: boolean
  open(): Promise<Result<ModelSource>>
}

/** A checkpoint folder as it was downloaded. Fails with the codes of checkpoints. */
export async function describeCheckpoint(
  folder: string,
  resourcesDir: string,
): Promise<Result<InternVlaDescription>> {
  const profiles = await readRobotProfiles(resourcesDir)
  if (!profiles.ok) return profiles
  const model = await readFolderModel(folder)
  if (!model.ok) return model
  const [statsText, trainText] = await Promise.all(
    ['stats.json', 'train_config.json'].map((name) => readFile(join(folder, name), 'utf8').catch(() => null)),
  )
  if (statsText === null || statsText === undefined)
    return lacking(folder, 'stats.json', 'the robot’s statistics')
  if (trainText === null || trainText === undefined)
    return lacking(folder, 'train_config.json', 'whether its actions are relative')
  const statistics = parseRobotStatistics(statsText)
  if (!statistics.ok) return statistics
  const training = parseTrainConfig(trainText)
  if (!training.ok) return training
  return ok({
    kind: 'internvla-a1',
    name: basename(folder),
    description: training.value.dataset === null ? '' : `trained on ${training.value.dataset}`,
    license: null,
    folder,
    model: model.value,
    statistics: statistics.value,
    training: training.value,
    robot: defaultRobot(statistics.value),
    tokenizer: null,
    profiles: profiles.value,
    offers: precisions.map((precision) => ({
      precision,
      memoryBytes: null,
      needsConversion: precision !== 'fp32',
      open: () => CheckpointSource.open(folder, precision),
    })),
  })
}

const lacking = (folder: string, file: string, what: string) =>
  fail('policy/checkpoint-incomplete', `${folder} has no ${file}, which says ${what}`, { missing: [file] })

/** The only one; or an SO arm, which this station drives; or the first. */
export function defaultRobot(statistics: RobotStatistics): string {
  const keys = [...statistics.keys()]
  return keys.find((key) => key.startsWith('so_') || key.startsWith('so10')) ?? keys[0] ?? onlyRobot
}

/** The robot's profile; where none ships, what its statistics show. `isKnown` tells which. */
export function profileOf(
  { statistics, profiles }: Pick<InternVlaDescription, 'statistics' | 'profiles'>,
  robot: string,
): { readonly profile: RobotProfile; readonly isKnown: boolean } {
  const profile = findRobotProfile(profiles, robot)
  if (profile !== null) return { profile, isKnown: true }
  const features = statistics.get(robot) ?? statistics.get(onlyRobot)
  const width = (name: string): number => features?.get(name)?.mean.length ?? 1
  return { profile: unlistedRobot(robot, width('observation.state'), width('action')), isKnown: false }
}

export const internVlaContract = (description: InternVlaDescription, robot: string): PolicyContract =>
  contractFrom(profileOf(description, robot).profile, description.model.trunk.dims.chunk)
