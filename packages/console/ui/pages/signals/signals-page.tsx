/** `/signals`: what was found on the way, and should be acted on? Anomalies, alerts, budgets, security, feedback. */
import {
  EVENT_AGENTEL_ALERT_STATE_CHANGED,
  EVENT_AGENTEL_ANOMALY_DETECTED,
  EVENT_AGENTEL_BUDGET_THRESHOLD_EXCEEDED,
  EVENT_AGENTEL_SECURITY_EVENT,
  EVENT_GEN_AI_EVALUATION_RESULT,
} from '@agentel/semconv'
import type { LogList, LogRecord } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { plural } from '../../format/quantity.ts'
import { Age } from '../../parts/age.tsx'
import { Panel } from '../../parts/panel.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { AgentName } from '../../parts/span-type.tsx'
import { FeedbackPanel } from './feedback-panel.tsx'
import { LogLine } from '../run/log-lines.tsx'

interface Kind {
  readonly title: string
  readonly event: string
  readonly empty: string
  /** The page that has more of it. */
  readonly page?: string
}

const KINDS: readonly Kind[] = [
  { title: 'Anomalies', event: EVENT_AGENTEL_ANOMALY_DETECTED, empty: 'No anomaly was reported.', page: '/anomalies' },
  {
    title: 'Alerts',
    event: EVENT_AGENTEL_ALERT_STATE_CHANGED,
    empty: 'No alert has changed its state.',
    page: '/alerts',
  },
  { title: 'Budgets', event: EVENT_AGENTEL_BUDGET_THRESHOLD_EXCEEDED, empty: 'No budget has met its bound.' },
  { title: 'Security', event: EVENT_AGENTEL_SECURITY_EVENT, empty: 'No security event was reported.' },
  {
    title: 'Feedback and evaluations',
    event: EVENT_GEN_AI_EVALUATION_RESULT,
    empty: 'Nothing was rated.',
    page: '/feedback',
  },
]
const MOST = 100

function Lines({ logs }: { logs: readonly LogRecord[] }) {
  return (
    <ol class="log-lines padded-log">
      {logs.map((log) => (
        <LogLine
          key={log.id}
          log={log}
          when={<Age time={log.time} />}
          who={log.agent ? <AgentName name={log.agent} /> : (log.service ?? '')}
          link={
            log.traceId && (
              <a class="mono" href={href(`/runs/${log.traceId}`, { span: log.spanId })}>
                {log.traceId.slice(0, 8)}
              </a>
            )
          }
        />
      ))}
    </ol>
  )
}

function Signals({ kind }: { kind: Kind }) {
  const { data, error } = useResource<LogList>(
    api('logs', { ...window.value, event: kind.event, limit: MOST }),
    version.value,
  )
  const records = data && data.logs.length > 0 && plural(data.logs.length, 'record')
  const more = records && kind.page ? <a href={href(kind.page)}>{records}</a> : records
  return (
    <Panel title={kind.title} more={more}>
      {error && <p class="notice bad">{error}</p>}
      {data &&
        (data.logs.length > 0 ? (
          <Lines logs={data.logs} />
        ) : (
          <p class="note">
            {kind.empty} It would come as <code>{kind.event}</code>.
          </p>
        ))}
    </Panel>
  )
}

/** Each kind newest first, tied to its run. */
export function SignalsPage() {
  return (
    <div class="page signals-page">
      <div class="page-head">
        <h1>Signals</h1>
        <SectionTabs />
        <span class="sub">in {rangeName.value}</span>
      </div>
      <FeedbackPanel />
      {KINDS.map((kind) => (
        <Signals key={kind.event} kind={kind} />
      ))}
    </div>
  )
}
