/** What a room gives the frame: a name, an icon and a component that is loaded when first shown. */
import { lazy, type ComponentType, type LazyExoticComponent, type SVGProps } from 'react'
import type { ScreenId } from './ui-state.ts'

export interface ScreenDefinition {
  readonly id: ScreenId
  /** A key of `frameMessages`. */
  readonly titleKey: ScreenId
  readonly icon: ComponentType<SVGProps<SVGSVGElement>>
  readonly Screen: LazyExoticComponent<ComponentType>
}

/** Loads a screen's module when it is first shown. */
export const lazyScreen = (load: () => Promise<ComponentType>): LazyExoticComponent<ComponentType> =>
  lazy(async () => ({ default: await load() }))
