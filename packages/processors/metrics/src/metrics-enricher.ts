import { type Meter, metrics } from '@opentelemetry/api'
import { catchUpSpans } from '@agentel/api'
import { type Enricher, getCostParts, millisecondsOf, type ReadableSpanLike } from '@agentel/processor-kit'
import { ATTR_GEN_AI_OPERATION_NAME, ATTR_SESSION_ID } from '@agentel/semconv'
import { isInference, isModelCall } from '@agentel/semconv/operations'
import type { SemconvProfile } from '@agentel/semconv/v1-41'
import { agentelMeasure, isAgentic } from './agentel-spans.ts'
import { type Backlog, createBacklog, type EndedCall } from './backlog.ts'
import { failureMeasure } from './failures.ts'
import { hostHistograms, observeSums } from './host-instruments.ts'
import { inferenceMeasure } from './inference.ts'
import { costOf } from './measure.ts'
import { createMetricProducer, type MetricProducerLike, type Temporality } from './metric-producer.ts'
import { nestingMeasure } from './nesting.ts'
import { operationMeasure } from './operations.ts'
import { createRowStore, type RowStore } from './row-store.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { type SpanState, stateOf } from './span-state.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** Who keeps the numbers: we do and hand them to a reader, or the host's SDK does. */
export type Instruments = 'auto' | 'producer' | 'sdk'

/** What the metrics enricher takes. */
export interface MetricsEnricherOptions {
  /**
   * `producer`: own accumulators, exported by a reader that was given `metricProducer()`. `sdk`: instruments of the
   * host's meter. `auto` (default): `producer` when a producer was asked for before the first span, else `sdk`.
   */
  readonly instruments?: Instruments
  /** Which generation of metric names; default `latest`. */
  readonly profile?: SemconvProfile
  /** Sets of attributes for each metric; what comes after is one row with `otel.metric.overflow`. Default 2000. */
  readonly maxRows?: number
  /** Seconds without a span after which a session is over; default 1800. */
  readonly sessionIdleTimeout?: number
  /** Sessions watched at a time; default 10000. */
  readonly maxSessions?: number
  /** The host's meter, for `sdk`; default: that of the global meter provider when the first span starts. */
  readonly meter?: Meter
}

/** An enricher that turns spans into metrics. */
export interface MetricsEnricher extends Enricher {
  /** A producer for one metric reader (each reader needs its own): `new PeriodicExportingMetricReader({metricProducers: […]})`. */
  metricProducer(options?: { readonly temporality?: Temporality }): MetricProducerLike
  /** Ends a session now instead of at its idle time-out; false when it is not known. */
  endSession(sessionId: string): boolean
  /** Ends all sessions, so that the next export tells of them: for a process that is about to end. */
  endSessions(): void
}

interface Recorder {
  readonly store: RowStore
  readonly sessions: Sessions
  onStart: NonNullable<Enricher['onStart']>
  onEnd(span: ReadableSpanLike): void
  /** Counts what has been put off, and what is still to end; before anybody looks. */
  catchUp(): void
}

function touchSession(sessions: Sessions, span: ReadableSpanLike, state: SpanState | undefined): void {
  const { attributes } = span
  const id = attributes[ATTR_SESSION_ID]
  if (typeof id !== 'string') return
  const leaf = isModelCall(attributes[ATTR_GEN_AI_OPERATION_NAME])
  sessions.touch({
    id,
    start: millisecondsOf(span.startTime),
    end: millisecondsOf(span.endTime),
    queries: state?.inAgentic === false ? 1 : 0,
    cost: leaf ? (costOf(attributes) ?? 0) : 0,
  })
}

function createRecorder(options: MetricsEnricherOptions, meter: Meter | undefined): Recorder {
  const store = createRowStore({
    maxRows: options.maxRows ?? 2000,
    profile: options.profile ?? 'latest',
    histogramOf: meter === undefined ? undefined : hostHistograms(meter),
  })
  const sessions = createSessions(store, {
    idleTimeout: (options.sessionIdleTimeout ?? 1800) * 1000,
    maxSessions: options.maxSessions ?? 10_000,
  })
  const nesting = nestingMeasure(store)
  const inference = inferenceMeasure(store)
  const failure = failureMeasure(store)
  const operation = operationMeasure(store)
  const agentel = agentelMeasure(store)
  const count = ({ span, parts, spans }: EndedCall): void => {
    const agentic = isAgentic(span.attributes)
    const state = nesting.onEnd(span, agentic, spans)
    if (!agentic) return
    inference(span, parts)
    failure(span)
    // Most spans are inferences, and those are nothing else.
    if (!isInference(span.attributes[ATTR_GEN_AI_OPERATION_NAME])) {
      operation(span)
      agentel(span)
    }
    touchSession(sessions, span, state)
  }
  // An instrument of the host's is read without our being asked.
  const backlog = meter === undefined ? createBacklog(count) : undefined
  if (meter !== undefined) observeSums(meter, store, () => sessions.expire(Date.now()))
  return {
    store,
    sessions,
    onStart: nesting.onStart,
    onEnd: (span) => endSpan(span, backlog, count),
    catchUp() {
      catchUpSpans()
      backlog?.catchUp()
    },
  }
}

/** Calls of models are put off; whatever sums them up comes after them. */
function endSpan(span: ReadableSpanLike, backlog: Backlog | undefined, count: (call: EndedCall) => void): void {
  const root = stateOf(span)?.root
  const spans = root?.spans ?? 0
  if (backlog !== undefined) {
    if (isInference(span.attributes[ATTR_GEN_AI_OPERATION_NAME])) {
      backlog.add(span, spans)
      return
    }
    backlog.catchUp()
  }
  count({ span, parts: getCostParts(span), spans })
}

/**
 * Turns spans of any origin into the metrics of the conventions and of agentel. Put it last: it counts what the
 * enrichers before it found.
 *
 * @example
 * const metrics = metricsEnricher()
 * new PeriodicExportingMetricReader({ exporter, metricProducers: [metrics.metricProducer()] })
 * new TracerProvider({ spanProcessors: [enricherProcessor([costEnricher(), metrics])] })
 */
export function metricsEnricher(options: MetricsEnricherOptions = {}): MetricsEnricher {
  const instruments = options.instruments ?? 'auto'
  let producers = 0
  let recorder: Recorder | undefined
  // Decided at the first span: by then the host has its meter provider, and producers have been asked for.
  const started = (): Recorder => {
    if (recorder !== undefined) return recorder
    const own = instruments === 'producer' || (instruments === 'auto' && producers > 0)
    recorder = createRecorder(options, own ? undefined : (options.meter ?? metrics.getMeter(SCOPE_NAME, SCOPE_VERSION)))
    return recorder
  }
  const endSessions = (): void => {
    recorder?.catchUp()
    recorder?.sessions.endAll()
  }
  return {
    name: 'metrics',
    onStart: (span, parentContext) => started().onStart(span, parentContext),
    onEnd: (span) => started().onEnd(span),
    shutdown() {
      endSessions()
      return Promise.resolve()
    },
    metricProducer({ temporality = 'cumulative' } = {}) {
      if (instruments === 'sdk')
        throw new Error(
          "metricsEnricher: instruments is 'sdk', so there is no metric producer; use 'auto' or 'producer'",
        )
      producers += 1
      return createMetricProducer(
        () => recorder?.store,
        temporality,
        () => {
          recorder?.catchUp()
          recorder?.sessions.expire(Date.now())
        },
      )
    },
    endSession(sessionId) {
      recorder?.catchUp()
      return recorder?.sessions.end(sessionId) ?? false
    },
    endSessions,
  }
}
