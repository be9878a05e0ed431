/** Texts of what is set for a policy on this machine: mapping, provider, precision, foresight, noise, bench, licence. */
import { defineMessages } from '../i18n/define-messages.ts'

export const setupMessages = defineMessages(
  {
    // mapping
    mapCamera: (slot: string) => `Camera of this rig for ${slot}`,
    emptySlot: 'none: leave the slot empty',
    mapJoints: 'Which joint is which',
    mapJointsHint: 'Left as the policy calls it, right the joint of this rig. Nothing moves.',
    mapJoint: (channel: string) => `Joint of this rig for ${channel}`,
    choose: 'choose',
    fixAll: (count: number) => (count === 1 ? 'Fix it' : `Fix all ${count}`),
    fixFoot: 'A fix changes how this policy is read, never your calibration or your data.',
    seesNow: (camera: string) => `${camera}, live`,

    // set up
    setup: 'On this machine',
    runsOn: 'Runs on',
    auto: 'automatic',
    autoHint: 'the first that works',
    works: 'works',
    missing: 'missing',
    fails: 'fails',
    untried: 'not tried yet',
    providerWhy: (why: string, detail: string) =>
      ({
        everywhere: 'every machine has it',
        software: 'in software: there is no graphics card',
        'other-system': 'not on this operating system',
        'no-build': 'the runtime has none for this processor',
        'no-adapter': 'no graphics card that it can use',
        'no-libraries': 'its libraries are not installed: run foresight gpu install (docs/gpu.md)',
        'no-answer': 'gives no answer',
        'wrong-numbers': 'computes wrong numbers: update its driver',
      })[why] ?? detail,
    probing: 'Trying each one in a process of its own',
    probeAgain: 'Try again',
    precision: 'Precision',
    robot: 'Statistics of robot',
    robotAsSaid: 'as the checkpoint says',
    foresight: 'Foresight',
    foresightHint: 'Predicted pictures, decoded beside control and never in its way.',
    threshold: 'Propose a take-over above surprise',
    thresholdHint: 'Advice only: it never acts by itself. Empty proposes none.',
    thresholdWrong: 'A number above 0, such as 0.2',
    noise: 'Noise seed',
    noiseHint: 'Empty draws new noise for each chunk. A number makes runs repeat.',
    noiseWrong: 'A whole number from 0 to 4294967295',
    saving: 'saving',

    // chunks
    chunks: 'Chunks',
    chunkMode: 'How chunks follow each other',
    chunkModes: (mode: string) =>
      ({
        async: 'asked ahead',
        sync: 'one after another',
        ensemble: 'averaged',
        rtc: 'real-time chunking',
      })[mode] ?? mode,
    chunkModeHints: (mode: string) =>
      ({
        async: 'The next chunk is asked for while the present one runs, and joined where the arm is.',
        sync: 'As upstream does it: the arm holds at the end of a chunk until the next has come.',
        ensemble: 'All chunks that cover a moment are averaged, as ACT does it.',
        rtc: 'The policy continues the chunk that is running. Policies that cannot are asked ahead.',
      })[mode] ?? '',
    syncRows: 'Actions executed of each chunk',
    allRows: 'all',
    rtcSchedule: 'How guidance falls off',
    schedules: (name: string) =>
      ({ linear: 'evenly', exp: 'quickly', ones: 'not at all', zeros: 'at once' })[name] ?? name,

    // bench
    bench: 'Bench',
    runs: 'Runs',
    benchHint: 'Neutral input, nothing moves.',
    measure: 'Measure',
    measuring: 'Measuring',
    benchAfterLoad: 'once it is loaded',
    benchOf: (runs: number, provider: string) => `${runs} runs on ${provider}`,
    stage: 'Stage',
    stageNames: (stage: string) =>
      ({
        captureAge: 'Camera age',
        preprocess: 'Prepare',
        infer: 'Inference',
        network: 'Network',
        foresight: 'Foresight',
        queue: 'Queue',
        bus: 'Bus',
        total: 'Call',
      })[stage] ?? stage,
    lastMinute: 'Last minute, by stage',

    // licence
    licence: 'Licence',
    licenceUnknown: 'not stated',
    nonCommercial: 'Not for commercial use',
    nonCommercialHint:
      'Code and weights of this model may be used for research and other non-commercial work only.',

    // foresight on a frame
    foresees: 'What it foresees',
    foreseeHint: 'From what the cameras see now. Nothing moves.',
    foreseeing: 'Predicting',
    foreseen: (camera: string) => `${camera} camera, foreseen`,
    foreseenIn: (ms: string) => `in ${ms} ms`,

    // the list
    removed: (name: string) => `${name} is in the trash`,
    undo: 'Undo',
    kinds: (kind: string) =>
      ({ onnx: 'ONNX with manifest', 'internvla-a1': 'InternVLA-A1', openpi: 'openpi server' })[kind] ?? kind,
    fit: 'Fit',
    report: 'What was read',
    view: 'View',
  },
  {
    mapCamera: (slot) => `${slot} 对应的本机相机`,
    emptySlot: '无：此位留空',
    mapJoints: '关节对应',
    mapJointsHint: '左边是策略的名称，右边是本设备的关节。机械臂不会动。',
    mapJoint: (channel) => `${channel} 对应的本机关节`,
    choose: '请选择',
    fixAll: (count) => (count === 1 ? '改正' : `改正全部 ${count} 项`),
    fixFoot: '改正只影响如何读取该策略，不会改动标定或数据。',
    seesNow: (camera) => `${camera} 实时画面`,

    setup: '在本机上',
    runsOn: '运行于',
    auto: '自动',
    autoHint: '第一个可用的',
    works: '可用',
    missing: '缺失',
    fails: '失败',
    untried: '尚未试过',
    providerWhy: (why, detail) =>
      ({
        everywhere: '每台机器都有',
        software: '软件模拟：没有显卡',
        'other-system': '不支持此操作系统',
        'no-build': '运行库没有适合此处理器的版本',
        'no-adapter': '没有可用的显卡',
        'no-libraries': '未安装其运行库：请运行 foresight gpu install（docs/gpu.md）',
        'no-answer': '没有应答',
        'wrong-numbers': '计算结果有误：请更新驱动',
      })[why] ?? detail,
    probing: '正在各自的进程中逐一尝试',
    probeAgain: '重新尝试',
    precision: '精度',
    robot: '统计数据所属机器人',
    robotAsSaid: '按模型所述',
    foresight: '预见',
    foresightHint: '预测画面在控制之外解码，不影响控制。',
    threshold: '意外度超过此值时建议接管',
    thresholdHint: '仅为建议，从不自行动作。留空则不建议。',
    thresholdWrong: '请填大于 0 的数，例如 0.2',
    noise: '噪声种子',
    noiseHint: '留空则每个动作块使用新噪声。填数字可重复运行。',
    noiseWrong: '请填 0 到 4294967295 的整数',
    saving: '保存中',

    // chunks
    chunks: '动作块',
    chunkMode: '动作块如何衔接',
    chunkModes: (mode) =>
      ({ async: '提前请求', sync: '逐块执行', ensemble: '平均', rtc: '实时分块' })[mode] ?? mode,
    chunkModeHints: (mode) =>
      ({
        async: '在当前动作块执行时请求下一个，并在机械臂所在处衔接。',
        sync: '与上游一致：机械臂在一块结束处保持，直到下一块到来。',
        ensemble: '对覆盖同一时刻的所有动作块取平均，与 ACT 相同。',
        rtc: '策略接续正在执行的动作块。不支持的策略改为提前请求。',
      })[mode] ?? '',
    syncRows: '每块执行的动作数',
    allRows: '全部',
    rtcSchedule: '引导如何减弱',
    schedules: (name) =>
      ({ linear: '均匀减弱', exp: '快速减弱', ones: '不减弱', zeros: '立即结束' })[name] ?? name,

    bench: '测速',
    runs: '次数',
    benchHint: '使用中性输入，机械臂不会动。',
    measure: '测量',
    measuring: '测量中',
    benchAfterLoad: '加载后可用',
    benchOf: (runs, provider) => `在 ${provider} 上运行 ${runs} 次`,
    stage: '阶段',
    stageNames: (stage) =>
      ({
        captureAge: '画面延迟',
        preprocess: '预处理',
        infer: '推理',
        network: '网络',
        foresight: '预见',
        queue: '排队',
        bus: '总线',
        total: '一次调用',
      })[stage] ?? stage,
    lastMinute: '近一分钟各阶段',

    licence: '许可',
    licenceUnknown: '未注明',
    nonCommercial: '不得用于商业用途',
    nonCommercialHint: '此模型的代码和权重只能用于研究和其他非商业工作。',

    foresees: '它的预见',
    foreseeHint: '依据相机当前画面。机械臂不会动。',
    foreseeing: '预测中',
    foreseen: (camera) => `${camera} 相机，预见`,
    foreseenIn: (ms) => `用时 ${ms} 毫秒`,

    removed: (name) => `${name} 已在回收站`,
    undo: '撤销',
    kinds: (kind) =>
      ({ onnx: 'ONNX 与 manifest', 'internvla-a1': 'InternVLA-A1', openpi: 'openpi 服务器' })[kind] ?? kind,
    fit: '相符与否',
    report: '读到的内容',
    view: '查看',
  },
)
