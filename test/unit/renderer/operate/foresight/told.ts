/** Predictions and comparisons as the policy host would tell them. The numbers are invented. */
import type { Prediction, Surprise } from '#contract/services/pictures.ts'

export const prediction = (changes: Partial<Prediction> = {}): Prediction => ({
  policyId: 'own/a1',
  chunkId: 118,
  observationUs: 10_000_000,
  dueUs: 10_500_000,
  readyMs: 140,
  decodeMs: 21,
  views: ['front', 'top', 'wrist'].map((camera) => ({
    camera,
    width: 2,
    height: 2,
    rgb: new Uint8Array(12).fill(90),
  })),
  ...changes,
})

export const surprise = (changes: Partial<Surprise> = {}): Surprise => ({
  policyId: 'own/a1',
  chunkId: 118,
  dueUs: 10_500_000,
  score: 0.06,
  views: ['front', 'top', 'wrist'].map((camera, index) => ({
    camera,
    score: 0.04 + index * 0.02,
    offsetUs: 3000,
    mapWidth: 2,
    mapHeight: 2,
    map: new Uint8Array([0, 40, 120, 255]),
  })),
  ...changes,
})
