/** The rooms that exist, in the order of the rail. `Ctrl 1` … `Ctrl 6` follow the list of all screens, so a key never changes its meaning. */
import { screen as operate } from '../operate/screen.ts'
import { screen as policies } from '../policies/screen.ts'
import { screen as review } from '../review/screen.ts'
import { screen as rig } from '../rig/screen.ts'
import { screen as settings } from '../settings/screen.ts'
import type { ScreenDefinition } from './screen-definition.ts'

export const screens: readonly ScreenDefinition[] = [operate, review, policies, rig, settings]
