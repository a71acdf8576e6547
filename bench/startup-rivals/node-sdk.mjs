/** OpenTelemetry's NodeSDK, configured by the environment, as its documentation has it. */
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(join(import.meta.dirname, '../../examples/existing-setup/package.json'))
const { NodeSDK } = require('@opentelemetry/sdk-node')

const sdk = new NodeSDK()
sdk.start()
process.once('beforeExit', () => sdk.shutdown())
