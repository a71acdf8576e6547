/** The one exporter that all variants share: it serialises to OTLP protobuf, counts, and drops. */

/** What left the process, had it gone anywhere. */
export const emitted = { spans: 0, spanAttributes: 0, metricPoints: 0, metricNames: new Set<string>(), bytes: 0 }

const ok = { code: 0 }

/** `sdk` is the set of OpenTelemetry modules of the matrix folder, so that each variant runs on one copy. */
export function serialisingSpanExporter(sdk: any): any {
  const serializer = sdk.transformer.ProtobufTraceSerializer
  return {
    export(spans: any[], done: (result: object) => void) {
      emitted.bytes += serializer.serializeRequest(spans).byteLength
      emitted.spans += spans.length
      for (const span of spans) emitted.spanAttributes += Object.keys(span.attributes).length
      done(ok)
    },
    shutdown: async () => {},
    forceFlush: async () => {},
  }
}

export function serialisingMetricExporter(sdk: any): any {
  const serializer = sdk.transformer.ProtobufMetricsSerializer
  return {
    export(metrics: any, done: (result: object) => void) {
      emitted.bytes += serializer.serializeRequest(metrics).byteLength
      let points = 0
      for (const scope of metrics.scopeMetrics)
        for (const metric of scope.metrics) {
          points += metric.dataPoints.length
          emitted.metricNames.add(metric.descriptor.name)
        }
      emitted.metricPoints = points
      done(ok)
    },
    selectAggregationTemporality: () => 1,
    shutdown: async () => {},
    forceFlush: async () => {},
  }
}

/** A plain OpenTelemetry set-up: batch processor, periodic reader, the exporter above. */
export function plainPipeline(
  sdk: any,
  extra: { spanProcessors?: any[]; metricProducers?: any[]; sampler?: any; around?: (exporting: any) => any } = {},
): any {
  const resource = sdk.resources.resourceFromAttributes({ 'service.name': 'bench' })
  const tracerProvider = new sdk.trace.TracerProvider({
    resource,
    ...(extra.sampler ? { sampler: extra.sampler } : {}),
    spanProcessors: [
      ...(extra.spanProcessors ?? []),
      (extra.around ?? ((exporting) => exporting))(
        new sdk.trace.BatchSpanProcessor({ exporter: serialisingSpanExporter(sdk), maxQueueSize: 8192 }),
      ),
    ],
  })
  const reader = new sdk.metrics.PeriodicExportingMetricReader({
    exporter: serialisingMetricExporter(sdk),
    exportIntervalMillis: 2000,
    exportTimeoutMillis: 1000,
    ...(extra.metricProducers ? { metricProducers: extra.metricProducers } : {}),
  })
  const meterProvider = new sdk.metrics.MeterProvider({ resource, readers: [reader] })
  sdk.api.context.setGlobalContextManager(new sdk.contextManager.AsyncLocalStorageContextManager().enable())
  sdk.api.trace.setGlobalTracerProvider(tracerProvider)
  sdk.api.metrics.setGlobalMeterProvider(meterProvider)
  return {
    tracerProvider,
    meterProvider,
    async shutdown() {
      await tracerProvider.forceFlush()
      await meterProvider.forceFlush()
    },
  }
}
