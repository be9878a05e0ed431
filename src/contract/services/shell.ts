/** What surrounds the hosts: versions, host health, settings, problem report. Served by main. */
import { z } from 'zod'
import { call, defineService, stream } from '../rpc/define.ts'
import { nothing } from './common.ts'

export const hostNames = ['rig', 'policy', 'library', 'sim'] as const
export type HostName = (typeof hostNames)[number]

export const hostStatus = z.object({
  name: z.enum(hostNames),
  status: z.enum(['starting', 'running', 'silent', 'restarting', 'stopped']),
  pid: z.number().nullable(),
  restarts: z.number().int(),
  /** Why it ended last time, e.g. `signal SIGKILL`. */
  lastExit: z.string().nullable(),
  /** Resident memory, from the host's heartbeat. */
  memoryMb: z.number().nullable(),
})
export type HostStatus = z.infer<typeof hostStatus>

export const settings = z.object({
  version: z.literal(1),
  language: z.enum(['system', 'en', 'zh']),
  theme: z.enum(['system', 'dark', 'light']),
  operator: z.string().max(80),
  /** Command id → key chord; only what differs from the defaults. */
  keys: z.record(z.string(), z.string()),
  isSoundOn: z.boolean(),
  lastRig: z.string().nullable(),
  lastDataset: z.string().nullable(),
  lastTask: z.string(),
})
export type Settings = z.infer<typeof settings>

export const shell = defineService('shell', {
  info: call(
    nothing,
    z.object({
      version: z.string(),
      shell: z.enum(['electron', 'headless']),
      /** This page's name as the hosts see it. */
      peer: z.string(),
      dataDir: z.string(),
      node: z.string(),
      platform: z.string(),
    }),
  ),
  hosts: stream(nothing, z.array(hostStatus), 'latest'),
  restartHost: call(z.object({ name: z.enum(hostNames) }), nothing),
  settings: stream(nothing, settings, 'latest'),
  changeSettings: call(settings.omit({ version: true }).partial(), nothing),
  /** Text for a bug report: versions, host states, settings without paths, last log lines. */
  problemReport: call(nothing, z.object({ text: z.string() })),
})
