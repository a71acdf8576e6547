/** The rows of the list: pages of results, and fresh ones that wait while the reader points at the list. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { TraceList, TraceSummary } from '../../../src/api/contract.ts'
import { version } from '../../app/live.ts'
import { api, fetchJson } from '../../app/resource.ts'

/** What the list shows. */
export interface RunList {
  readonly runs: readonly TraceSummary[]
  readonly answer: TraceList | null
  readonly error: string | null
  readonly loading: boolean
  /** Runs that have arrived and are not shown yet, because rows must not move under the pointer. */
  readonly held: number
  readonly showHeld: () => void
  readonly more: () => void
  /** Tell when the pointer is over the rows or the list is scrolled: then nothing moves. */
  readonly hold: (still: boolean) => void
}

type State = { runs: readonly TraceSummary[]; answer: TraceList | null; error: string | null; loading: boolean }

const PAGE = 100

function join(fresh: readonly TraceSummary[], before: readonly TraceSummary[]): readonly TraceSummary[] {
  const seen = new Set(fresh.map((run) => run.traceId))
  return [...fresh, ...before.filter((run) => !seen.has(run.traceId))]
}

/** @param parameters of `/api/traces` without limit and cursor */
export function useRunList(parameters: Record<string, string | number | readonly string[] | null>): RunList {
  const url = api('traces', { ...parameters, limit: PAGE })
  const [state, setState] = useState<State>({ runs: [], answer: null, error: null, loading: true })
  const [held, setHeld] = useState<TraceList | null>(null)
  const still = useRef(false)
  const shown = useRef(state)
  shown.current = state
  const fetching = useRef(false)

  const apply = useCallback((answer: TraceList, keep: boolean) => {
    setHeld(null)
    setState((before) => {
      const paged = keep && before.runs.length > PAGE
      return {
        runs: paged ? join(answer.traces, before.runs) : answer.traces,
        answer: paged ? { ...answer, nextCursor: before.answer?.nextCursor ?? null } : answer,
        error: null,
        loading: false,
      }
    })
  }, [])

  useEffect(() => {
    const abort = new AbortController()
    setState((before) => ({ ...before, loading: true }))
    fetchJson<TraceList>(url, { signal: abort.signal }).then(
      (answer) => apply(answer, false),
      (error: Error) =>
        abort.signal.aborted || setState((before) => ({ ...before, error: error.message, loading: false })),
    )
    return () => abort.abort()
  }, [url])

  useEffect(() => {
    if (!shown.current.answer) return
    const abort = new AbortController()
    fetchJson<TraceList>(url, { signal: abort.signal }).then(
      (answer) => (still.current && newOnes(answer, shown.current.runs) > 0 ? setHeld(answer) : apply(answer, true)),
      // The next event asks again; the light in the head says that the console is away.
      () => {},
    )
    return () => abort.abort()
  }, [version.value])

  const more = async () => {
    const cursor = shown.current.answer?.nextCursor
    if (!cursor || fetching.current) return
    fetching.current = true
    const answer = await fetchJson<TraceList>(api('traces', { ...parameters, limit: PAGE, cursor })).catch(() => null)
    fetching.current = false
    if (answer)
      setState((before) => ({ ...before, runs: join(before.runs, answer.traces), answer: { ...answer, traces: [] } }))
  }

  return {
    ...state,
    held: held ? newOnes(held, state.runs) : 0,
    showHeld: () => held && apply(held, true),
    more,
    hold: (value) => {
      still.current = value
    },
  }
}

const newOnes = (answer: TraceList, runs: readonly TraceSummary[]): number => {
  const known = new Set(runs.map((run) => run.traceId))
  return answer.traces.filter((run) => !known.has(run.traceId)).length
}
