/** `/runs/:id`: what happened, and why did it end so? */
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { LogList, TraceSkeleton, TraceSummary } from '../../../src/api/contract.ts'
import { paused, tail } from '../../app/live.ts'
import { useResource } from '../../app/resource.ts'
import { go, href, query, setQuery } from '../../app/router.ts'
import { useShortcuts } from '../../app/shortcuts.ts'
import { plural } from '../../format/quantity.ts'
import { Age } from '../../parts/age.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Cost, Tokens, Took } from '../../parts/figures.tsx'
import { LongText } from '../../parts/long-text.tsx'
import { StatusMark } from '../../parts/span-type.tsx'
import { titleOf } from '../runs/run-row.tsx'
import { neighboursOf } from '../runs/neighbours.ts'
import { Conversation } from './conversation.tsx'
import { CopyMenu } from './copy-menu.tsx'
import { LogLines } from './log-lines.tsx'
import { RunGraph } from './run-graph.tsx'
import { SpanPanel } from './span-panel.tsx'
import { nextFailure, openRun, reopenRun, step, toggle, visit, type RunState } from './state.ts'
import { Steps } from './steps.tsx'
import { Verdict } from './verdict.tsx'
import { Waterfall } from './waterfall.tsx'

const VIEWS = ['timeline', 'steps', 'conversation', 'graph', 'logs', 'raw'] as const
type View = (typeof VIEWS)[number]

const viewNow = (): View => VIEWS.find((view) => view === query.value.get('view')) ?? 'timeline'
const chooseView = (view: View) => setQuery({ view: view === 'timeline' ? null : view }, { replace: true })

function Logs({ state }: { state: RunState }) {
  const { trace } = state.run.skeleton
  const { data, error } = useResource<LogList>(`/api/traces/${trace.traceId}/logs`, state.run.size)
  if (error) return <p class="notice bad">{error}</p>
  if (!data) return <p class="note">Reading…</p>
  if (data.logs.length === 0)
    return <p class="note">No log record names this run. Records are tied to it by their trace id.</p>
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Logs">
      <LogLines
        logs={data.logs}
        start={trace.startTime}
        onSpan={(id) => visit(state, state.run.skeleton.spans.id.indexOf(id))}
      />
    </div>
  )
}

const otlpOf = (traceId: string) => `/api/traces/${traceId}/otlp`

function Raw({ traceId }: { traceId: string }) {
  const { data, error } = useResource<unknown>(otlpOf(traceId))
  if (error) return <p class="notice bad">{error}</p>
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Raw OTLP">
      <p class="raw-head">
        <a class="button" href={otlpOf(traceId)} download={`${traceId}.json`}>
          Download OTLP/JSON
        </a>
        <CopyButton label="Copy curl" text={`curl ${location.origin}${otlpOf(traceId)}`} />
      </p>
      {data ? <LongText mono text={JSON.stringify(data, null, 2)} /> : <p class="note">Reading…</p>}
    </div>
  )
}

function Tabs({ state }: { state: RunState }) {
  const view = viewNow()
  const { logs } = state.run.skeleton
  return (
    <div class="run-tabs">
      <div class="segments" role="tablist" aria-label="Views of the run">
        {VIEWS.map((name, i) => (
          <button
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === view}
            aria-controls="run-view"
            title={`${name} (${i + 1})`}
            onClick={() => chooseView(name)}
          >
            {name[0]!.toUpperCase() + name.slice(1)}
            {name === 'logs' && logs > 0 && <span class="num faint">{logs}</span>}
          </button>
        ))}
      </div>
      {(view === 'timeline' || view === 'steps') && (
        <input
          class="field"
          type="search"
          aria-label="Filter spans"
          placeholder="Filter spans (f)"
          value={state.words.value}
          onInput={(event) => (state.words.value = event.currentTarget.value)}
        />
      )}
      {state.run.failures.length > 0 && (
        <button
          type="button"
          class="button"
          onClick={() => nextFailure(state, 1)}
          title="Next error (e), the one before (E)"
        >
          {plural(state.run.failures.length, 'error')} ↓
        </button>
      )}
      <Actions trace={state.run.skeleton.trace} />
    </div>
  )
}

