/** `/compare?a=&b=`: what differs? */
import { useMemo } from 'preact/hooks'
import type { TraceList, TraceSkeleton, TraceSummary } from '../../../src/api/contract.ts'
import { window } from '../../app/range.ts'
import { api, useResource } from '../../app/resource.ts'
import { href, query, setQuery } from '../../app/router.ts'
import { count, money, plural } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'
import { Age } from '../../parts/age.tsx'
import { Panel } from '../../parts/panel.tsx'
import { StatusMark, TypeBadge } from '../../parts/span-type.tsx'
import { VirtualRows } from '../../parts/virtual-rows.tsx'
import { readRun, type Run } from '../run/model.ts'
import { align, firstDivergence, type Pair } from './align.ts'

/** Runs that are worth comparing with: the same question first, then the same kind of run. */
function Choose({ a }: { a: TraceSummary }) {
  const { data } = useResource<TraceList>(api('traces', { ...window.value, limit: 100 }))
  const others = (data?.traces ?? []).filter((run) => run.traceId !== a.traceId)
  const likeness = (run: TraceSummary) =>
    (run.title === a.title ? 4 : 0) + (run.rootName === a.rootName ? 2 : 0) + (run.status === 'ok' ? 1 : 0)
  const sorted = others.toSorted((x, y) => likeness(y) - likeness(x) || y.startTime - x.startTime).slice(0, 30)
  return (
    <Panel title="Compare with">
      {sorted.length === 0 && <p class="note">There is no other run in this time range.</p>}
      <ul class="choices">
        {sorted.map((run) => (
          <li>
            <button type="button" class="choice" onClick={() => setQuery({ b: run.traceId })}>
              <StatusMark status={run.status} recovered={run.recovered} />
              <span class="clip grow">{run.title}</span>
              {run.title === a.title && <span class="chip">same question</span>}
              <span class="num soft">{duration(run.duration)}</span>
              <span class="num soft">
                <Age time={run.startTime} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** `+1.2 s`, with the sign that a difference needs. */
function signed(a: number | null, b: number | null, format: (value: number) => string): string {
  if (a === null || b === null) return '-'
  const by = b - a
  return by === 0 ? 'same' : `${by > 0 ? '+' : '−'}${format(Math.abs(by))}`
}

const tokensOf = (run: TraceSummary): number => run.inputTokens + run.outputTokens

function Deltas({ a, b }: { a: TraceSummary; b: TraceSummary }) {
  const rows: readonly (readonly [string, string, string, string])[] = [
    ['Duration', duration(a.duration), duration(b.duration), signed(a.duration, b.duration, duration)],
    ['Spans', count(a.spans), count(b.spans), signed(a.spans, b.spans, count)],
    ['Errors', count(a.errors), count(b.errors), signed(a.errors, b.errors, count)],
    ['Tokens', count(tokensOf(a)), count(tokensOf(b)), signed(tokensOf(a), tokensOf(b), count)],
    ['Cost', money(a.cost), money(b.cost), signed(a.cost, b.cost, money)],
    ['Models', a.models.join(', '), b.models.join(', '), a.models.join() === b.models.join() ? 'same' : 'other'],
    ['Agents', a.agents.join(', '), b.agents.join(', '), a.agents.join() === b.agents.join() ? 'same' : 'other'],
  ]
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Differences in figures">
      <table class="stats compare-figures">
        <thead>
          <tr>
            <th />
            {[a, b].map((run, i) => (
              <th>
                <a href={href(`/runs/${run.traceId}`)}>
                  <b>{i === 0 ? 'A' : 'B'}</b> <StatusMark status={run.status} recovered={run.recovered} /> {run.title}
                </a>
              </th>
            ))}
            <th>B against A</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, left, right, by]) => (
            <tr>
              <th scope="row">{name}</th>
              <td class="num">{left}</td>
              <td class="num">{right}</td>
              <td class={`num ${by === 'same' ? 'faint' : ''}`}>{by}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Step({ run, row }: { run: Run; row: number }) {
  if (row < 0) return <span class="step-none faint">no such step</span>
  const { id, name, type, failed, recovered, depth, errorType, duration: took } = run.row(row)
  return (
    <a class="compare-step" href={href(`/runs/${run.skeleton.trace.traceId}`, { span: id })}>
      <span class="indent" style={{ width: `${Math.min(depth, 8) * 12}px` }} />
      <TypeBadge type={type} />
      <span class={`clip ${failed && !recovered ? 'error-text' : ''}`}>{name}</span>
      {failed && <span class={`mark ${recovered ? 'saved' : ''}`}>{errorType ?? 'error'}</span>}
      <span class="num soft">{duration(took)}</span>
    </a>
  )
}

function Steps({ a, b, pairs }: { a: Run; b: Run; pairs: readonly Pair[] }) {
  const first = firstDivergence(pairs)
  const reveal = useMemo(() => ({ index: first }), [first])
  const differing = pairs.filter((pair) => pair.a < 0 || pair.b < 0 || pair.turned).length
  return (
    <Panel
      title="Steps"
      class="compare-steps"
      more={
        first < 0
          ? 'the same steps with the same outcomes'
          : `${plural(differing, 'step differs', 'steps differ')}, the first at ${first + 1}`
      }
    >
      <VirtualRows
        label="Steps of both runs, side by side"
        count={pairs.length}
        rowHeight={28}
        reveal={reveal}
        row={(i) => {
          const pair = pairs[i]!
          const kind = i === first ? 'first' : pair.a < 0 || pair.b < 0 || pair.turned ? 'differs' : ''
          return (
            <div class={`compare-row ${kind}`} role="listitem" key={i}>
              <Step run={a} row={pair.a} />
              <Step run={b} row={pair.b} />
            </div>
          )
        }}
      />
    </Panel>
  )
}

const skeletonOf = (id: string | null): string | null => (id ? `/api/traces/${encodeURIComponent(id)}` : null)

/** Without a second run, offers those that fit. */
export function ComparePage() {
  const [idA, idB] = [query.value.get('a'), query.value.get('b')]
  const a = useResource<TraceSkeleton>(skeletonOf(idA))
  const b = useResource<TraceSkeleton>(skeletonOf(idB))
  const runs = useMemo(() => (a.data && b.data ? { a: readRun(a.data), b: readRun(b.data) } : null), [a.data, b.data])
  const pairs = useMemo(() => (runs ? align(runs.a, runs.b) : []), [runs])
  const error = a.error ?? b.error
  return (
    <div class="page compare-page">
      <div class="page-head">
        <h1>Compare</h1>
        <span class="sub">{a.data && !idB ? a.data.trace.title : ''}</span>
        {idB && (
          <span class="side">
            <button type="button" class="button" onClick={() => setQuery({ a: idB, b: idA })}>
              Swap
            </button>
            <button type="button" class="button" onClick={() => setQuery({ b: null })}>
              Another run
            </button>
          </span>
        )}
      </div>
      {error && <p class="notice bad">{error}</p>}
      {!idA && (
        <p class="note">
          Open a <a href={href('/runs')}>run</a> and choose Compare there.
        </p>
      )}
      {a.data && !idB && <Choose a={a.data.trace} />}
      {runs && (
        <>
          <section class="panel">
            <Deltas a={runs.a.skeleton.trace} b={runs.b.skeleton.trace} />
          </section>
          <Steps a={runs.a} b={runs.b} pairs={pairs} />
        </>
      )}
    </div>
  )
}
