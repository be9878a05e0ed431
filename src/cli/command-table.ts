/** Every command by name, loaded only when asked for, so that one never waits for another's packages. */
import type { CliCommand } from './command.ts'

export type LoadCommand = () => Promise<CliCommand>

export const commandTable: Readonly<Record<string, LoadCommand>> = {
  start: async () => (await import('./commands/start.ts')).startCommand,
  address: async () => (await import('./commands/address.ts')).addressCommand,
  sim: async () => (await import('./commands/sim.ts')).simCommand,
  'arm scan': async () => (await import('./commands/arm-scan.ts')).armScanCommand,
  teleop: async () => (await import('./commands/teleop.ts')).teleopCommand,
  'dataset info': async () => (await import('./commands/dataset-info.ts')).datasetInfoCommand,
  trash: async () => (await import('./commands/trash.ts')).trashCommand,
  'gpu install': async () => (await import('./commands/gpu-install.ts')).gpuInstallCommand,
  'policy list': async () => (await import('./commands/policy-list.ts')).policyListCommand,
  'policy import': async () => (await import('./commands/policy-import.ts')).policyImportCommand,
  'policy inspect': async () => (await import('./commands/policy-inspect.ts')).policyInspectCommand,
  'policy check': async () => (await import('./commands/policy-check.ts')).policyCheckCommand,
  'policy bench': async () => (await import('./commands/policy-bench.ts')).policyBenchCommand,
  'policy infer': async () => (await import('./commands/policy-infer.ts')).policyInferCommand,
  'policy run': async () => (await import('./commands/policy-run.ts')).policyRunCommand,
  'policy add-remote': async () => (await import('./commands/policy-add-remote.ts')).policyAddRemoteCommand,
  'serve-policy': async () => (await import('./commands/serve-policy.ts')).servePolicyCommand,
}

/** The entry with the most words that `args` begin with, and the arguments after it. */
export function findCommand(
  args: readonly string[],
): { readonly load: LoadCommand; readonly rest: readonly string[] } | null {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ')
    const load = Object.hasOwn(commandTable, name) ? commandTable[name] : undefined
    if (load !== undefined) return { load, rest: args.slice(words) }
  }
  return null
}
