import { diag } from '@opentelemetry/api'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { metricDefinitions } from '@agentel/semconv/registry'
import { PrometheusExporter } from '../src/exporters/prometheus.ts'

/** A process that has recorded every metric of the registry once, for Prometheus to fetch at `port` and sent to `otlp`. */
export async function recordEverything(otlp: string, port: number): Promise<{ stop(): Promise<void> }> {
  const exporter = new OTLPMetricExporter({ url: `${otlp}/v1/metrics` })
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': 'both', 'service.instance.id': 'one', 'process.pid': 7 }),
    readers: [
      new PrometheusExporter({ host: '127.0.0.1', port }),
      new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 }),
    ],
  })
  const meter = provider.getMeter('everything')
  const labels = { 'gen_ai.agent.name': 'writer', 'agentel.guardrail.triggered': 'true' }
  for (const { name, instrument, unit, buckets } of metricDefinitions) {
    const options = { unit, advice: { explicitBucketBoundaries: [...(buckets ?? [1])] } }
    if (instrument === 'counter') meter.createCounter(name, options).add(1, labels)
    else if (instrument === 'updowncounter') meter.createUpDownCounter(name, options).add(1, labels)
    else if (instrument === 'gauge') meter.createGauge(name, options).record(1, labels)
    else meter.createHistogram(name, options).record(1, labels)
  }
  await provider.forceFlush()
  return { stop: () => provider.shutdown() }
}

/** What an endpoint on a taken port says to `diag`. */
export async function openOnTakenPort(port: number, patience: number): Promise<string> {
  const said: string[] = []
  const ignore = (): void => {}
  const error = (...args: unknown[]): void => void said.push(args.map(String).join(' '))
  diag.setLogger({ error, warn: ignore, info: ignore, debug: ignore, verbose: ignore })
  const exporter = new PrometheusExporter({ host: '127.0.0.1', port })
  await new Promise((resolve) => setTimeout(resolve, patience))
  diag.disable()
  await exporter.shutdown()
  return said.join('\n')
}