function useRunKeys(state: RunState, traceId: string): void {
  const { before, after } = neighboursOf(traceId)
  const line = () => state.lines.value.find((one) => one.kind === 'span' && one.row === state.selected.value)
  const open = (yes: boolean) => {
    const at = line()
    if (at) toggle(state, at, yes)
  }
  useShortcuts([
    { key: 'ArrowDown', does: 'next span', run: () => step(state, 1) },
    { key: 'ArrowUp', does: 'span before', run: () => step(state, -1) },
    { key: 'ArrowRight', does: 'unfold', run: () => open(true) },
    { key: 'ArrowLeft', does: 'fold', run: () => open(false) },
    { key: 'e', does: 'next error', run: () => nextFailure(state, 1) },
    { key: 'E', does: 'error before', run: () => nextFailure(state, -1) },
    {
      key: 'l',
      does: 'last good step before the failure',
      run: () => visit(state, state.run.skeleton.failure.lastSuccess),
    },
    { key: 'f', does: 'filter spans', run: () => document.querySelector<HTMLInputElement>('.run-tabs input')?.focus() },
    { key: 'j', does: 'next run of the list', run: () => after && go(href(`/runs/${after}`)) },
    { key: 'k', does: 'run before in the list', run: () => before && go(href(`/runs/${before}`)) },
    ...VIEWS.map((view, i) => ({ key: String(i + 1), does: `${view} view`, run: () => chooseView(view) })),
  ])
}

function Figures({ trace }: { trace: TraceSummary }) {
  return (
    <span class="run-figures">
      <b>
        <Took ms={trace.duration} />
      </b>
      <span>{plural(trace.spans, 'span')}</span>
      {trace.models.length > 0 && (
        <span>
          <Tokens input={trace.inputTokens} output={trace.outputTokens} /> tokens
        </span>
      )}
      {trace.models.length > 0 && (
        <b>
          <Cost amount={trace.cost} unpriced={trace.unpriced} />
        </b>
      )}
      <Age time={trace.startTime} />
      {trace.user && <a href={href('/runs', { user: trace.user })}>{trace.user}</a>}
      {trace.session && <a href={href('/runs', { session: trace.session })}>{trace.session}</a>}
    </span>
  )
}

function Neighbour({ id, sign, said }: { id: string | null; sign: string; said: string }) {
  if (!id) return null
  return (
    <a class="button quiet" href={href(`/runs/${id}`)} title={said} aria-label={said}>
      {sign}
    </a>
  )
}

function Actions({ trace }: { trace: TraceSummary }) {
  const { before, after } = neighboursOf(trace.traceId)
  return (
    <span class="run-actions">
      <a class="button quiet" href={href('/compare', { a: trace.traceId })}>
        Compare
      </a>
      <CopyMenu trace={trace} />
      <Neighbour id={before} sign="↑" said="Run before in the list (k)" />
      <Neighbour id={after} sign="↓" said="Next run in the list (j)" />
    </span>
  )
}

function Head({ trace }: { trace: TraceSummary }) {
  return (
    <div class="run-head">
      <StatusMark status={trace.status} recovered={trace.recovered} />
      <h1 class="clip" title={titleOf(trace)}>
        {titleOf(trace)}
      </h1>
      <Figures trace={trace} />
    </div>
  )
}

function OpenedRun({ state }: { state: RunState }) {
  const { trace } = state.run.skeleton
  const view = viewNow()
  useRunKeys(state, trace.traceId)
  return (
    <div class="run-page">
      <Head trace={trace} />
      <Verdict state={state} />
      <Tabs state={state} />
      <div class="run-body">
        <section class="panel run-view" role="tabpanel" id="run-view" aria-labelledby={`tab-${view}`}>
          {view === 'timeline' && <Waterfall state={state} />}
          {view === 'steps' && <Steps state={state} />}
          {view === 'conversation' && <Conversation state={state} />}
          {view === 'graph' && <RunGraph state={state} />}
          {view === 'logs' && <Logs state={state} />}
          {view === 'raw' && <Raw traceId={trace.traceId} />}
        </section>
        <SpanPanel state={state} />
      </div>
    </div>
  )
}

/** Fetches the skeleton, and again when more of the run arrives. */
export function RunPage({ traceId }: { traceId: string }) {
  const changed = tail.value.find((trace) => trace.traceId === traceId)
  const stamp = paused.value || !changed ? 0 : changed.spans
  const { data, error, loading } = useResource<TraceSkeleton>(`/api/traces/${encodeURIComponent(traceId)}`, stamp)
  const last = useRef<RunState | null>(null)
  const state = useMemo(() => (data ? (last.current ? reopenRun(last.current, data) : openRun(data)) : null), [data])
  useEffect(() => {
    last.current = state
  }, [state])
  if (state) return <OpenedRun state={state} />
  return (
    <div class="page">
      {error ? (
        <p class="notice bad" role="alert">
          {error} <a href={href('/runs')}>All runs</a>
        </p>
      ) : (
        loading && <p class="note">Reading the run…</p>
      )}
    </div>
  )
}
