import { CONTENT_SLOTS, NUMBER_SLOTS, TEXT_SLOTS } from './promoted-keys.ts'

/** One span of a body: positions into it, and the promoted values. */
export interface ScannedSpan {
  /** Bytes of the span message. */
  start: number
  end: number
  traceAt: number
  spanAt: number
  /** -1: no parent. */
  parentAt: number
  name: string
  kind: number
  /** Microseconds since the epoch. */
  startMicros: number
  endMicros: number
  /** 0 unset, 1 ok, 2 error. */
  status: number
  statusMessage: string
  /** By TEXT_SLOTS; '' is absent. */
  readonly texts: string[]
  /** By NUMBER_SLOTS; NaN is absent. */
  readonly numbers: number[]
  /** Start and end of each content value's string, by CONTENT_SLOTS; -1 is absent. Structured content is marked by -2. */
  readonly content: number[]
  /** Whether a key hints at another convention than the current one. */
  foreign: boolean
  /** Content that a foreign convention holds elsewhere, by CONTENT_SLOTS. */
  foreignContent: readonly unknown[] | undefined
}

/** Spans that are used again and again: made anew for each body, they were most of what the collector of garbage had to copy. */
export interface SpanPool {
  /** A span without any value. */
  take(start: number, end: number): ScannedSpan
  /** All spans may be given out again. */
  takeBack(): void
}

/** More than a usual batch holds; what is beyond is made anew, so that one large body does not stay in memory. */
const MAX_POOLED = 4096

const NO_TEXTS: readonly string[] = TEXT_SLOTS.map(() => '')
const NO_NUMBERS: readonly number[] = NUMBER_SLOTS.map(() => Number.NaN)
const NO_CONTENT: readonly number[] = CONTENT_SLOTS.flatMap(() => [-1, -1])

/** A new span without any value. */
export function newScannedSpan(start: number, end: number): ScannedSpan {
  return {
    start,
    end,
    traceAt: -1,
    spanAt: -1,
    parentAt: -1,
    name: '',
    kind: 0,
    startMicros: 0,
    endMicros: 0,
    status: 0,
    statusMessage: '',
    texts: NO_TEXTS.slice(),
    numbers: NO_NUMBERS.slice(),
    content: NO_CONTENT.slice(),
    foreign: false,
    foreignContent: undefined,
  }
}

/** What a span held goes with it: nothing of a body stays in memory. */
function empty(span: ScannedSpan): void {
  span.traceAt = -1
  span.spanAt = -1
  span.parentAt = -1
  span.name = ''
  span.kind = 0
  span.startMicros = 0
  span.endMicros = 0
  span.status = 0
  span.statusMessage = ''
  span.texts.fill('')
  span.numbers.fill(Number.NaN)
  span.content.fill(-1)
  span.foreign = false
  span.foreignContent = undefined
}

/** A new pool. */
export function createSpanPool(): SpanPool {
  const spans: ScannedSpan[] = []
  let used = 0
  return {
    take(start, end) {
      const at = used++
      const known = spans[at]
      if (known !== undefined) {
        known.start = start
        known.end = end
        return known
      }
      const made = newScannedSpan(start, end)
      if (at < MAX_POOLED) spans.push(made)
      return made
    },
    takeBack() {
      for (let i = Math.min(used, spans.length) - 1; i >= 0; i--) empty(spans[i]!)
      used = 0
    },
  }
}
