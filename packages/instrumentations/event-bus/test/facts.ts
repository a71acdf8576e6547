import type { TestTelemetry } from '@agentel/testing/telemetry'

/** Name, parent's name and attributes of each span, in the order in which they ended. */
export function facts(telemetry: TestTelemetry): unknown[] {
  const spans = telemetry.spans()
  const nameOf = (id: string | undefined) => spans.find((span) => span.spanContext().spanId === id)?.name
  return spans.map(({ name, parentSpanContext, attributes }) => ({
    name,
    parent: nameOf(parentSpanContext?.spanId),
    attributes: { ...attributes },
  }))
}

/** The attributes of an event at a stage. */
export function at(stage: string, type: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { 'agentel.event.type': type, 'agentel.event.stage': stage, ...more }
}
