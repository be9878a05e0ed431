/** A policy that is one ONNX file with a manifest: feeds its tensors, checks its output, measures its time. */
import { join } from 'node:path'
import { contractOf, imageSource, stateSource, type PolicyManifest } from '#core/policy/manifest.ts'
import { fail, ok, type Result } from '#core/result.ts'
import type { ProviderName } from '#contract/services/policy.ts'
import type { Clock } from '../shared/clock.ts'
import { checkActions } from './action-check.ts'
import { neutralObservation } from './neutral-observation.ts'
import { openOnnxModel, type OnnxModel, type TensorData } from './onnx-runtime.ts'
import type { Observation, Policy, PolicyChunk } from './policy.ts'
import { checkTensors } from './tensor-check.ts'

/** The first run allocates, the second settles the arenas; the third is like all later ones. */
const warmUpRuns = 3

/** Opens the model in `folder` and compares it with its manifest. Fails as `openOnnxModel` and `checkTensors` do. */
export async function openOnnxPolicy(
  folder: string,
  manifest: PolicyManifest,
  provider: ProviderName,
  clock: Clock,
): Promise<Result<Policy>> {
  const opened = await openOnnxModel(join(folder, manifest.model), provider)
  if (!opened.ok) return opened
  const model = opened.value
  const checked = checkTensors(manifest, model.inputs, model.outputs)
  if (checked.ok) return ok(new OnnxPolicy(model, manifest, clock))
  await model[Symbol.asyncDispose]()
  return checked
}

class OnnxPolicy implements Policy {
  readonly contract
  readonly provider
  readonly precision = null
  readonly pictureNeed
  readonly processIds
  readonly ended
  readonly foresee = null
  private readonly model: OnnxModel
  private readonly manifest: PolicyManifest
  private readonly clock: Clock

  constructor(model: OnnxModel, manifest: PolicyManifest, clock: Clock) {
    this.contract = contractOf(manifest)
    this.provider = model.provider
    this.pictureNeed = this.contract.cameras.length > 0 ? { side: null, historyTicks: 0 } : null
    this.processIds = model.processIds
    this.ended = model.ended
    this.model = model
    this.manifest = manifest
    this.clock = clock
  }

  async warmUp(): Promise<Result<{ readonly inferMs: number }>> {
    const neutral = neutralObservation(this.contract, this.pictureNeed, this.clock())
    for (let run = 1; run < warmUpRuns; run++) {
      const chunk = await this.infer(neutral)
      if (!chunk.ok) return chunk
    }
    return this.infer(neutral)
  }

  async infer(observation: Observation): Promise<Result<PolicyChunk>> {
    const startUs = this.clock()
    const feeds = this.feedsOf(observation)
    if (!feeds.ok) return feeds
    const outputs = await this.model.run(feeds.value)
    if (!outputs.ok) return outputs
    const { tensor } = this.manifest.output
    const { chunkLength: length } = this.contract
    const width = this.contract.action.length
    const actions = outputs.value[tensor]?.data
    if (actions?.length !== length * width) {
      return fail(
        'policy/wrong-shape',
        `${tensor} has ${actions?.length ?? 0} numbers, not ${length} × ${width}`,
        { tensor },
      )
    }
    const checked = checkActions(actions, this.contract.action)
    if (!checked.ok) return checked
    const inferMs = (this.clock() - startUs) / 1000
    return ok({
      observationUs: observation.timeUs,
      actions,
      length,
      width,
      inferMs,
      seed: null,
      isGuided: false,
      stagesMs: { infer: inferMs },
      hidden: null,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.model[Symbol.asyncDispose]()
  }

  private feedsOf(observation: Observation): Result<Record<string, TensorData>> {
    const feeds: Record<string, TensorData> = {}
    for (const { source, tensor, shape } of this.manifest.inputs) {
      const data = sourceData(observation, source)
      const size = shape.reduce((product, axis) => product * axis, 1)
      if (data?.length !== size) {
        return fail(
          'policy/wrong-shape',
          `${source}: ${data?.length ?? 'no'} numbers given, ${size} needed`,
          { source, size },
        )
      }
      if (!data.every(Number.isFinite))
        return fail('policy/not-finite', `${source} is not finite`, { source })
      feeds[tensor] = { shape, data }
    }
    return ok(feeds)
  }
}

function sourceData(observation: Observation, source: string): Float32Array | undefined {
  if (source === stateSource) return observation.state
  const picture = Object.entries(observation.pictures).find(([camera]) => imageSource(camera) === source)
  return picture === undefined ? observation.extras[source] : picture[1].planes
}
