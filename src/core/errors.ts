/**
 * Every fault code of the program, grouped by area. The set is closed: a screen translates by code, so a new code
 * needs a line in `renderer/i18n` too. Codes say what is wrong, never which function noticed.
 */
export const faultCodes = [
  // contract: messages between processes
  'contract/invalid-request',
  'contract/unknown-member',
  'contract/version-mismatch',
  'contract/closed',
  'contract/cancelled',
  'contract/internal',
  // bus: one serial port with its servos
  'bus/timeout',
  'bus/corrupt',
  'bus/closed',
  'bus/port-missing',
  'bus/port-busy',
  'bus/port-denied',
  'bus/no-reply',
  'bus/wrong-model',
  'bus/servo-error',
  'bus/out-of-range',
  // arm: calibration and joints
  'arm/calibration-missing',
  'arm/calibration-invalid',
  'arm/calibration-mismatch',
  'arm/torque-failed',
  // control: modes and their guards
  'control/not-allowed',
  'control/not-leased',
  'control/not-connected',
  'control/bad-action',
  // record: takes
  'record/no-dataset',
  'record/not-recording',
  'record/busy',
  'record/rig-mismatch',
  'record/disk-full',
  'record/read-only',
  'record/camera-missing',
  'record/io',
  // dataset
  'dataset/not-a-dataset',
  'dataset/newer',
  'dataset/older',
  'dataset/damaged',
  'dataset/not-found',
  'dataset/io',
  // policy
  'policy/not-found',
  'policy/not-onnx',
  'policy/bad-manifest',
  'policy/wrong-shape',
  'policy/not-finite',
  'policy/out-of-range',
  'policy/contract-mismatch',
  'policy/load-failed',
  'policy/timeout',
  // sim
  'sim/not-available',
  'sim/pty-unavailable',
  'sim/unreachable-pose',
  // capture
  'capture/denied',
  'capture/lost',
  'capture/encoder',
  // shell
  'shell/host-down',
  'shell/settings-invalid',
  'shell/not-found',
  'shell/io',
] as const

export type FaultCode = (typeof faultCodes)[number]
