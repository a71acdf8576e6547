import type { LogRecordProcessor } from '@opentelemetry/sdk-logs'
import type { AgentelConfig } from './generated/config-fields.ts'
import { requireSibling } from './require-sibling.ts'

/**
 * What log records pass before they are exported: who called, redaction, the file.
 *
 * @param redacting our processors
 */
export function logProcessorsOf(redacting: object, logging: AgentelConfig['logging']): LogRecordProcessor[] {
  const ours = redacting as LogRecordProcessor
  const { file, callerInfo } = logging
  if (file === undefined && !callerInfo) return [ours]
  const { callerProcessor, fileProcessor } = requireSibling<typeof import('./file-logging.ts')>('file-logging')
  return [
    ...(callerInfo ? [callerProcessor()] : []),
    ours,
    ...(file === undefined ? [] : [fileProcessor(file, logging)]),
  ]
}
