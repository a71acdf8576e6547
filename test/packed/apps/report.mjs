// Prints what the host's own exporters got.
export function report(spans, logs) {
  const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]))
  const parentOf = (span) => names.get(span.parentSpanContext?.spanId ?? span.parentSpanId) ?? null
  console.log(
    JSON.stringify({
      spans: spans.map((span) => ({
        name: span.name,
        scope: (span.instrumentationScope ?? span.instrumentationLibrary).name,
        parent: parentOf(span),
        kind: span.kind,
        status: span.status,
        attributes: span.attributes,
        events: span.events.length,
        resource: span.resource.attributes['service.name'],
      })),
      logs: logs.map(({ eventName, body, spanContext }) => ({
        eventName: eventName ?? null,
        body: body ?? null,
        span: names.get(spanContext?.spanId) ?? null,
      })),
    }),
  )
}
