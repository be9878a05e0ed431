/** State of a room that outlives its screen: made once per app, found again when the person comes back, gone with the app. */
import type { App } from '../app/create-app.ts'

export function perApp<T>(create: (app: App) => T): (app: App) => T {
  const made = new WeakMap<App, T>()
  return (app) => {
    const known = made.get(app)
    if (known !== undefined) return known
    const fresh = create(app)
    made.set(app, fresh)
    return fresh
  }
}
