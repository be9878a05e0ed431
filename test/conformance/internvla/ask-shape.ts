/** `ask-shape.ts FOLDER DIMS TEXT_TOKENS`: writes a checkpoint of random weights and that shape there, and prints our actions. */
import { midSize, writeCase, type Dims } from '#test/bench/torch/mid-size.ts'
import { timeOurs } from '#test/bench/torch/ours.ts'

const [folder = '', dims = '{}', textTokens = '9'] = process.argv.slice(2)
const call = await writeCase(
  folder,
  { ...midSize, ...(JSON.parse(dims) as Partial<Dims>) },
  Number(textTokens),
)
const { actions } = await timeOurs(folder, call, 1, 1)
console.log(JSON.stringify({ actions }))
