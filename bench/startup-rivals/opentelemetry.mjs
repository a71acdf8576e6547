/**
 * What a careful person writes with OpenTelemetry's own packages: traces, metrics and logs, exported over the protocol
 * that OTEL_EXPORTER_OTLP_PROTOCOL names, flushed when the process ends.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(join(import.meta.dirname, '../../packages/sdk/package.json'))
const kind = process.env.OTEL_EXPORTER_OTLP_PROTOCOL === 'grpc' ? 'grpc' : 'proto'
const { context, metrics, trace } = require('@opentelemetry/api')
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks')
const { resourceFromAttributes } = require('@opentelemetry/resources')
const { BatchSpanProcessor, TracerProvider } = require('@opentelemetry/sdk-trace')
const { MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics')
const { BatchLogRecordProcessor, LoggerProvider } = require('@opentelemetry/sdk-logs')
const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${kind}`)
const { OTLPMetricExporter } = require(`@opentelemetry/exporter-metrics-otlp-${kind}`)
const { OTLPLogExporter } = require(`@opentelemetry/exporter-logs-otlp-${kind}`)

const resource = resourceFromAttributes({ 'service.name': 'bench' })
const tracerProvider = new TracerProvider({
  resource,
  spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
})
const meterProvider = new MeterProvider({
  resource,
  readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })],
})
const loggerProvider = new LoggerProvider({
  resource,
  processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
})
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
trace.setGlobalTracerProvider(tracerProvider)
metrics.setGlobalMeterProvider(meterProvider)
process.once('beforeExit', () =>
  Promise.all([tracerProvider.shutdown(), meterProvider.shutdown(), loggerProvider.shutdown()]),
)
