import type { Attributes, SpanContext } from '@opentelemetry/api'
import type { ReadableSpanLike } from '@agentel/processor-kit'

/** Fields that exporters read and processors do not. */
type Exported = ReadableSpanLike & {
  ended?: boolean
  droppedAttributesCount?: number
  droppedEventsCount?: number
  droppedLinksCount?: number
}

/** A span as it is exported: it has ended, so what is different is in a copy, which shares all the rest. */
export function exportedSpan(span: ReadableSpanLike, attributes: Attributes, context: SpanContext): ReadableSpanLike {
  const all = span as Exported
  const copy = {
    name: all.name,
    kind: all.kind,
    attributes,
    status: all.status,
    events: all.events,
    links: all.links,
    startTime: all.startTime,
    endTime: all.endTime,
    duration: all.duration,
    ended: all.ended ?? true,
    parentSpanContext: all.parentSpanContext,
    instrumentationScope: all.instrumentationScope,
    resource: all.resource,
    droppedAttributesCount: all.droppedAttributesCount ?? 0,
    droppedEventsCount: all.droppedEventsCount ?? 0,
    droppedLinksCount: all.droppedLinksCount ?? 0,
    spanContext: () => context,
  }
  return copy
}
