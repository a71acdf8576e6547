import { type Message, message } from './messages.ts'
import type { Signal } from '../store/store.ts'

function exportResponse(name: string, rejectedField: string): Message {
  const partial = message(`${name}PartialSuccess`, { [rejectedField]: [1, 'int64'], errorMessage: [2, 'string'] })
  return message(`${name}Response`, { partialSuccess: [1, () => partial] })
}

/** Answers to the Export calls, by signal. */
export const EXPORT_RESPONSES: Readonly<Record<Signal, Message>> = {
  traces: exportResponse('ExportTraceService', 'rejectedSpans'),
  metrics: exportResponse('ExportMetricsService', 'rejectedDataPoints'),
  logs: exportResponse('ExportLogsService', 'rejectedLogRecords'),
}

/** `google.rpc.Status`, the body of a failure over HTTP. */
export const RPC_STATUS: Message = message('Status', { code: [1, 'uint32'], message: [2, 'string'] })
