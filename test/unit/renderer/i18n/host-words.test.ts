import { describe, expect, it } from 'vitest'
import { hostWords } from '#renderer/i18n/host-words.ts'

const han = /\p{Script=Han}/u

/** Sentences as the hosts write them, and the figures and names of them that a person needs. */
const said: readonly (readonly [string, readonly string[]])[] = [
  ['there is no folder /data/a b', ['/data/a b']],
  ['there is no policy own/cube', ['own/cube']],
  ['cube ü has no tokenizer beside it', ['cube ü']],
  ['no picture decoder: this policy acts but foresees nothing', []],
  ['lift3 has no profile here: names, units and grippers are not known', ['lift3']],
  ['action: the checkpoint says its actions are relative, its statistics look absolute', ['action']],
  ['action: the checkpoint says its actions are absolute, its statistics look relative', ['action']],
  ['6340 MB of weights looked at, all finite', ['6340 MB']],
  ['nothing was converted', []],
  ['3 numbers beyond ±65504, 120 too small for half floats', ['3', '±65504', '120']],
  ['rows of 12 tensors read back: fp16 differs by at most 2.4e-4 of their size', ['12', 'fp16', '2.4e-4']],
  ['a first chunk on grey pictures is finite and where the training data have been', []],
  [
    'a model of 6.1 GB computes its first chunk when it is loaded, and is refused then if that is not plausible',
    ['6.1 GB'],
  ],
  [
    'fp16 and fp32 differ by at most 0.0031 deviations of the training data in a first chunk',
    ['fp16', '0.0031'],
  ],
  ['11.6 GB needed, 8.2 GB of memory free', ['11.6 GB', '8.2 GB']],
  ['11.6 GB needed, 8.2 GB on the graphics card free', ['11.6 GB', '8.2 GB']],
  ['int8: 11.6 GB needed, 8.2 GB of memory free', ['int8', '11.6 GB']],
  ['no picture of camera front has come', ['front']],
  ['the newest picture of camera wrist is 412 ms old', ['wrist', '412 ms']],
  ['nothing captures pictures for this policy', []],
  [
    'no tokenizer.json in or beside /data/x: fetch tokenizer.json of Qwen3-VL-2B-Instruct from Hugging Face and name it',
    ['/data/x', 'Qwen3-VL-2B-Instruct'],
  ],
  [
    'tokenizer.json belongs to another model: it has <|endoftext|> as 374, this model has it as 151643',
    ['<|endoftext|>', '374', '151643'],
  ],
  ['stats.json has no arx, only a2d, so_follower', ['arx', 'a2d, so_follower']],
  ['model.safetensors ends inside model.a.weight', ['model.safetensors', 'model.a.weight']],
  ['model.a.weight holds numbers that are not finite', ['model.a.weight']],
  ['elbow_flex.pos at step 3 is 412.1, training had -120 to 120', ['elbow_flex.pos', '3', '412.1', '-120']],
  ['elbow_flex.pos at step 3 is NaN', ['elbow_flex.pos', 'NaN']],
  ['no answer within 20 s', ['20']],
  ['the process that computes ended (SIGKILL): out of memory', ['SIGKILL']],
  ['ws://lab:8000: connect ECONNREFUSED 127.0.0.1:8000', ['ws://lab:8000', 'ECONNREFUSED']],
  ['ws://lab:8000 answers HTTP 403 Forbidden', ['ws://lab:8000', '403']],
  ['ws://lab:8000 answers with an error: KeyError: prompt', ['KeyError: prompt']],
  ['ws://lab:8000 came back as another server: load the policy again', ['ws://lab:8000']],
]

describe('what a host says of a policy', () => {
  it.each(said)('is Chinese on a Chinese page, with its names and figures: %s', (message, kept) => {
    const { text, isForeign } = hostWords(message, 'zh')
    expect(isForeign).toBe(false)
    expect(text).toMatch(han)
    for (const part of kept) expect(text).toContain(part)
  })

  it('stays as it is on an English page', () => {
    for (const [message] of said)
      expect(hostWords(message, 'en')).toEqual({ text: message, isForeign: false })
  })

  it('is told apart where no translation knows it', () => {
    expect(hostWords('the moon is full', 'zh')).toEqual({ text: 'the moon is full', isForeign: true })
    expect(hostWords('fp16: the moon is full', 'zh').isForeign).toBe(true)
    expect(hostWords('', 'zh')).toEqual({ text: '', isForeign: false })
  })
})
