/** A real host process with trivial services, for tests of supervision, routing and the front doors. */
import type { BoundService } from '#contract/rpc/serve.ts'
import { createLog } from '#host/shared/log.ts'
import { readHostOptions } from '#host/shared/host-options.ts'
import { runHost } from '#host/shared/run-host.ts'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

/** Runs until main ends it. How it ended is written to `DATA_DIR/ends.txt`, in order over all hosts. */
export function runFakeHost(
  name: string,
  services: readonly BoundService[],
  isTorqueOn = (): boolean => false,
): void {
  const log = createLog()
  const { dataDir } = readHostOptions(process.argv[2])
  const ended = async (how: string): Promise<void> =>
    appendFileSync(join(dataDir, 'ends.txt'), `${name} ${how}\n`)
  log.info('fake', `${name} is up`)
  runHost({
    log,
    services,
    isTorqueOn,
    onPeerGone: (peer) => log.info('fake', 'peer gone', { peer }),
    shutdown: () => ended('shutdown'),
    mainLost: () => ended('main lost'),
  })
}
