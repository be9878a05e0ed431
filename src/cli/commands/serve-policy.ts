/** `foresight serve-policy`: evaluation scripts of RoboTwin, LIBERO or DROID ask a policy that runs here (docs/serve-policy.md). */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { camerasLeftOut, type ObservationTemplate } from '#core/policy/openpi/observation-template.ts'
import { presetTemplate } from '#core/policy/openpi/template-presets.ts'
import type { PolicyContract } from '#core/policy/policy-contract.ts'
import { fail, ok, type Result } from '#core/result.ts'
import { factsOf } from '#host/policy/policy-description.ts'
import { readPolicies, type StoredPolicy } from '#host/policy/policy-store.ts'
import type { Policy } from '#host/policy/policy.ts'
import { startPolicyServer, type PolicyServer } from '#host/policy/remote/serve/policy-server.ts'
import { sessionsOf } from '#host/policy/remote/serve/serve-policy.ts'
import {
  dialects,
  dialectTemplate,
  isDialect,
  isPreset,
  parseTemplate,
  type Dialect,
} from '#host/policy/remote/serve/served-template.ts'
import { machineClockUs } from '#host/shared/clock.ts'
import type { CliCommand, CliIo } from '../command.ts'
import { findPolicy, policyFolders } from '../policy/find-policy.ts'
import { openNamedPolicy } from '../policy/open-named-policy.ts'
import { readNumber, readOptions } from '../read-options.ts'

const usage = `foresight serve-policy [--policy ID|DIR] [--host ADDRESS] [--port N] [--dialect openpi|xpolicylab]
                       [--keys PRESET|FILE] [--ticks N] [--token TOKEN] [--json]
  --policy   an id from \`foresight policy list\`, or a policy's folder; without it, the only one there is
  --host     address to listen on; without it 127.0.0.1, which only this machine reaches
  --port     without it 8000, openpi's own; 0 takes one that is free
  --dialect  the clients' protocol; without it openpi
  --keys     keys of the observation: droid, libero, aloha, generic, or a JSON file (docs/serve-policy.md)
  --ticks    ticks of the policy between two observations of a client that does not count them; without it 1
  --token    clients must send it (or FORESIGHT_SERVE_TOKEN, which other users of this machine cannot see)`

interface ServeArguments {
  readonly policy: string | null
  readonly host: string
  readonly port: number
  readonly dialect: Dialect
  readonly keys: string | null
  readonly ticks: number
  readonly token: string | null
}

function readArguments(args: readonly string[]): ServeArguments | string {
  const read = readOptions(args, {
    policy: 'value',
    host: 'value',
    port: 'value',
    dialect: 'value',
    keys: 'value',
    ticks: 'value',
    token: 'value',
  })
  if (typeof read === 'string') return read
  if (read.positionals.length > 0) return `unexpected ${read.positionals.join(' ')}`
  const { policy = null, host = '127.0.0.1', dialect = 'openpi', keys = null } = read.values
  const port = readNumber(read.values['port'], 'port', { min: 0, max: 65_535, isInteger: true })
  if (typeof port === 'string') return port
  const ticks = readNumber(read.values['ticks'], 'ticks', { min: 1, max: 1000, isInteger: true })
  if (typeof ticks === 'string') return ticks
  if (!isDialect(dialect)) return `--dialect ${dialect}: one of ${dialects.join(', ')}`
  const token = read.values['token'] ?? process.env['FORESIGHT_SERVE_TOKEN'] ?? null
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) return '--token: printable characters without spaces'
  return { policy, host, port: port ?? 8000, dialect, keys, ticks: ticks ?? 1, token }
}

/** The only usable policy where nothing is named. */
async function find(name: string | null, io: CliIo): Promise<Result<StoredPolicy>> {
  if (name !== null) return findPolicy(name, io)
  const known = await readPolicies(policyFolders(io))
  const [only, ...more] = known.filter(({ described }) => described.ok)
  if (only !== undefined && more.length === 0) return ok(only)
  const ids = known.map(({ id }) => id).join(', ') || 'none'
  return fail('policy/not-found', `say which policy with --policy: ${ids}`)
}

async function templateOf(
  { keys, dialect }: ServeArguments,
  contract: PolicyContract,
): Promise<Result<ObservationTemplate>> {
  if (keys === null) return dialectTemplate(dialect, contract)
  if (isPreset(keys)) return presetTemplate(keys, contract)
  try {
    return parseTemplate(await readFile(keys, 'utf8'), contract)
  } catch {
    return fail('shell/io', `${keys} cannot be read`, { path: keys })
  }
}

const isLoopback = (host: string): boolean => /^(127\.|localhost$|::1$|\[::1\]$)/.test(host)

