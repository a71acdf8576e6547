/** `/sessions` and `/users`: what did this person live through? */
import type { ActorList, Conversation, TraceList, TraceSummary } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { rangeName, window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href } from '../../app/router.ts'
import { count, plural } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { Age } from '../../parts/age.tsx'
import { Cost, ErrorShare, Tokens } from '../../parts/figures.tsx'
import { FirstSpan } from '../../parts/first-span.tsx'
import { MessageBlock } from '../../parts/messages.tsx'
import { SectionTabs } from '../../parts/section-tabs.tsx'
import { StatusMark } from '../../parts/span-type.tsx'

export type Actor = 'session' | 'user'

const MOST = 200

function Rows({ actor, rows }: { actor: Actor; rows: ActorList['rows'] }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={`${actor}s`}>
      <table class="stats">
        <thead>
          <tr>
            <th>{actor === 'user' ? 'User' : 'Session'}</th>
            {['Runs', 'Failed', 'Tokens', 'Cost', 'First', 'Last', 'Lasted'].map((name) => (
              <th class="right">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <a href={href(`/${actor}s/${encodeURIComponent(row.id)}`)}>{row.id}</a>
              </th>
              <td class="right num">{count(row.traces)}</td>
              <td class="right">
                <ErrorShare errors={row.failedTraces} of={row.traces} />
              </td>
              <td class="right">
                <Tokens input={row.inputTokens} output={row.outputTokens} />
              </td>
              <td class="right">
                <Cost amount={row.cost} unpriced={row.unpriced} />
              </td>
              <td class="right soft">
                <Age time={row.firstSeen} />
              </td>
              <td class="right soft">
                <Age time={row.lastSeen} />
              </td>
              <td class="right num soft">{duration(row.lastSeen - row.firstSeen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The list of one kind. */
export function ActorsPage({ actor }: { actor: Actor }) {
  const { data, error } = useResource<ActorList>(api(`${actor}s`, { ...window.value, limit: MOST }), version.value)
  if (error && !data) return <p class="notice bad page">{error}</p>
  if (!data) return <p class="note">Reading…</p>
  if (data.rows.length === 0) return <FirstSpan what={`${actor}s (${actor}.id)`} />
  return (
    <div class="page">
      <div class="page-head">
        <h1>{actor === 'user' ? 'Users' : 'Sessions'}</h1>
        <SectionTabs />
        <span class="sub">
          {data.nextCursor ? 'the newest ' : ''}
          {plural(data.rows.length, actor)} in {rangeName.value}
        </span>
      </div>
      <section class="panel">
        <Rows actor={actor} rows={data.rows} />
      </section>
    </div>
  )
}

/** A run of the person: what was asked, what was answered. */
function Exchange({ run }: { run: TraceSummary }) {
  const { data } = useResource<Conversation>(`/api/traces/${run.traceId}/conversation`, run.spans)
  const messages = data?.turns.flatMap((turn) => turn.messages) ?? []
  const asked = messages.find((message) => message.role === 'user')
  const answered = messages.findLast(
    (message) => message.role === 'assistant' && message.parts.some((part) => part.type === 'text'),
  )
  return (
    <li class="turn">
      <header>
        <StatusMark status={run.status} recovered={run.recovered} />
        <a class="clip" href={href(`/runs/${run.traceId}`)}>
          <b>{run.title}</b>
        </a>
        <span class="soft num">
          <Age time={run.startTime} /> · {duration(run.duration)} · <Cost amount={run.cost} unpriced={run.unpriced} />
        </span>
      </header>
      {run.error && run.status === 'error' && (
        <p class="error-text">
          {run.error.name}: {run.error.message ?? run.error.type}
        </p>
      )}
      {asked && <MessageBlock message={asked} />}
      {answered && <MessageBlock message={answered} />}
      {data?.contentMissing && messages.length === 0 && <p class="faint">Recorded without content.</p>}
    </li>
  )
}

const SHOWN = 50

/** One of them: its runs in the order it lived through them. */
export function ActorPage({ actor, id }: { actor: Actor; id: string }) {
  const { data, error } = useResource<TraceList>(
    api('traces', { ...window.value, [actor]: id, order: 'asc', limit: SHOWN }),
    version.value,
  )
  const runs = data?.traces ?? []
  const failed = runs.filter((run) => run.status === 'error').length
  return (
    <div class="page">
      <div class="page-head">
        <h1>
          {actor === 'user' ? 'User' : 'Session'} {id}
        </h1>
        <span class="sub">
          {data && `${plural(data.total, 'run')} in ${rangeName.value}${failed > 0 ? `, ${failed} failed` : ''}`}
        </span>
        <span class="side">
          <a class="button" href={href('/runs', { [actor]: id })}>
            As a list
          </a>
        </span>
      </div>
      {error && <p class="notice bad">{error}</p>}
      {data && runs.length === 0 && <p class="note">Nothing in this time range.</p>}
      <ol class="exchanges">
        {runs.map((run) => (
          <Exchange key={run.traceId} run={run} />
        ))}
      </ol>
    </div>
  )
}
