/** A child process that serves the probe service to its parent: the far end of the process transport in tests. */
import { serve } from '#contract/rpc/serve.ts'
import { processTransport } from '#contract/transport/process.ts'
import { probeServer } from './probe-service.ts'

serve([probeServer().bound], processTransport(process), 'tester')
