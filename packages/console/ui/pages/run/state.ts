/** What all views of a run share: the selected span, what is folded, the brushed stretch of time. */
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals'
import type { TraceSkeleton } from '../../../src/api/contract.ts'
import { query, setQuery } from '../../app/router.ts'
import { linesOf, matching, readRun, unfoldTo, type Folding, type Line, type Run } from './model.ts'

/** The stretch of time on the screen, milliseconds from the run's start. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

export interface RunState {
  readonly run: Run
  readonly selected: Signal<number>
  readonly folding: Signal<Folding>
  readonly words: Signal<string>
  readonly stretch: Signal<Stretch>
  readonly lines: ReadonlySignal<readonly Line[]>
  /** Rows whose results the selected call of a tool waited for. */
  readonly awaited: ReadonlySignal<ReadonlySet<number>>
  /** Line to bring into sight. */
  readonly reveal: Signal<{ readonly index: number } | null>
}

/** State of a freshly opened run: at its failure if it failed, at what the URL names, else at the root. */
export function openRun(skeleton: TraceSkeleton): RunState {
  const run = readRun(skeleton)
  const asked = query.value.get('span')
  const first = asked ? skeleton.spans.id.indexOf(asked) : skeleton.failure.origin
  const folding = signal<Folding>({ closed: new Set(), opened: new Set() })
  const words = signal('')
  const selected = signal(first >= 0 ? first : run.size > 0 ? 0 : -1)
  const state: RunState = {
    run,
    selected,
    folding,
    words,
    stretch: signal({ from: 0, to: run.length }),
    lines: computed(() => linesOf(run, folding.value, matching(run, words.value))),
    awaited: computed(() => new Set(run.askedAfter(selected.value))),
    reveal: signal(null),
  }
  if (first > 0) show(state, first)
  return state
}

/** The same place in a run of which more has arrived. */
export function reopenRun(before: RunState, skeleton: TraceSkeleton): RunState {
  const after = openRun(skeleton)
  const id = before.run.skeleton.spans.id[before.selected.value]
  const row = id ? skeleton.spans.id.indexOf(id) : -1
  if (row >= 0) after.selected.value = row
  const whole = before.stretch.value.to >= before.run.length
  if (!whole) after.stretch.value = before.stretch.value
  after.words.value = before.words.value
  after.reveal.value = null
  return after
}

/** Selects a span and puts it in the URL. */
export function select(state: RunState, row: number): void {
  if (row < 0 || row >= state.run.size) return
  state.selected.value = row
  setQuery({ span: state.run.skeleton.spans.id[row] }, { replace: true })
}

/** Unfolds down to a span and scrolls there. */
export function show(state: RunState, row: number): void {
  if (row < 0) return
  if (matching(state.run, state.words.value)?.has(row) === false) state.words.value = ''
  state.folding.value = unfoldTo(state.run, state.folding.value, row)
  state.reveal.value = { index: state.lines.value.findIndex((line) => line.kind === 'span' && line.row === row) }
}

/** Both. */
export function visit(state: RunState, row: number): void {
  select(state, row)
  show(state, row)
}

/** Opens or closes a row or a fold. */
export function toggle(state: RunState, line: Line, open?: boolean): void {
  const { closed, opened } = state.folding.value
  if (line.kind === 'fold') {
    const next = new Set(opened)
    if (open ?? !opened.has(line.key)) next.add(line.key)
    else next.delete(line.key)
    state.folding.value = { closed, opened: next }
    return
  }
  const next = new Set(closed)
  if (open ?? closed.has(line.row)) next.delete(line.row)
  else next.add(line.row)
  state.folding.value = { closed: next, opened }
}

/** Selects the line above or below. */
export function step(state: RunState, by: number): void {
  const lines = state.lines.value
  const here = lines.findIndex((line) => line.kind === 'span' && line.row === state.selected.value)
  for (let i = here + by; i >= 0 && i < lines.length; i += by) {
    const line = lines[i]!
    if (line.kind !== 'span') continue
    select(state, line.row)
    state.reveal.value = { index: i }
    return
  }
}

/** Goes to the next failure, or the one before, around the end. */
export function nextFailure(state: RunState, by: 1 | -1): void {
  const rows = state.run.failures
  if (rows.length === 0) return
  const here = state.selected.value
  const next = by > 0 ? rows.find((row) => row > here) : rows.findLast((row) => row < here)
  visit(state, next ?? (by > 0 ? rows[0]! : rows.at(-1)!))
}
