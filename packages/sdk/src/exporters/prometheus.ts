/** Loaded only where `OTEL_METRICS_EXPORTER` names prometheus. */
export { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
