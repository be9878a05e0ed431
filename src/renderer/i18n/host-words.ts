/**
 * What a host says of a policy in its own words, in the language of the page. Hosts write English with names and figures
 * in it; the sentences a person meets most are known here. An unknown one is shown as it is, and said to be so.
 */
import type { Language } from './define-messages.ts'

type Groups = Readonly<Record<string, string>>
type Sentence = readonly [RegExp, (found: Groups) => string]

const chinese: readonly Sentence[] = [
  [/^there is no (?:folder|file) (?<path>.+)$/u, ({ path }) => `没有 ${path}`],
  [/^there is no (?:imported )?policy (?<id>.+)$/u, ({ id }) => `没有策略 ${id}`],
  [/^(?<path>.+) cannot be read$/u, ({ path }) => `${path} 无法读取`],
  // Notes and checks of an import's report.
  [/^no picture decoder: .+$/u, () => '没有画面解码器：该策略能行动，但不能预见'],
  [/^(?<folder>.+) has no tokenizer beside it$/u, ({ folder }) => `${folder} 旁边没有分词器`],
  [
    /^(?<robot>.+) has no profile here: .+$/u,
    ({ robot }) => `此处没有 ${robot} 的配置：名称、单位和夹爪未知`,
  ],
  [
    /^(?<feature>\S+): the checkpoint says its actions are relative, .+$/u,
    ({ feature }) => `${feature}：模型称其动作为相对值，但统计数据像绝对值`,
  ],
  [
    /^(?<feature>\S+): the checkpoint says its actions are absolute, .+$/u,
    ({ feature }) => `${feature}：模型称其动作为绝对值，但统计数据像相对值`,
  ],
  [/^(?<size>\d+) MB of weights looked at, all finite$/u, ({ size }) => `已查看 ${size} MB 权重，均为有限值`],
  [/^nothing was converted$/u, () => '未作转换'],
  [
    /^(?<beyond>\d+) numbers beyond ±65504, (?<small>\d+) too small for half floats$/u,
    ({ beyond, small }) => `${beyond} 个数超出 ±65504，${small} 个小于半精度的范围`,
  ],
  [
    /^rows of (?<count>\d+) tensors read back: (?<form>\w+) differs by at most (?<most>\S+) of their size$/u,
    ({ count, form, most }) => `回读 ${count} 个张量的行：${form} 的相对差不超过 ${most}`,
  ],
  [
    /^a first chunk on grey pictures is finite and .+$/u,
    () => '灰色画面的首个动作块为有限值，且在训练数据范围内',
  ],
  [
    /^a model of (?<size>[\d.]+ GB) computes its first chunk when it is loaded, .+$/u,
    ({ size }) => `${size} 的模型在加载时计算首个动作块，不合理则拒绝加载`,
  ],
  [
    /^(?<form>\w+) and fp32 differ by at most (?<most>\S+) deviations .+$/u,
    ({ form, most }) => `首个动作块中 ${form} 与 fp32 相差不超过训练数据的 ${most} 个标准差`,
  ],
  // Why a policy cannot be loaded or does not answer.
  [
    /^(?<needed>[\d.]+ GB) needed, (?<free>[\d.]+ GB) on the graphics card free$/u,
    ({ needed, free }) => `需要 ${needed}，显卡剩余 ${free}`,
  ],
  [
    /^(?<needed>[\d.]+ GB) needed, (?<free>[\d.]+ GB) of memory free$/u,
    ({ needed, free }) => `需要 ${needed}，内存剩余 ${free}`,
  ],
  [/^no picture of camera (?<camera>.+) has come$/u, ({ camera }) => `相机 ${camera} 还没有画面`],
  [
    /^the newest picture of camera (?<camera>.+) is (?<age>\d+ ms) old$/u,
    ({ camera, age }) => `相机 ${camera} 的最新画面已有 ${age}`,
  ],
  [/^nothing captures pictures for this policy$/u, () => '没有页面为该策略采集画面'],
  [
    /^no (?<file>\S+) in or beside (?<folder>.+): fetch \S+ of (?<model>.+) from Hugging Face and name it$/u,
    ({ file, folder, model }) => `${folder} 中和旁边都没有 ${file}：从 Hugging Face 的 ${model} 取得并指明`,
  ],
  [
    /^tokenizer\.json belongs to another model: it has (?<mark>\S+) as (?<is>\d+), this model has it as (?<wanted>\d+)$/u,
    ({ mark, is, wanted }) => `tokenizer.json 属于另一个模型：其中 ${mark} 为 ${is}，此模型为 ${wanted}`,
  ],
  [
    /^stats\.json has no (?<robot>.+), only (?<others>.+)$/u,
    ({ robot, others }) => `stats.json 中没有 ${robot}，只有 ${others}`,
  ],
  [/^(?<file>.+) ends inside (?<tensor>\S+)$/u, ({ file, tensor }) => `${file} 在 ${tensor} 中间结束`],
  [/^(?<what>.+) holds numbers that are not finite$/u, ({ what }) => `${what} 含有非有限数`],
  [
    /^(?<channel>\S+) at step (?<step>\d+) is (?<value>\S+), training had (?<lower>\S+) to (?<upper>\S+)$/u,
    ({ channel, step, value, lower, upper }) =>
      `第 ${step} 步 ${channel} 为 ${value}，训练数据为 ${lower} 至 ${upper}`,
  ],
  [
    /^(?<channel>\S+) at step (?<step>\d+) is (?<value>NaN|-?Infinity)$/u,
    ({ channel, step, value }) => `第 ${step} 步 ${channel} 为 ${value}`,
  ],
  [/^no answer within (?<time>[\d.]+) s$/u, ({ time }) => `${time} 秒内没有应答`],
  [/^the process that computes ended \((?<reason>[^)]+)\)/u, ({ reason }) => `计算进程已结束（${reason}）`],
  [/^(?<address>wss?:\S+): (?<reason>.+)$/u, ({ address, reason }) => `${address} 连接出错：${reason}`],
  [
    /^(?<address>\S+) answers HTTP (?<status>.+)$/u,
    ({ address, status }) => `${address} 应答 HTTP ${status}`,
  ],
  [
    /^(?<address>\S+) answers with an error: (?<reason>.*)$/u,
    ({ address, reason }) => `${address} 应答出错：${reason}`,
  ],
  [
    /^(?<address>\S+) came back as another server: .+$/u,
    ({ address }) => `${address} 恢复后是另一台服务器：请重新加载策略`,
  ],
]

/** A check of one precision begins with its name. */
const ofOneForm = /^(?<form>fp32|fp16|int8|int4): (?<rest>.+)$/u

export interface HostWords {
  readonly text: string
  /** Still in the host's English on a page of another language. */
  readonly isForeign: boolean
}

export function hostWords(message: string, language: Language): HostWords {
  if (language === 'en' || message === '') return { text: message, isForeign: false }
  const form = ofOneForm.exec(message)?.groups
  if (form !== undefined) {
    const rest = hostWords(form['rest'] ?? '', language)
    return { ...rest, text: `${form['form']}：${rest.text}` }
  }
  for (const [pattern, say] of chinese) {
    const found = pattern.exec(message)
    if (found !== null) return { text: say(found.groups ?? {}), isForeign: false }
  }
  return { text: message, isForeign: true }
}
