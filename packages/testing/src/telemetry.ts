import {
  type ContextManager,
  type TextMapPropagator,
  context,
  logs,
  metrics,
  propagation,
  trace,
} from '@opentelemetry/api'
import { ATTR_SERVICE_NAME } from '@agentel/semconv'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { LoggerProvider, type LogRecordProcessor, type ReadWriteLogRecord } from '@opentelemetry/sdk-logs'
import { MeterProvider, type MetricData, type MetricProducer, MetricReader } from '@opentelemetry/sdk-metrics'
import { type ReadableSpan, type Sampler, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

/** What to put into the providers; everything has a default. */
export interface TestTelemetryOptions {
  /** Run before the collecting one, in this order. */
  readonly spanProcessors?: readonly SpanProcessor[]
  readonly logRecordProcessors?: readonly LogRecordProcessor[]
  readonly metricProducers?: readonly MetricProducer[]
  /** Always on by default. */
  readonly sampler?: Sampler
  /** W3C trace context and baggage by default. */
  readonly propagator?: TextMapPropagator
  readonly contextManager?: ContextManager
  /** `false`: no logger provider is registered. */
  readonly logs?: boolean
}

/** The telemetry of a test. */
export interface TestTelemetry {
  /** Sampled spans that have ended, in the order in which they did: what an exporter would get. */
  spans(): ReadableSpan[]
  /** All recorded spans that have ended, sampled or not. */
  recordedSpans(): ReadableSpan[]
  /** Names of the recorded spans that were started since the last reset and have not ended. */
  openSpans(): string[]
  /** The only span of this name. Throws, with the names there are, when there is none or more than one. */
  span(name: string): ReadableSpan
  /** Log records in the order in which they were written; events are those with an `eventName`. */
  logs(): ReadWriteLogRecord[]
  /** The metrics of all scopes, collected now. */
  metrics(): Promise<MetricData[]>
  /** Forgets spans and log records. Metrics are cumulative and stay. */
  reset(): void
  /** Takes the providers away again, so that the next test can register its own. */
  shutdown(): Promise<void>
}

/**
 * Registers in-memory providers (SDK 3) as the global ones.
 *
 * @throws Error when another provider is registered: telemetry would go there
 * @example
 * const telemetry = createTestTelemetry()
 * afterEach(() => telemetry.reset())
 * afterAll(() => telemetry.shutdown())
 */
export function createTestTelemetry(options: TestTelemetryOptions = {}): TestTelemetry {
  const ended: ReadableSpan[] = []
  const open = new Map<string, ReadableSpan>()
  const records: ReadWriteLogRecord[] = []
  const resource = resourceFromAttributes({ [ATTR_SERVICE_NAME]: 'test' })
  const reader = new OnDemandReader(options.metricProducers)
  const tracerProvider = new TracerProvider({
    resource,
    ...(options.sampler ? { sampler: options.sampler } : {}),
    spanProcessors: [...(options.spanProcessors ?? []), spanCollector(ended, open)],
  })
  const loggerProvider = new LoggerProvider({
    resource,
    processors: [...(options.logRecordProcessors ?? []), logCollector(records)],
  })
  const meterProvider = new MeterProvider({ resource, readers: [reader] })
  register(options, tracerProvider, loggerProvider, meterProvider)
  return {
    spans: () => ended.filter((span) => (span.spanContext().traceFlags & 1) === 1),
    recordedSpans: () => [...ended],
    openSpans: () => Array.from(open.values(), ({ name }) => name),
    span: (name) => only(ended, name),
    logs: () => [...records],
    metrics: () => reader.metrics(),
    reset: () => {
      ended.length = 0
      open.clear()
      records.length = 0
    },
    shutdown: async () => {
      unregister()
      await Promise.allSettled([tracerProvider.shutdown(), loggerProvider.shutdown(), meterProvider.shutdown()])
    },
  }
}

function register(
  options: TestTelemetryOptions,
  tracerProvider: TracerProvider,
  loggerProvider: LoggerProvider,
  meterProvider: MeterProvider,
): void {
  const contextManager = options.contextManager ?? new AsyncLocalStorageContextManager().enable()
  const propagator =
    options.propagator ??
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] })
  const registrations: [{ disable(): void }, () => boolean][] = [
    [trace, () => trace.setGlobalTracerProvider(tracerProvider)],
    [metrics, () => metrics.setGlobalMeterProvider(meterProvider)],
    [logs, () => options.logs === false || logs.setGlobalLoggerProvider(loggerProvider)],
    [context, () => context.setGlobalContextManager(contextManager)],
    [propagation, () => propagation.setGlobalPropagator(propagator)],
  ]
  const refused = registrations.findIndex(([, set]) => !set())
  if (refused < 0) return
  // What was there before us stays; what we have put beside it goes.
  for (const [api] of registrations.slice(0, refused)) api.disable()
  throw new Error(
    'createTestTelemetry: another OpenTelemetry provider is registered in this process already. ' +
      'Call shutdown() of the earlier test telemetry first, and set up no SDK in the test itself.',
  )
}

function unregister(): void {
  for (const api of [trace, metrics, logs, context, propagation]) api.disable()
}

function only(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const found = spans.filter((span) => span.name === name)
  if (found.length === 1) return found[0]!
  throw new Error(
    `${found.length} spans are called "${name}"; there are: ${spans.map((span) => span.name).join(', ') || 'none'}`,
  )
}

function spanCollector(ended: ReadableSpan[], open: Map<string, ReadableSpan>): SpanProcessor {
  return {
    onStart: (span) => void open.set(span.spanContext().spanId, span),
    onEnd: (span) => {
      open.delete(span.spanContext().spanId)
      ended.push(span)
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  }
}

function logCollector(into: ReadWriteLogRecord[]): LogRecordProcessor {
  return {
    onEmit: (record) => void into.push(record),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  }
}

class OnDemandReader extends MetricReader {
  constructor(metricProducers: readonly MetricProducer[] = []) {
    super({ metricProducers: [...metricProducers] })
  }

  async metrics(): Promise<MetricData[]> {
    const { resourceMetrics, errors } = await this.collect()
    if (errors.length > 0) throw new AggregateError(errors, 'collecting metrics failed')
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve()
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve()
  }
}
