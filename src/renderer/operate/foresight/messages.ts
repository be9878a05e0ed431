/** Texts of foresight, surprise, plan and latency on the live screen. */
import { defineMessages } from '../../i18n/define-messages.ts'

export const foresightMessages = defineMessages(
  {
    foresight: 'Foresight',
    came: 'What differed',
    noneYet: 'No prediction now',
    made: (seconds: string) => `made ${seconds} s ago`,
    surprise: 'Surprise',
    foreseenLabel: (camera: string, seconds: string, score: string | null) =>
      score === null
        ? `${camera} camera, foreseen ${seconds} seconds ahead`
        : `${camera} camera, foreseen ${seconds} seconds ahead, surprise ${score}`,
    cameLabel: (camera: string, score: string) =>
      `${camera} camera, where the prediction differed from what came, surprise ${score}`,
    lastSeconds: (seconds: number) => `Surprise, last ${seconds} s: what was foreseen against what came`,
    suggests: (score: string) => `suggest take-over ${score}`,
    surpriseNow: 'Surprise now',
    asForeseen: 'as foreseen',
    noThreshold: 'no threshold set',
    notAsForeseen: 'not as foreseen',
    notYet: 'Measured when the first predicted moment comes',
    worst: (score: string, seconds: string) => `worst ${score}, ${seconds} s ago`,
    chartValue: (score: string) => `surprise ${score} now`,
    proposal: (score: string) => `Surprise ${score}: this is not what it foresaw`,
    proposalHint: 'It goes on. Take over if you do not like it.',

    plan: (seconds: string) => `Plan, next ${seconds} s`,
    gripperPath: 'gripper path',
    poseAtEnd: 'pose at end',
    lastAndPlan: (seconds: number) => `Last ${seconds} s and the plan`,
    planLegend: 'measured — plan ···',
    chunkNumber: (id: number) => `Chunk ${id}`,
    actionsLeft: (left: number, length: number) => `${left} of ${length} left`,
    chunkBar: (left: number, length: number) => `${left} of ${length} actions left`,

    latency: 'Latency, camera to motor',
    captureAge: 'Camera age',
    preprocess: 'Prepare',
    infer: 'Inference',
    network: 'Network',
    queue: 'Queue',
    bus: 'Bus',
    medianOf: 'medians of the last minute',
    latencyLabel: (parts: string) => `Latency: ${parts}`,
    budget: (ms: string) => `Budget ${ms} ms: a chunk’s actions`,
    overBudget: (ms: string) => `A chunk lasts ${ms} ms: the arm waits for the next`,

    executor: 'Chunks',
    executorNames: (name: string) =>
      ({ sync: 'one after another', async: 'asked ahead', ensemble: 'averaged', rtc: 'real-time chunking' })[
        name
      ] ?? name,
    delay: 'Delay',
    delayOf: (p50: string, p95: string) => `p50 ${p50} · p95 ${p95} ms`,
    jump: 'Jump at the join',
    jumpOf: (last: string, largest: string) => `last ${last} · most ${largest}`,
    tracking: 'Tracking error',
    notGuided: 'This policy does not take guidance: chunks are joined as asked ahead.',
  },
  {
    foresight: '预见',
    came: '不同之处',
    noneYet: '当前没有预测',
    made: (seconds) => `${seconds} 秒前作出`,
    surprise: '意外度',
    foreseenLabel: (camera, seconds, score) =>
      score === null
        ? `${camera} 相机，预见 ${seconds} 秒之后`
        : `${camera} 相机，预见 ${seconds} 秒之后，意外度 ${score}`,
    cameLabel: (camera, score) => `${camera} 相机，预测与实际的不同之处，意外度 ${score}`,
    lastSeconds: (seconds) => `近 ${seconds} 秒意外度：预见与实际之比`,
    suggests: (score) => `建议接管 ${score}`,
    surpriseNow: '当前意外度',
    asForeseen: '与预见相符',
    noThreshold: '未设阈值',
    notAsForeseen: '与预见不符',
    notYet: '第一个预测时刻到来时测量',
    worst: (score, seconds) => `最高 ${score}，${seconds} 秒前`,
    chartValue: (score) => `当前意外度 ${score}`,
    proposal: (score) => `意外度 ${score}：与预见不符`,
    proposalHint: '它仍在继续。如不妥请接管。',

    plan: (seconds) => `计划：未来 ${seconds} 秒`,
    gripperPath: '夹爪路径',
    poseAtEnd: '最终姿态',
    lastAndPlan: (seconds) => `近 ${seconds} 秒与计划`,
    planLegend: '实测 — 计划 ···',
    chunkNumber: (id) => `动作块 ${id}`,
    actionsLeft: (left, length) => `剩余 ${left} / ${length}`,
    chunkBar: (left, length) => `剩余 ${left} / ${length} 个动作`,

    latency: '从相机到电机的延迟',
    captureAge: '画面延迟',
    preprocess: '预处理',
    infer: '推理',
    network: '网络',
    queue: '排队',
    bus: '总线',
    medianOf: '近一分钟中位数',
    latencyLabel: (parts) => `延迟：${parts}`,
    budget: (ms) => `预算 ${ms} ms：一段动作的时长`,
    overBudget: (ms) => `一段动作只有 ${ms} ms：机械臂要等下一段`,

    executor: '动作块',
    executorNames: (name) =>
      ({ sync: '逐块执行', async: '提前请求', ensemble: '平均', rtc: '实时分块' })[name] ?? name,
    delay: '应答延迟',
    delayOf: (p50, p95) => `中位 ${p50} · p95 ${p95} ms`,
    jump: '衔接跳变',
    jumpOf: (last, largest) => `上次 ${last} · 最大 ${largest}`,
    tracking: '跟踪误差',
    notGuided: '该策略不接受引导：按提前请求方式衔接。',
  },
)
