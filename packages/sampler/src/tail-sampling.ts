import type { Span, SpanContext, TraceState } from '@opentelemetry/api'
import { guard, type HiddenField, hiddenField, putOff } from '@agentel/api'
import type { ReadableSpanLike, SpanProcessorLike } from '@agentel/processor-kit'
import { ATTR_AGENTEL_SAMPLING_REASON } from '@agentel/semconv'
import { exportedSpan } from './exported-span.ts'
import { isSampled } from './keep-spans.ts'
import { bytesOf, judge, openTrace, type PendingTrace, type TailPolicy, verdict } from './tail-trace.ts'
import { rememberTraces, type TraceMemory } from './trace-memory.ts'
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

/** Traces that are remembered for spans that come late. */
const MOST_REMEMBERED = 10_000
const LOOK_EVERY_MS = 1000
const UNSAMPLED = 0

/** A span has started, or has ended: they are looked at in this order, a little later. */
interface Moment {
  readonly span: StartedSpan | ReadableSpanLike
  readonly ended: boolean
}

type StartedSpan = Pick<Span, 'spanContext'> & Partial<ReadableSpanLike>

interface Tail {
  readonly next: SpanProcessorLike
  readonly options: Required<TailSamplingOptions>
  readonly threshold: string | undefined
  /** What the trace state of a span that has none becomes when its trace is in the share. */
  readonly shared: TraceState | undefined
  /** In the order in which they began. */
  readonly pending: Set<PendingTrace>
  readonly traces: TraceMemory
  /** The trace of a span that has started here: most of the time nothing need be looked up by the trace's id. */
  readonly traceOf: HiddenField<PendingTrace>
  readonly counts: TailCounts
  bytes: number
}

/** The context that a span is exported with. Only a share has a probability: what is kept for a reason always is. */
function contextOf({ threshold, shared }: Tail, span: ReadableSpanLike, reason: string): SpanContext {
  const context = span.spanContext()
  if (reason !== 'share' || threshold === undefined) return context
  const { traceState } = context
  return { ...context, traceState: traceState === undefined ? shared! : withThreshold(traceState, threshold) }
}

/** The span with what its trace was kept for. */
function passOn(tail: Tail, span: ReadableSpanLike, reason: string, isRoot: boolean): void {
  const attributes = isRoot ? { ...span.attributes } : span.attributes
  // Not in the literal: V8 leaves its own fast path for a key that is computed there.
  if (isRoot) attributes[ATTR_AGENTEL_SAMPLING_REASON] = reason
  tail.next.onEnd(exportedSpan(span, attributes, contextOf(tail, span, reason)))
}

function decide(tail: Tail, trace: PendingTrace): void {
  const { pending, counts, options, threshold } = tail
  pending.delete(trace)
  tail.bytes -= trace.bytes
  const { spans } = trace
  const reason = verdict(trace, options, threshold)
  const root = trace.root ?? spans[0]
  trace.decided = true
  trace.reason = reason
  // The trace is remembered for a while, its spans need not be.
  trace.spans = []
  trace.root = undefined
  if (reason === undefined) {
    counts.left++
    return
  }
  counts.kept++
  for (const span of spans) passOn(tail, span, reason, span === root)
}

/** Decides the traces that have waited longest until all limits hold. */
function makeRoom(tail: Tail): void {
  const { pending, options } = tail
  if (pending.size <= options.maxTraces && tail.bytes <= options.maxBytes) return
  for (const trace of pending) {
    tail.counts.evicted++
    decide(tail, trace)
    if (pending.size <= options.maxTraces && tail.bytes <= options.maxBytes) return
  }
}

function startSpan(tail: Tail, span: StartedSpan): void {
  const { pending, traces, options } = tail
  const { traceId } = span.spanContext()
  // The id of a span without parent is new.
  let trace = span.parentSpanContext === undefined ? undefined : traces.get(traceId)
  if (trace === undefined) {
    trace = openTrace(traceId, options.now())
    pending.add(trace)
    traces.add(trace)
    makeRoom(tail)
  }
  trace.live++
  tail.traceOf.set(span, trace)
}

function endLate(tail: Tail, span: ReadableSpanLike, reason: string | undefined): void {
  if (reason !== undefined) passOn(tail, span, reason, false)
  // What stands behind keeps it by itself if it failed.
  else tail.next.onEnd(exportedSpan(span, span.attributes, { ...span.spanContext(), traceFlags: UNSAMPLED }))
}

/** @param waits whether the trace goes on, so that the span takes room until it is decided */
function hold(tail: Tail, trace: PendingTrace, span: ReadableSpanLike, waits: boolean): void {
  if (trace.spans.length >= tail.options.maxSpansPerTrace && trace.root !== span) {
    tail.counts.droppedSpans++
    return
  }
  trace.spans.push(span)
  if (!waits) return
  const bytes = bytesOf(span)
  trace.bytes += bytes
  tail.bytes += bytes
}

function endSpan(tail: Tail, span: ReadableSpanLike): void {
  const trace = tail.traceOf.get(span)
  if (trace === undefined || trace.decided) {
    endLate(tail, span, trace?.reason)
    return
  }
  trace.live--
  judge(trace, span)
  const waits = trace.root === undefined || trace.live > 0
  hold(tail, trace, span, waits)
  if (!waits) decide(tail, trace)
  else if (tail.bytes > tail.options.maxBytes) makeRoom(tail)
}

function decideThose(tail: Tail, which: (trace: PendingTrace) => boolean): void {
  for (const trace of tail.pending) if (which(trace)) decide(tail, trace)
}

function decideOld(tail: Tail): void {
  const before = tail.options.now() - tail.options.waitSeconds * 1000
  for (const trace of tail.pending) {
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
  const threshold = thresholdOf(settings.share)
  const tail: Tail = {
    next,
    options: settings,
    threshold,
    shared: threshold === undefined ? undefined : withThreshold(undefined, threshold),
    pending: new Set(),
    traces: rememberTraces(MOST_REMEMBERED),
    traceOf: hiddenField(),
    counts: { kept: 0, left: 0, evicted: 0, droppedSpans: 0 },
    bytes: 0,
  }
  const moments = putOff<Moment>('sampler.tail', ({ span, ended }) =>
    ended ? endSpan(tail, span as ReadableSpanLike) : startSpan(tail, span),
  )
  const afterAll = (decideSome: () => void): void => {
    moments.catchUp()
    guard('sampler.tail', decideSome)
  }
  const timer = setInterval(() => afterAll(() => decideOld(tail)), LOOK_EVERY_MS).unref()
  const decideAll = (): void => afterAll(() => decideThose(tail, () => true))
  return {
    onStart(span, context) {
      next.onStart(span, context)
      if (isSampled(span)) moments.add({ span, ended: false })
    },
    onEnding: (span) => next.onEnding?.(span),
    onEnd(span) {
      if (isSampled(span)) moments.add({ span, ended: true })
      else next.onEnd(span)
    },
    forceFlush() {
      afterAll(() => decideThose(tail, ({ root }) => root !== undefined))
      return next.forceFlush()
    },
    shutdown() {
      clearInterval(timer)
      decideAll()
      return next.shutdown()
    },
    counts() {
      moments.catchUp()
      return tail.counts
    },
    decideAll,
  }
}
