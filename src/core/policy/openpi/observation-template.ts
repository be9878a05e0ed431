/**
 * Which key of a server's observation carries what of a policy's contract. One description serves both directions: our client
 * writes observations by it, our server reads them. openpi fixes no keys: they belong to the configuration that is served
 * (spec/peers.md §2.1).
 */
import { z } from 'zod'
import type { PolicyContract } from '../policy-contract.ts'

const Name = z.string().min(1)
/** More than one step leads into nested maps: `["images", "cam_high"]`. */
const Key = z.array(Name).min(1).max(8).readonly()
const dtype = z.enum(['float32', 'float64'])

const TemplateItem = z.discriminatedUnion('from', [
  z
    .strictObject({ key: Key, from: z.literal('picture'), camera: Name, layout: z.enum(['hwc', 'chw']) })
    .readonly(),
  /** Some channels of the state, by name, in the order of the list. */
  z
    .strictObject({ key: Key, from: z.literal('state'), channels: z.array(Name).min(1).readonly(), dtype })
    .readonly(),
  z.strictObject({ key: Key, from: z.literal('extra'), extra: Name, dtype }).readonly(),
  z.strictObject({ key: Key, from: z.literal('task') }).readonly(),
])
export type TemplateItem = z.infer<typeof TemplateItem>

export const ObservationTemplate = z
  .strictObject({
    /** Pictures are sent pad-resized to this square, as openpi's clients do; null sends them as they are. */
    pictureSide: z.int().positive().max(4096).nullable(),
    items: z.array(TemplateItem).min(1).readonly(),
  })
  .readonly()
export type ObservationTemplate = z.infer<typeof ObservationTemplate>

/** What is wrong with a template for a contract: names that are not there, keys in each other's way, state left out. */
export function templateProblems({ items }: ObservationTemplate, contract: PolicyContract): string[] {
  const problems: string[] = []
  const keys = items.map(({ key }) => key.join(' › '))
  for (const [index, key] of keys.entries()) {
    if (keys.some((other, at) => at !== index && (other === key || other.startsWith(`${key} › `))))
      problems.push(`observation: the key ${key} is used twice`)
  }
  const has = (list: readonly { readonly name: string }[], name: string): boolean =>
    list.some((entry) => entry.name === name)
  const sent = new Set<string>()
  for (const item of items) {
    if (item.from === 'picture' && !has(contract.cameras, item.camera))
      problems.push(`observation: the contract has no camera ${item.camera}`)
    if (item.from === 'extra' && !has(contract.extras, item.extra))
      problems.push(`observation: the contract has no extra ${item.extra}`)
    if (item.from !== 'state') continue
    for (const name of item.channels) {
      sent.add(name)
      if (!has(contract.state, name)) problems.push(`observation: the contract has no state ${name}`)
    }
  }
  const isExtraSent = (name: string): boolean =>
    items.some((item) => item.from === 'extra' && item.extra === name)
  for (const { name } of contract.state)
    if (!sent.has(name)) problems.push(`observation: the state ${name} is never sent`)
  for (const { name } of contract.extras)
    if (!isExtraSent(name)) problems.push(`observation: the extra ${name} is never sent`)
  return problems
}

/** Cameras of the contract whose pictures the template does not carry. */
export const camerasLeftOut = ({ items }: ObservationTemplate, { cameras }: PolicyContract): string[] =>
  cameras
    .map(({ name }) => name)
    .filter((name) => !items.some((item) => item.from === 'picture' && item.camera === name))