function warn({ host, token }: ServeArguments, io: CliIo): void {
  if (isLoopback(host)) return
  const who = token === null ? 'anyone who reaches it' : 'anyone with the token'
  io.note(`${host} is reached from other machines: ${who} can ask this policy, and nothing is encrypted.`)
}

const keyLines = ({ items }: ObservationTemplate): string[] =>
  items.map((item) => {
    const key = item.key.join('/')
    if (item.from === 'picture') return `  ${key}  picture of ${item.camera}`
    if (item.from === 'state') return `  ${key}  ${item.channels.join(', ')}`
    return item.from === 'extra' ? `  ${key}  ${item.extra}` : `  ${key}  the instruction`
  })

export const servePolicyCommand: CliCommand = {
  name: 'serve-policy',
  summary: 'let evaluation scripts ask a policy that runs here',
  usage,
  run: async (args, io) => {
    const wanted = readArguments(args)
    if (typeof wanted === 'string') return io.misuse(wanted)
    const stored = await find(wanted.policy, io)
    if (!stored.ok) return io.fail(stored.error)
    const { described } = stored.value
    if (!described.ok) return io.fail(described.error)
    // Nobody asks for predicted pictures here.
    const opened = await openNamedPolicy(stored.value, io, { hasForesight: false })
    if (!opened.ok) return io.fail(opened.error)
    await using policy = opened.value.policy
    const template = await templateOf(wanted, policy.contract)
    if (!template.ok) return io.fail(template.error)
    const {
      name,
      description,
      isLearned: learned,
      license,
    } = factsOf(described.value, opened.value.settings.robot)
    const session = sessionsOf({
      policy,
      facts: { name, description, learned, license },
      dialect: wanted.dialect,
      template: template.value,
      ticksPerQuestion: wanted.ticks,
      seed: opened.value.settings.seed,
      clock: machineClockUs,
    })
    if (!session.ok) return io.fail(session.error)
    io.note(`${name} is loaded and warms up on ${policy.provider}.`)
    const warmed = await policy.warmUp()
    if (!warmed.ok) return io.fail(warmed.error)
    const { host, port, token } = wanted
    const server = await listen(port, () =>
      startPolicyServer({ host, port, token, session: session.value, note: (text) => io.note(text) }),
    )
    if (!server.ok) return io.fail(server.error)
    await using running = server.value
    warn(wanted, io)
    answer(io, wanted, running, {
      id: stored.value.id,
      name,
      policy,
      template: template.value,
      ...warmed.value,
    })
    return await untilEnded(policy, io)
  },
}

async function listen(port: number, start: () => Promise<PolicyServer>): Promise<Result<PolicyServer>> {
  try {
    return ok(await start())
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EADDRINUSE')
      return fail('shell/io', `port ${port} is taken by another program: choose another with --port`, {
        port,
      })
    const why = error instanceof Error ? error.message : String(error)
    return fail('shell/io', `the server cannot start: ${why}`)
  }
}

interface Serving {
  readonly id: string
  readonly name: string
  readonly policy: Policy
  readonly template: ObservationTemplate
  readonly inferMs: number
}

function answer(
  io: CliIo,
  { host, dialect, ticks, token }: ServeArguments,
  { port }: PolicyServer,
  { id, name, policy, template, inferMs }: Serving,
): void {
  const url = `ws://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`
  const leftOut = camerasLeftOut(template, policy.contract)
  const historyTicks = policy.pictureNeed?.historyTicks ?? 0
  const facts = { url, port, pid: process.pid, dialect, policyId: id, provider: policy.provider, inferMs }
  io.answer(
    {
      ...facts,
      hasToken: token !== null,
      ticks,
      historyTicks,
      camerasLeftOut: leftOut,
      observation: template,
    },
    () =>
      [
        `${name} answers at ${url} in ${dialect}’s dialect, ${inferMs.toFixed(1)} ms a chunk on ${policy.provider}`,
        ...keyLines(template),
        ...leftOut.map((camera) => `  no key carries ${camera}: its slot stays empty`),
        ...(historyTicks === 0
          ? []
          : [
              `  it looks ${historyTicks} ticks back; each observation counts as ${ticks} (--ticks, or its own step)`,
            ]),
      ].join('\n'),
  )
}

/** Until Ctrl-C, or until the process that computes is gone. */
async function untilEnded(policy: Policy, io: CliIo): Promise<number> {
  const stopped = io.signal.aborted ? Promise.resolve(null) : once(io.signal, 'abort').then(() => null)
  const fault = await Promise.race(policy.ended === undefined ? [stopped] : [stopped, policy.ended])
  return fault === null ? 0 : io.fail(fault)
}
