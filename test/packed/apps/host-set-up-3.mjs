// The host's own set-up on api 1.10 and the SDK 3 line.
import { context, logs, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

export function setUp(processors = []) {
  const resource = resourceFromAttributes({ 'service.name': 'host' })
  const spanExporter = new InMemorySpanExporter()
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(
    new TracerProvider({
      resource,
      spanProcessors: [...processors, new SimpleSpanProcessor({ exporter: spanExporter })],
    }),
  )
  const logExporter = new InMemoryLogRecordExporter()
  const logProcessor = new SimpleLogRecordProcessor({ exporter: logExporter })
  logs.setGlobalLoggerProvider(new LoggerProvider({ resource, processors: [logProcessor] }))
  return {
    emit: (active) => logs.getLogger('host').emit({ body: 'host log', context: active }),
    spans: () => spanExporter.getFinishedSpans(),
    logs: () => logExporter.getFinishedLogRecords(),
  }
}
