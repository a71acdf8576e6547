/** Loaded only where `OTEL_METRICS_EXPORTER` names prometheus. */
import { PrometheusExporter as Exporter } from '@opentelemetry/exporter-prometheus'
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics'

/** As the collector's exporter spells units (https://github.com/prometheus/otlptranslator). */
const UNITS: Readonly<Record<string, string>> = {
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  KBy: 'kilobytes',
  MBy: 'megabytes',
  GBy: 'gigabytes',
  '%': 'percent',
}

/** Resource attributes that the collector leaves out, too: each process would have series of its own names. */
const LABELS = /^(?!(?:process|host|telemetry|os)\.)/

function unitOf({ descriptor: { unit }, dataPointType }: MetricData): string {
  if (unit === '1') return dataPointType === DataPointType.GAUGE ? 'ratio' : ''
  return UNITS[unit] ?? (unit.startsWith('{') ? '' : unit.replaceAll(/[^a-zA-Z0-9]+/g, '_'))
}

/** The metric with its unit in its name. */
function withUnit(metric: MetricData): MetricData {
  const unit = unitOf(metric)
  const { descriptor } = metric
  if (unit === '' || descriptor.name.split(/[._]/).includes(unit)) return metric
  return { ...metric, descriptor: { ...descriptor, name: `${descriptor.name.replace(/[._]total$/, '')}_${unit}` } }
}

const named = ({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics => ({
  resource,
  scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(withUnit) })),
})

/**
 * OpenTelemetry's exporter, with names (`…_seconds`, `…_ratio`) and labels as the way through the collector has them, so that
 * one set of rules and dashboards serves both.
 */
export class PrometheusExporter extends Exporter {
  constructor(config: ConstructorParameters<typeof Exporter>[0] = {}) {
    super({ withResourceConstantLabels: LABELS, ...config })
  }

  override async collect(...options: Parameters<Exporter['collect']>): ReturnType<Exporter['collect']> {
    const collected = await super.collect(...options)
    return { ...collected, resourceMetrics: named(collected.resourceMetrics) }
  }
}
