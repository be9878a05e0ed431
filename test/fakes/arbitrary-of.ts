/**
 * Random values that a zod schema accepts, for round-trip tests of the contract. Knows the kinds that the contract uses and throws
 * on any other, so that a new kind of schema cannot slip past the tests.
 */
import * as fc from 'fast-check'
import type { z } from 'zod'

const typedArrays = [Float64Array, Float32Array, Uint32Array, Uint16Array, Uint8Array] as const

/** The part of zod's definitions that is read. */
interface Definition {
  readonly type: string
  readonly element?: z.ZodType
  readonly shape?: Record<string, z.ZodType>
  readonly options?: z.ZodType[]
  readonly items?: z.ZodType[]
  readonly innerType?: z.ZodType
  readonly keyType?: z.ZodType
  readonly valueType?: z.ZodType
  readonly values?: (string | number)[]
  readonly entries?: Record<string, string>
}

interface Check {
  readonly check: string
  readonly value?: number
  readonly inclusive?: boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly format?: string
  readonly pattern?: RegExp
}

interface Bag {
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  format?: string
  pattern?: RegExp
}

function bagOf(schema: z.ZodType): Bag {
  const bag: Bag = {}
  for (const each of schema._zod.def.checks ?? []) {
    const check = each._zod.def as unknown as Check
    if (check.check === 'greater_than' && check.value !== undefined)
      bag[check.inclusive === true ? 'minimum' : 'exclusiveMinimum'] = check.value
    else if (check.check === 'less_than' && check.value !== undefined) bag.maximum = check.value
    else if (check.minimum !== undefined) bag.minimum = check.minimum
    else if (check.maximum !== undefined) bag.maximum = check.maximum
    else if (check.pattern !== undefined) bag.pattern = check.pattern
    else if (check.format !== undefined) bag.format = check.format
    else throw new Error(`no arbitrary for the check ${check.check}`)
  }
  return bag
}

const number = (bag: Bag): fc.Arbitrary<number> => {
  const above = bag.exclusiveMinimum
  if (bag.format === 'safeint') {
    const min = Math.max(bag.minimum ?? -1e9, above === undefined ? -Infinity : above + 1)
    return fc.integer({ min, max: Math.min(bag.maximum ?? 1e9, 1e9) })
  }
  const range = { min: bag.minimum ?? above ?? -1e12, max: bag.maximum ?? 1e12 }
  return fc.double({ ...range, noNaN: true }).filter((value) => !Object.is(value, -0) && value !== above)
}

const text = (bag: Bag): fc.Arbitrary<string> => {
  if (bag.pattern !== undefined) return fc.stringMatching(bag.pattern)
  return fc.string({ minLength: bag.minimum ?? 0, maxLength: bag.maximum ?? 40 })
}

/** `instanceof` schemas hide their class: the one that accepts is found by trying. */
const instance = (schema: z.ZodType): fc.Arbitrary<unknown> => {
  const Kind = typedArrays.find((candidate) => schema.safeParse(new candidate(1)).success)
  if (Kind === undefined) throw new Error('an instanceof schema of an unknown class')
  return fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 12 }).map((values) => Kind.from(values))
}

export function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const definition = schema._zod.def as unknown as Definition
  const bag = bagOf(schema)
  const inner = (): fc.Arbitrary<unknown> => arbitraryOf(definition.innerType as z.ZodType)
  switch (definition.type) {
    case 'string':
      return text(bag)
    case 'number':
      return number(bag)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'void':
    case 'undefined':
      return fc.constant(undefined)
    case 'unknown':
      return fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.boolean())
    case 'literal':
      return fc.constantFrom(...(definition.values ?? []))
    case 'enum':
      return fc.constantFrom(...Object.values(definition.entries ?? {}))
    case 'nullable':
      return fc.option(inner(), { nil: null })
    case 'optional':
    case 'default':
      return inner()
    case 'nan':
      return fc.constant(Number.NaN)
    case 'array':
      return fc.array(arbitraryOf(definition.element as z.ZodType), {
        maxLength: Math.min(bag.maximum ?? 4, 4),
      })
    case 'tuple':
      return fc.tuple(...(definition.items ?? []).map(arbitraryOf))
    case 'union':
      return fc.oneof(...(definition.options ?? []).map(arbitraryOf))
    case 'object':
      return object(definition.shape ?? {})
    case 'record':
      return record(definition)
    case 'custom':
      return instance(schema)
    default:
      throw new Error(`no arbitrary for a zod ${definition.type}`)
  }
}

function object(shape: Record<string, z.ZodType>): fc.Arbitrary<unknown> {
  const isOptional = (schema: z.ZodType): boolean => schema._zod.optin === 'optional'
  const requiredKeys = Object.keys(shape).filter((key) => !isOptional(shape[key] as z.ZodType))
  const fields = Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, arbitraryOf(schema)]))
  return fc.record(fields, { requiredKeys })
}

function record({ keyType, valueType }: Definition): fc.Arbitrary<unknown> {
  const value = arbitraryOf(valueType as z.ZodType)
  const keys = (keyType?._zod.def as unknown as Definition | undefined)?.entries
  // A record over an enum must have every key.
  if (keys !== undefined) return fc.record(Object.fromEntries(Object.values(keys).map((key) => [key, value])))
  return fc.dictionary(
    fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== '__proto__'),
    value,
    {
      maxKeys: 4,
      noNullPrototype: true,
    },
  )
}
