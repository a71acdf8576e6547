/** `/feedback`: how good was it, as people and evaluators say? */
import {
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  EVENT_GEN_AI_EVALUATION_RESULT,
} from '@agentel/semconv'
import type { LogList, LogRecord } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { plain, plural } from '../../format/quantity.ts'
import { Age } from '../../parts/age.tsx'
import { Panel } from '../../parts/panel.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { AgentName } from '../../parts/span-type.tsx'
import { FeedbackPanel } from '../signals/feedback-panel.tsx'

const MOST = 200

function Row({ log }: { log: LogRecord }) {
  const { attributes } = log
  const score = attributes[ATTR_GEN_AI_EVALUATION_SCORE_VALUE]
  const comment = attributes[ATTR_GEN_AI_EVALUATION_EXPLANATION]
  return (
    <tr>
      <th scope="row">{String(attributes[ATTR_GEN_AI_EVALUATION_NAME] ?? 'evaluation')}</th>
      <td class="right num">{typeof score === 'number' ? plain(score) : '-'}</td>
      <td>{String(attributes[ATTR_GEN_AI_EVALUATION_SCORE_LABEL] ?? '')}</td>
      <td>{log.agent ? <AgentName name={log.agent} /> : <span class="soft">{log.service}</span>}</td>
      <td class="wide">
        <span class="clip">{typeof comment === 'string' ? comment : ''}</span>
      </td>
      <td class="right soft">
        <Age time={log.time} />
      </td>
      <td class="right">{log.traceId && <a href={href(`/runs/${log.traceId}`, { span: log.spanId })}>run</a>}</td>
    </tr>
  )
}

function Rows({ logs }: { logs: readonly LogRecord[] }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Evaluations">
      <table class="stats">
        <thead>
          <tr>
            <th>Evaluation</th>
            <th class="right">Score</th>
            <th>Label</th>
            <th>Of</th>
            <th>Comment</th>
            <th class="right">When</th>
            <th class="right">Run</th>
          </tr>
        </thead>
        <tbody>
          {logs.map((log) => (
            <Row key={log.id} log={log} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Ratings by people summed up, then every evaluation, the newest first. */
export function FeedbackPage() {
  const { data, error } = useResource<LogList>(
    api('logs', { ...window.value, event: EVENT_GEN_AI_EVALUATION_RESULT, limit: MOST }),
    version.value,
  )
  if (error && !data) return <p class="notice bad page">{error}</p>
  if (!data) return <p class="note">Reading…</p>
  return (
    <div class="page feedback-page">
      <div class="page-head">
        <h1>Feedback</h1>
        <SectionTabs />
        <span class="sub">
          {data.nextCursor ? 'the newest ' : ''}
          {plural(data.logs.length, 'evaluation')} in {rangeName.value}
        </span>
      </div>
      <FeedbackPanel />
      <Panel title="Evaluations">
        {data.logs.length > 0 ? (
          <Rows logs={data.logs} />
        ) : (
          <p class="note">
            Nobody has rated anything in this time range.{' '}
            <code>recordFeedback(&#123; rating, comment, span &#125;)</code> of <code>@agentel/api</code> ties a rating
            of 1 to 5 to its run; evaluators send the same event, <code>{EVENT_GEN_AI_EVALUATION_RESULT}</code>.
          </p>
        )}
      </Panel>
    </div>
  )
}
