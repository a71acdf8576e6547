/** The live stream: one connection for the page, counters that pages refresh by, and a pause that loses nothing. */
import { batch, computed, signal } from '@preact/signals'
import type { LiveEvent, TraceSummary } from '../../src/api/contract.ts'

/** State of the stream. */
export const connection = signal<'connecting' | 'live' | 'lost'>('connecting')
export const paused = signal(false)
/** Goes up when something that pages show has changed and they may move; at most once a second. */
export const version = signal(0)
/** Runs that came since the pause, by id: what "37 new" counts. */
const waiting = signal<ReadonlySet<string>>(new Set())
export const waitingCount = computed(() => waiting.value.size)
/** Newest changed runs, newest first, at most 50. */
export const tail = signal<readonly TraceSummary[]>([])
export const spansPerSecond = signal<number | null>(null)
/** What is wrong with the store, or null. */
export const storeFault = signal<string | null>(null)
/** Ticks each second, for ages. */
export const now = signal(Date.now())

/** Runs that a page has shown: a change of one of these is not a new run. */
const known = new Set<string>()
const MOST_KNOWN = 20_000

/** Called with what lists have fetched. */
export function know(traces: readonly TraceSummary[]): void {
  if (known.size > MOST_KNOWN) known.clear()
  for (const { traceId } of traces) known.add(traceId)
}

const TAIL = 50
const PERIOD = 1000
let held: readonly TraceSummary[] = []
let due = false
let last = 0

/** Stops moving the page, or lets it move again with everything that came meanwhile. */
export function togglePause(): void {
  batch(() => {
    paused.value = !paused.value
    if (paused.value) return
    waiting.value = new Set()
    know(held)
    tail.value = merge(tail.value, held)
    held = []
    version.value += 1
  })
}

function merge(before: readonly TraceSummary[], fresh: readonly TraceSummary[]): readonly TraceSummary[] {
  const seen = new Set(fresh.map((trace) => trace.traceId))
  return [...fresh, ...before.filter((trace) => !seen.has(trace.traceId))]
    .toSorted((a, b) => b.startTime - a.startTime)
    .slice(0, TAIL)
}

function refreshSoon(): void {
  if (due) return
  due = true
  setTimeout(
    () => {
      due = false
      last = Date.now()
      version.value += 1
    },
    Math.max(0, last + PERIOD - Date.now()),
  )
}

function receive(event: LiveEvent): void {
  batch(() => {
    if (event.type === 'rates') spansPerSecond.value = event.spansPerSecond
    if (event.type === 'fault') storeFault.value = event.message
    if (event.type !== 'traces') return
    if (paused.value) {
      const fresh = event.traces.map((trace) => trace.traceId).filter((id) => !known.has(id))
      waiting.value = new Set([...waiting.value, ...fresh])
      held = merge(held, event.traces)
    } else {
      know(event.traces)
      tail.value = merge(tail.value, event.traces)
      refreshSoon()
    }
  })
}

/** Opens the stream; the browser reconnects by itself, and the page then fetches what it missed. */
export function startLive(): void {
  const source = new EventSource('/api/live')
  source.onopen = () => {
    connection.value = 'live'
    if (!paused.value) version.value += 1
  }
  source.onerror = () => {
    connection.value = 'lost'
  }
  for (const type of ['hello', 'traces', 'rates', 'logs', 'fault'] satisfies LiveEvent['type'][]) {
    source.addEventListener(type, (message: MessageEvent<string>) => receive({ type, ...JSON.parse(message.data) }))
  }
  setInterval(() => {
    if (!paused.value && document.visibilityState === 'visible') now.value = Date.now()
  }, 1000)
}
