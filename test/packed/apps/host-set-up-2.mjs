// The host's own set-up on api 1.9 and the SDK 2 line.
import { logs } from '@opentelemetry/api-logs'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

export function setUp(processors = []) {
  const resource = resourceFromAttributes({ 'service.name': 'host' })
  const spanExporter = new InMemorySpanExporter()
  new NodeTracerProvider({
    resource,
    spanProcessors: [...processors, new SimpleSpanProcessor(spanExporter)],
  }).register()
  const logExporter = new InMemoryLogRecordExporter()
  const provider = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter: logExporter })],
  })
  logs.setGlobalLoggerProvider(provider)
  return {
    emit: (context) => logs.getLogger('host').emit({ body: 'host log', context }),
    spans: () => spanExporter.getFinishedSpans(),
    logs: () => logExporter.getFinishedLogRecords(),
  }
}
