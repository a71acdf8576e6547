/**
 * A process that sends its part of traces that began elsewhere: one span of each, those of the second list failed.
 *
 * `node half-trace-sender.ts OTLP_URL SERVICE ORDINARY_TRACE_IDS FAILED_TRACE_IDS`, ids divided by commas.
 */
import { sendSpans, span } from './otlp-sender.ts'

const [otlp = '', service = '', ordinary = '', failed = ''] = process.argv.slice(2)
const ids = (list: string): string[] => list.split(',').filter((id) => id !== '')

await sendSpans(otlp, service, [
  ...ids(ordinary).map((traceId) => span('part', { traceId })),
  ...ids(failed).map((traceId) => span('part', { traceId, status: { code: 2, message: 'broken' } })),
])
