/** `/anomalies`: what is not as usual, since when, and is it over? */
import {
  ATTR_AGENTEL_ANOMALY_DETECTOR,
  ATTR_AGENTEL_ANOMALY_EXPECTED_VALUE,
  ATTR_AGENTEL_ANOMALY_OBSERVED_VALUE,
  ATTR_AGENTEL_ANOMALY_SCORE,
  ATTR_AGENTEL_ANOMALY_SEVERITY,
  ATTR_AGENTEL_ANOMALY_SIGNAL_NAME,
  EVENT_AGENTEL_ANOMALY_DETECTED,
  EVENT_AGENTEL_ANOMALY_ENDED,
} from '@agentel/semconv'
import type { LogList, LogRecord } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { plural, significant } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { Age } from '../../parts/age.tsx'
import { printed } from '../../parts/long-text.tsx'
import { Panel } from '../../parts/panel.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { AgentLink } from '../../parts/span-type.tsx'

const MOST = 200

/** One anomaly: its beginning, and its end when it is over. */
export interface Anomaly {
  readonly log: LogRecord
  readonly signal: string
  readonly severity: string
  readonly score: number | null
  readonly observed: number | null
  readonly expected: number | null
  readonly detector: string
  /** Milliseconds since the epoch; null while it goes on. */
  readonly endedAt: number | null
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)
const keyOf = (log: LogRecord): string =>
  JSON.stringify([log.service, log.agent, log.attributes[ATTR_AGENTEL_ANOMALY_SIGNAL_NAME] ?? null])

/** Pairs each beginning with the first end of the same signal after it. Going on first, then the newest. */
export function anomaliesOf(detected: readonly LogRecord[], ended: readonly LogRecord[]): readonly Anomaly[] {
  const ends = Map.groupBy(
    ended.toSorted((a, b) => a.time - b.time),
    keyOf,
  )
  return detected
    .map((log): Anomaly => {
      const { attributes } = log
      return {
        log,
        signal: String(attributes[ATTR_AGENTEL_ANOMALY_SIGNAL_NAME] ?? 'unknown'),
        severity: String(attributes[ATTR_AGENTEL_ANOMALY_SEVERITY] ?? 'low'),
        score: numberOf(attributes[ATTR_AGENTEL_ANOMALY_SCORE]),
        observed: numberOf(attributes[ATTR_AGENTEL_ANOMALY_OBSERVED_VALUE]),
        expected: numberOf(attributes[ATTR_AGENTEL_ANOMALY_EXPECTED_VALUE]),
        detector: String(attributes[ATTR_AGENTEL_ANOMALY_DETECTOR] ?? ''),
        endedAt: ends.get(keyOf(log))?.find((end) => end.time >= log.time)?.time ?? null,
      }
    })
    .toSorted((a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null) || b.log.time - a.log.time)
}

function Row({ anomaly }: { anomaly: Anomaly }) {
  const { log, severity, signal, score, observed, expected, detector, endedAt } = anomaly
  const figure = (value: number | null): string => (value === null ? '-' : significant(value))
  return (
    <li class={`anomaly severity-of-${severity}`}>
      <span class="weight">{severity}</span>
      <div class="grow">
        <p>
          <b>{log.body === null || log.body === '' ? signal : printed(log.body)}</b>
        </p>
        <p class="soft num">
          {log.agent && (
            <>
              <AgentLink name={log.agent} /> ·{' '}
            </>
          )}
          {signal} · observed {figure(observed)}, usual {figure(expected)}
          {score !== null && `, score ${significant(score, 2)}`}
          {detector && ` · found by ${detector}`}
        </p>
      </div>
      <span class="soft num right">
        <Age time={log.time} />
        <br />
        {endedAt === null ? <b class="error-text">goes on</b> : `over after ${duration(endedAt - log.time)}`}
      </span>
      <span>{log.traceId && <a href={href(`/runs/${log.traceId}`, { span: log.spanId })}>run</a>}</span>
    </li>
  )
}

/** What goes on first. */
export function AnomaliesPage() {
  const read = (event: string) =>
    useResource<LogList>(api('logs', { ...window.value, event, limit: MOST }), version.value)
  const { data, error } = read(EVENT_AGENTEL_ANOMALY_DETECTED)
  const ended = read(EVENT_AGENTEL_ANOMALY_ENDED).data
  if (error && !data) return <p class="notice bad page">{error}</p>
  if (!data) return <p class="note">Reading…</p>
  const anomalies = anomaliesOf(data.logs, ended?.logs ?? [])
  const open = anomalies.filter(({ endedAt }) => endedAt === null).length
  return (
    <div class="page anomalies-page">
      <div class="page-head">
        <h1>Anomalies</h1>
        <SectionTabs />
        <span class="sub">
          {plural(anomalies.length, 'anomaly', 'anomalies')} in {rangeName.value}
        </span>
      </div>
      <p class={`now-verdict ${open > 0 ? 'bad' : 'good'}`}>
        <b>{open > 0 ? `${plural(open, 'anomaly', 'anomalies')} going on.` : 'Everything is as usual.'}</b>
      </p>
      {anomalies.length === 0 ? (
        <p class="note panel padded">
          None was reported. <code>@agentel/processor-anomaly</code>, part of <code>@agentel/sdk</code>, watches
          duration, errors, tokens, cost and spans of each agent and tells of it as{' '}
          <code>{EVENT_AGENTEL_ANOMALY_DETECTED}</code>.
        </p>
      ) : (
        <Panel title="What was unusual">
          <ol class="anomalies">
            {anomalies.map((anomaly) => (
              <Row key={anomaly.log.id} anomaly={anomaly} />
            ))}
          </ol>
        </Panel>
      )}
    </div>
  )
}
