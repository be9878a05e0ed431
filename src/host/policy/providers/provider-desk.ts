/** What was found of the execution providers, and which of them a policy gets. */
import { providerNames, type ProviderName, type ProviderStatus } from '#contract/services/policy.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { isSoftwareVulkan } from './graphics-cards.ts'
import { probeProvider } from './probe-provider.ts'

export type Probe = (name: ProviderName) => Promise<ProviderStatus>

/**
 * Order in which `auto` chooses. DirectML and Core ML only when asked for: the first is no longer developed, the second knows
 * too few of the operators to hold the graph together (spec/internvla-a1.md §4.5).
 */
const preference: readonly ProviderName[] = ['cuda', 'webgpu', 'cpu']

export class ProviderDesk {
  /** Where `foresight gpu install` put libraries. */
  readonly cudaFolders: readonly string[]
  private readonly probe: Probe
  /** WebGPU is a software renderer here. */
  readonly isSoftware: boolean
  private readonly known = new Map<ProviderName, Promise<ProviderStatus>>()

  constructor(cudaFolders: readonly string[], probe?: Probe, env: NodeJS.ProcessEnv = process.env) {
    this.cudaFolders = cudaFolders
    this.probe = probe ?? ((name) => probeProvider(name, cudaFolders))
    this.isSoftware = isSoftwareVulkan(env)
  }

  /** Every provider, each tried once in the life of this host unless `isFresh`. */
  async statuses(isFresh: boolean): Promise<ProviderStatus[]> {
    if (isFresh) this.known.clear()
    const statuses: ProviderStatus[] = []
    // One after the other: they share the cores with the control loop.
    for (const name of providerNames) statuses.push(await this.status(name))
    return statuses
  }

  /**
   * The provider for a policy.
   * @param suited those that the policy's graph is made for
   * @returns `policy/provider-unavailable` with the reason when the one asked for does not work here
   */
  async choose(
    wanted: ProviderName | 'auto',
    suited: readonly ProviderName[],
  ): Promise<Result<ProviderName>> {
    if (wanted !== 'auto') {
      if (!suited.includes(wanted)) return unavailable(wanted, 'this policy has no graph for it')
      const { status, detail } = await this.status(wanted)
      return status === 'works' ? ok(wanted) : unavailable(wanted, detail)
    }
    for (const name of preference) {
      if (!suited.includes(name) || (name === 'webgpu' && this.isSoftware)) continue
      if (name === 'cpu') return ok(name)
      const { status } = await this.status(name)
      if (status === 'works') return ok(name)
    }
    return unavailable('cpu', 'no provider works here')
  }

  private status(name: ProviderName): Promise<ProviderStatus> {
    const known = this.known.get(name) ?? this.probe(name)
    this.known.set(name, known)
    return known
  }
}

const unavailable = (provider: ProviderName, detail: string) =>
  fail('policy/provider-unavailable', `${provider}: ${detail}`, { provider, detail })
