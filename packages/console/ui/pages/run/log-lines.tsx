/** Log records, one line each; a click opens all of one. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { AttributeValue, LogRecord } from '../../../src/api/contract.ts'
import { moment, offset } from '../../format/time.ts'
import { Attributes } from '../../parts/attributes.tsx'
import { LongText, printed } from '../../parts/long-text.tsx'

const SEVERITIES = ['unset', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** Name of an OTLP severity number: four steps each. */
export const severityName = (severity: number): string =>
  severity > 0 ? (SEVERITIES[Math.min(6, Math.ceil(severity / 4))] ?? 'unset') : 'unset'

/** Who and where: said by the line's other columns, or the same on every line. */
const SAID_ELSEWHERE =
  /^(user|session|server|network|openai)\.|^gen_ai\.(conversation\.id|agent\.name|provider\.name)$|^agentel\.tags$/

/** A number to six digits: the rest is in the opened record. */
const shortened = (value: AttributeValue): string =>
  typeof value === 'string' ? value : JSON.stringify(typeof value === 'number' ? Number(value.toPrecision(6)) : value)

/** What a record says, in one line: its body, else its attributes without the prefixes that all have. */
export function logText(log: LogRecord): string {
  if (log.body !== null && log.body !== '') return printed(log.body)
  return Object.entries(log.attributes)
    .filter(([name]) => !SAID_ELSEWHERE.test(name))
    .map(([name, value]) => `${name.replace(/^(agentel|gen_ai)\./, '')}=${shortened(value)}`)
    .join('  ')
    .slice(0, 400)
}

/** @param link where the record belongs, beside the line */
export function LogLine({
  log,
  when,
  who,
  link,
}: {
  log: LogRecord
  when: ComponentChildren
  who?: ComponentChildren
  link?: ComponentChildren
}) {
  const [open, setOpen] = useState(false)
  return (
    <li class={`severity-${severityName(log.severity)}`}>
      <details class="log" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="num faint when" title={moment(log.time)}>
            {when}
          </span>
          <span class="level">{severityName(log.severity)}</span>
          {who !== undefined && <span class="who clip">{who}</span>}
          <span class="clip grow">
            {log.event && <b>{log.event} </b>}
            <span class={log.event ? 'soft' : ''}>{logText(log)}</span>
          </span>
        </summary>
        {open && (
          <div class="log-body">
            {log.body !== null && log.body !== '' && <LongText text={printed(log.body)} />}
            <Attributes map={log.attributes} />
          </div>
        )}
      </details>
      {link}
    </li>
  )
}

interface LogLinesProps {
  readonly logs: readonly LogRecord[]
  /** Start of the run, for offsets. */
  readonly start: number
  /** Goes to the span of a record; null makes no link. */
  readonly onSpan: ((spanId: string) => void) | null
}

/** Records of one run. */
export function LogLines({ logs, start, onSpan }: LogLinesProps) {
  return (
    <ol class="log-lines">
      {logs.map((log) => (
        <LogLine
          key={log.id}
          log={log}
          when={offset(log.time - start)}
          link={
            onSpan &&
            log.spanId && (
              <button type="button" class="button quiet" onClick={() => onSpan(log.spanId!)}>
                span
              </button>
            )
          }
        />
      ))}
    </ol>
  )
}
