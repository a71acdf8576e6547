/** Log records in time order. */
import type { LogRecord } from '../../../src/api/contract.ts'
import { moment, offset } from '../../format/time.ts'
import { LongText, printed } from '../../parts/long-text.tsx'

const SEVERITIES = ['unset', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** Name of an OTLP severity number: four steps each. */
export const severityName = (severity: number): string =>
  severity > 0 ? (SEVERITIES[Math.min(6, Math.ceil(severity / 4))] ?? 'unset') : 'unset'

/** What a record says, in one line: its body, else its attributes. */
export function logText(log: LogRecord): string {
  if (log.body !== null && log.body !== '') return printed(log.body)
  return Object.entries(log.attributes)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}

interface LogLinesProps {
  readonly logs: readonly LogRecord[]
  /** Start of the run, for offsets. */
  readonly start: number
  /** Goes to the span of a record; null makes no link. */
  readonly onSpan: ((spanId: string) => void) | null
}

/** A list, not a table: bodies may be long. */
export function LogLines({ logs, start, onSpan }: LogLinesProps) {
  return (
    <ol class="log-lines">
      {logs.map((log) => (
        <li class={`log severity-${severityName(log.severity)}`}>
          <span class="num faint" title={moment(log.time)}>
            {offset(log.time - start)}
          </span>
          <span class="level">{severityName(log.severity)}</span>
          <span class="grow">
            {log.event && <b>{log.event} </b>}
            <LongText text={logText(log)} />
          </span>
          {onSpan && log.spanId && (
            <button type="button" class="button quiet" onClick={() => onSpan(log.spanId!)}>
              span
            </button>
          )}
        </li>
      ))}
    </ol>
  )
}
