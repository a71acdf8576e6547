import { ATTR_SERVICE_NAME } from '@agentel/semconv'

/** A span to be sent. Times are milliseconds after {@link BASE}. */
export interface SpanSpec {
  readonly traceId?: string
  readonly spanId: string
  readonly parent?: string
  readonly name?: string
  readonly kind?: number
  readonly start?: number
  readonly duration?: number
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly error?: string
  readonly events?: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[]
}

/** An hour ago, so that the default window holds it. */
export const BASE: number = Date.now() - 1_800_000

export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'

/** Sixteen digits from a number. */
export function spanId(n: number): string {
  return (n + 1).toString(16).padStart(16, '0')
}

function anyValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value as Record<string, unknown>) } }
}

export function keyValues(attributes: Readonly<Record<string, unknown>>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function nanos(millis: number): string {
  return `${BigInt(Math.round((BASE + millis) * 1000)) * 1000n}`
}

function spanOf(spec: SpanSpec): object {
  const start = spec.start ?? 0
  return {
    traceId: spec.traceId ?? TRACE_ID,
    spanId: spec.spanId,
    ...(spec.parent === undefined ? {} : { parentSpanId: spec.parent }),
    name: spec.name ?? 'work',
    kind: spec.kind ?? 1,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(start + (spec.duration ?? 10)),
    attributes: keyValues(spec.attributes ?? {}),
    events: (spec.events ?? []).map((event) => ({
      timeUnixNano: nanos(start),
      name: event.name,
      attributes: keyValues(event.attributes),
    })),
    ...(spec.error === undefined ? {} : { status: { code: 2, message: spec.error } }),
  }
}

/** A trace request in OTLP/JSON. */
export function traceRequest(spans: readonly SpanSpec[], service = 'desk', scope = 'test'): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: keyValues({ [ATTR_SERVICE_NAME]: service }) },
        scopeSpans: [{ scope: { name: scope, version: '1.2.3' }, spans: spans.map(spanOf) }],
      },
    ],
  }
}

/** A log request in OTLP/JSON. */
export function logRequest(records: readonly Readonly<Record<string, unknown>>[], service = 'desk'): object {
  return {
    resourceLogs: [
      {
        resource: { attributes: keyValues({ [ATTR_SERVICE_NAME]: service }) },
        scopeLogs: [{ scope: { name: 'test' }, logRecords: records }],
      },
    ],
  }
}

/** Nanoseconds of a time of this test, as OTLP/JSON writes them. */
export const timeNanos: (millis: number) => string = nanos
