/** Writes the analytic demo policy into `resources/policies/analytic-reach`. A test holds the committed files to this output. */
import { mkdir, writeFile } from 'node:fs/promises'
import { analyticReachManifest, buildAnalyticReach } from '../src/core/policy/analytic-reach.ts'

const folder = new URL('../resources/policies/analytic-reach/', import.meta.url)
await mkdir(folder, { recursive: true })
await writeFile(new URL(analyticReachManifest.model, folder), buildAnalyticReach())
await writeFile(new URL('manifest.json', folder), `${JSON.stringify(analyticReachManifest, null, 2)}\n`)
