/** Imports and reports as the policy host would tell them. The numbers are invented. */
import type { ImportJob, ImportReport } from '#contract/services/policy-import.ts'
import type { PolicyEntry } from '#contract/services/policy.ts'
import { demoEntry } from './entries.ts'

export const importJob = (changes: Partial<ImportJob> = {}): ImportJob => ({
  jobId: 'job-1',
  source: '/data/InternVLA-A1-3B',
  name: 'InternVLA-A1-3B',
  status: 'running',
  step: 'convert',
  progress: null,
  bytesDone: 3_800_000_000,
  bytesTotal: 6_300_000_000,
  policyId: null,
  fault: null,
  ...changes,
})

export const importReport = (changes: Partial<ImportReport> = {}): ImportReport => ({
  architecture: 'InternVLA-A1-3B',
  source: '/data/InternVLA-A1-3B',
  files: [{ path: 'model.safetensors', bytes: 6_700_000_000 }],
  used: { tensors: 1102, bytes: 6_300_000_000, byDtype: { BF16: 5_900_000_000, F32: 400_000_000 } },
  skipped: [{ group: 'deepstack', tensors: 18, bytes: 150_000_000, why: 'read by no layer' }],
  folded: [{ name: 'time', bytes: 40_960, from: ['action_time_mlp_in'] }],
  nodes: 5012,
  memoryBytes: { fp32: 13_000_000_000, fp16: 6_600_000_000 },
  actionMode: 'delta',
  robots: ['so_follower', 'a2d'],
  tokenizer: null,
  warnings: [{ code: 'policy/no-tokenizer', message: 'no tokenizer.json' }],
  selfChecks: [{ id: 'finite', status: 'ok', detail: '1102 tensors' }],
  elapsedMs: 2310,
  ...changes,
})

export const a1Entry: PolicyEntry = {
  ...demoEntry,
  id: 'own/a1',
  name: 'InternVLA-A1-3B',
  kind: 'internvla-a1',
  isLearned: true,
  license: 'CC BY-NC-SA 4.0',
  path: '/data/policies/a1',
  contract: {
    fps: 30,
    chunkLength: 50,
    robotType: 'so_follower',
    cameras: ['image0', 'image1'].map((name) => ({ name, width: 224, height: 224 })),
    state: demoEntry.contract?.state ?? [],
    action: demoEntry.contract?.action ?? [],
    extras: [],
  },
}
