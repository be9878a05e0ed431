/** How components reach the app: one context, and selectors into its stores. */
import { createContext, use, type ReactNode } from 'react'
import type { App } from './create-app.ts'
import { useLiveStore, type LiveState } from './live-state.ts'
import { useUiStore, type UiState } from './ui-state.ts'

const AppContext = createContext<App | null>(null)

export function AppProvider(props: { app: App; children: ReactNode }): ReactNode {
  return <AppContext value={props.app}>{props.children}</AppContext>
}

export function useApp(): App {
  const app = use(AppContext)
  if (app === null) throw new Error('useApp outside of AppProvider')
  return app
}

export const useLive = <T,>(select: (state: LiveState) => T): T => useLiveStore(useApp().live, select)

export const useUi = <T,>(select: (state: UiState) => T): T => useUiStore(useApp().ui, select)
