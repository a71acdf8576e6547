import { guard } from '@agentel/api'
import type { ReadableSpanLike, SpanProcessorLike } from '@agentel/processor-kit'
import { ATTR_AGENTEL_SAMPLING_REASON } from '@agentel/semconv'
import { type Decisions, rememberDecisions } from './decisions.ts'
import { exportedSpan } from './exported-span.ts'
import { isSampled } from './keep-spans.ts'
import { bytesOf, judge, openTrace, type PendingTrace, type TailPolicy, verdict } from './tail-trace.ts'
import { thresholdOf, withThreshold } from './trace-share.ts'

/** What {@link tailSampling} takes. */
export interface TailSamplingOptions extends TailPolicy {
  /** Traces that wait for their decision. Default 1000. */
  readonly maxTraces?: number
  /** Spans of one trace that wait. Default 2000. */
  readonly maxSpansPerTrace?: number
  /** Bytes of all that waits, roughly. Default 64 MiB. */
  readonly maxBytes?: number
  /** Seconds after its first span at which a trace is decided even if it goes on. Default 300. */
  readonly waitSeconds?: number
  /** The clock, milliseconds since 1970; for tests. */
  readonly now?: () => number
}

/** What became of traces so far. */
export interface TailCounts {
  kept: number
  /** Sampled out. */
  left: number
  /** Traces that were decided early because there was no room. */
  evicted: number
  /** Spans that were not kept in memory because their trace had too many. */
  droppedSpans: number
}

/** A processor that decides on whole traces. */
export interface TailProcessor extends SpanProcessorLike {
  counts(): Readonly<TailCounts>
  /** Decides on everything that waits, finished or not: for the end of the process. */
  decideAll(): void
}

/** Decisions that are remembered for spans that come late. */
const MOST_DECISIONS = 10_000
const LOOK_EVERY_MS = 1000
const UNSAMPLED = 0

interface Tail {
  readonly next: SpanProcessorLike
  readonly options: Required<TailSamplingOptions>
  readonly threshold: string | undefined
  readonly pending: Map<string, PendingTrace>
  /** For spans that come late. */
  readonly decided: Decisions
  readonly counts: TailCounts
  bytes: number
}

/** The span with what its trace was kept for. Only a share has a probability: what is kept for a reason always is. */
function passOn({ next, threshold }: Tail, span: ReadableSpanLike, reason: string, isRoot: boolean): void {
  const { traceState } = span.spanContext()
  const attributes = isRoot ? { attributes: { [ATTR_AGENTEL_SAMPLING_REASON]: reason } } : {}
  const context =
    reason === 'share' && threshold !== undefined
      ? { context: { traceState: withThreshold(traceState, threshold) } }
      : {}
  next.onEnd(exportedSpan(span, { ...attributes, ...context }))
}

function decide(tail: Tail, trace: PendingTrace): void {
  const { pending, decided, counts, options, threshold } = tail
  pending.delete(trace.id)
  tail.bytes -= trace.bytes
  const reason = verdict(trace, options, threshold)
  decided.set(trace.id, reason)
  if (reason === undefined) {
    counts.left++
    return
  }
  counts.kept++
  const root = trace.root ?? trace.spans[0]
  for (const span of trace.spans) passOn(tail, span, reason, span === root)
}

/** Decides the traces that have waited longest until all limits hold. */
function makeRoom(tail: Tail): void {
  const { pending, options } = tail
  for (const trace of pending.values()) {
    if (pending.size <= options.maxTraces && tail.bytes <= options.maxBytes) return
    tail.counts.evicted++
    decide(tail, trace)
  }
}

function startSpan(tail: Tail, traceId: string): void {
  const { pending, decided, options } = tail
  if (decided.has(traceId)) return
  let trace = pending.get(traceId)
  if (trace === undefined) {
    trace = openTrace(traceId, options.now())
    pending.set(traceId, trace)
    makeRoom(tail)
  }
  trace.live++
}

function endLate(tail: Tail, span: ReadableSpanLike): void {
  const reason = tail.decided.get(span.spanContext().traceId)
  if (reason !== undefined) passOn(tail, span, reason, false)
  // What stands behind keeps it by itself if it failed.
  else tail.next.onEnd(exportedSpan(span, { context: { traceFlags: UNSAMPLED } }))
}

function endSpan(tail: Tail, span: ReadableSpanLike): void {
  const trace = tail.pending.get(span.spanContext().traceId)
  if (trace === undefined) {
    endLate(tail, span)
    return
  }
  trace.live--
  judge(trace, span)
  if (trace.spans.length < tail.options.maxSpansPerTrace || trace.root === span) {
    const bytes = bytesOf(span)
    trace.spans.push(span)
    trace.bytes += bytes
    tail.bytes += bytes
  } else tail.counts.droppedSpans++
  if (trace.root !== undefined && trace.live <= 0) decide(tail, trace)
  else if (tail.bytes > tail.options.maxBytes) makeRoom(tail)
}

function decideThose(tail: Tail, which: (trace: PendingTrace) => boolean): void {
  for (const trace of tail.pending.values()) if (which(trace)) decide(tail, trace)
}

function decideOld(tail: Tail): void {
  const before = tail.options.now() - tail.options.waitSeconds * 1000
  for (const trace of tail.pending.values()) {
    if (trace.since > before) return
    decide(tail, trace)
  }
}

function filledIn(options: TailSamplingOptions): Required<TailSamplingOptions> {
  return {
    slowSeconds: 30,
    costUsd: 0.1,
    share: 0.1,
    maxTraces: 1000,
    maxSpansPerTrace: 2000,
    maxBytes: 64 * 1024 * 1024,
    waitSeconds: 300,
    now: Date.now,
    ...options,
  }
}

/**
 * Stands before an exporting processor and decides on whole traces when they have ended in this process: those with an
 * error, a critical or anomalous span, a priority, or that were slow or costly are kept, and a share of all others.
 * The first span of a kept trace says why in `agentel.sampling.reason`. For one process without a collector: of a
 * trace that runs through several, each decides by what it has seen itself.
 *
 * @example
 * new TracerProvider({ spanProcessors: [agentel.spanProcessor, tailSampling(new BatchSpanProcessor({ exporter }))] })
 */
export function tailSampling(next: SpanProcessorLike, options: TailSamplingOptions = {}): TailProcessor {
  const settings = filledIn(options)
  const tail: Tail = {
    next,
    options: settings,
    threshold: thresholdOf(settings.share),
    pending: new Map(),
    decided: rememberDecisions(MOST_DECISIONS),
    counts: { kept: 0, left: 0, evicted: 0, droppedSpans: 0 },
    bytes: 0,
  }
  const timer = setInterval(() => guard('sampler.tail', () => decideOld(tail)), LOOK_EVERY_MS).unref()
  const decideAll = (): void => void guard('sampler.tail', () => decideThose(tail, () => true))
  return {
    onStart(span, context) {
      next.onStart(span, context)
      if (isSampled(span)) guard('sampler.tail', () => startSpan(tail, span.spanContext().traceId))
    },
    onEnding: (span) => next.onEnding?.(span),
    onEnd(span) {
      if (isSampled(span)) guard('sampler.tail', () => endSpan(tail, span))
      else next.onEnd(span)
    },
    forceFlush() {
      guard('sampler.tail', () => decideThose(tail, ({ root }) => root !== undefined))
      return next.forceFlush()
    },
    shutdown() {
      clearInterval(timer)
      decideAll()
      return next.shutdown()
    },
    counts: () => tail.counts,
    decideAll,
  }
}
