/** The bytes that Python made (test/fixtures/openpi). */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const hex = z.string().transform((text) => Uint8Array.from(Buffer.from(text, 'hex')))

const meaning = z.union([
  z.strictObject({
    array: z.string(),
    shape: z.array(z.number()),
    hex,
    numbers: z.array(z.number().nullable()).nullable(),
  }),
  z.strictObject({ scalar: z.string(), value: z.union([z.number(), z.boolean(), z.string()]) }),
  z.strictObject({ text: z.string() }),
  z.strictObject({ wholeFloat: z.number() }),
  z.strictObject({ plain: z.literal(true) }),
  z.strictObject({ observation: z.literal(true) }),
])

const Golden = z.strictObject({
  messages: z.array(z.strictObject({ name: z.string(), openpi: hex, meaning })),
  msgpackNumpy: z.array(
    z.strictObject({ name: z.string(), hex, array: z.string(), shape: z.array(z.number()), data: hex }),
  ),
  pictures: z.array(
    z.strictObject({ width: z.number(), height: z.number(), side: z.number(), rgb: hex, padded: hex }),
  ),
})

export const golden = Golden.parse(
  JSON.parse(readFileSync(new URL('../../../../fixtures/openpi/golden.json', import.meta.url), 'utf8')),
)
