/** How people rated the answers. */
import { EVENT_GEN_AI_EVALUATION_RESULT } from '@agentel/semconv'
import type { LogList } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { count, plain, plural, significant } from '../../format/quantity.ts'
import { Age } from '../../parts/age.tsx'
import { LongText } from '../../parts/long-text.tsx'
import { Panel } from '../../parts/panel.tsx'
import { feedbackOf, type Feedback } from './feedback.ts'

const MOST = 500
const SHOWN = 8

function Distribution({ feedback }: { feedback: Feedback }) {
  const most = Math.max(...feedback.distribution, 1)
  return (
    <ol class="distribution" aria-label="Ratings by stars">
      {feedback.distribution.map((times, i) => (
        <li>
          <span class="num faint">{plural(i + 1, 'star')}</span>
          <meter class="share" min={0} max={most} value={times} aria-hidden="true" />
          <span class="num right">{count(times)}</span>
        </li>
      ))}
    </ol>
  )
}

function Users({ feedback }: { feedback: Feedback }) {
  if (feedback.users.length === 0) return null
  return (
    <ul class="rating-users">
      {feedback.users.slice(0, SHOWN).map(({ user, count: times, mean }) => (
        <li>
          <a class="clip" href={href(`/users/${encodeURIComponent(user)}`)}>
            {user}
          </a>
          <span class="num soft">
            {significant(mean, 2)} · {plural(times, 'rating')}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Low({ feedback }: { feedback: Feedback }) {
  if (feedback.low.length === 0) return <p class="note">No rating is low.</p>
  return (
    <ul class="low-ratings">
      {feedback.low.slice(0, SHOWN).map(({ log, score, user, comment, responseId }) => (
        <li>
          <b class="error-text num">{plain(score)}</b>
          <span class="grow">
            {comment ? <LongText text={comment} /> : <span class="faint">no comment</span>}
            <span class="soft">
              {user} <Age time={log.time} />
            </span>
          </span>
          {log.traceId ? (
            <a href={href(`/runs/${log.traceId}`)}>run</a>
          ) : (
            responseId && <a href={href('/runs', { text: responseId })}>run</a>
          )}
        </li>
      ))}
    </ul>
  )
}

/** Mean, distribution, the least content people, and every low rating with its run. */
export function FeedbackPanel() {
  const { data } = useResource<LogList>(
    api('logs', { ...window.value, event: EVENT_GEN_AI_EVALUATION_RESULT, limit: MOST }),
    version.value,
  )
  const feedback = feedbackOf(data?.logs ?? [])
  if (!feedback) return null
  const going = feedback.trend && feedback.trend.direction !== 'steady' ? `, ${feedback.trend.direction}` : ''
  return (
    <Panel
      title="Ratings"
      more={`${significant(feedback.mean)} on average of ${plural(feedback.ratings.length, 'rating')}${going}`}
    >
      <div class="ratings">
        <Distribution feedback={feedback} />
        <Users feedback={feedback} />
        <Low feedback={feedback} />
      </div>
    </Panel>
  )
}
