import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { agentelPlugs } from '@agentel/sdk'
import { ConsoleMetricExporter, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { ConsoleSpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'

// A set-up as an application may have it already; the three lines with `agentel` are what is new.
const agentel = agentelPlugs()

const sdk = new NodeSDK({
  serviceName: 'existing-setup',
  instrumentations: [new OpenAIInstrumentation()],
  spanProcessors: [agentel.spanProcessor, new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() })],
  metricReaders: [
    new PeriodicExportingMetricReader({
      exporter: new ConsoleMetricExporter(),
      metricProducers: [agentel.metricProducer()],
    }),
  ],
})
sdk.start()
process.once('beforeExit', () => sdk.shutdown())
