/** Spans and logs written as OTLP/JSON by hand, so that what arrives is known to the last digit. */

export type Value = string | number | boolean | readonly Value[]

export interface SentSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  /** OTLP number: 1 internal, 3 client. */
  readonly kind?: number
  /** Epoch milliseconds. */
  readonly start: number
  /** Milliseconds. */
  readonly duration: number
  readonly attributes?: Readonly<Record<string, Value>>
  readonly error?: string
  readonly events?: readonly {
    readonly name: string
    readonly at: number
    readonly attributes: Readonly<Record<string, Value>>
  }[]
}

export interface SentLog {
  readonly time: number
  readonly severity: number
  readonly event?: string
  readonly body: string
  readonly traceId?: string
  readonly spanId?: string
  readonly attributes?: Readonly<Record<string, Value>>
}

const nanos = (milliseconds: number): string => String(BigInt(Math.round(milliseconds * 1000)) * 1000n)

function value(of: Value): unknown {
  if (typeof of === 'string') return { stringValue: of }
  if (typeof of === 'boolean') return { boolValue: of }
  if (typeof of === 'number') return Number.isInteger(of) ? { intValue: String(of) } : { doubleValue: of }
  return { arrayValue: { values: of.map(value) } }
}

const keyValues = (attributes: Readonly<Record<string, Value>> = {}) =>
  Object.entries(attributes).map(([key, of]) => ({ key, value: value(of) }))

function span(sent: SentSpan): unknown {
  return {
    traceId: sent.traceId,
    spanId: sent.spanId,
    ...(sent.parentSpanId && { parentSpanId: sent.parentSpanId }),
    name: sent.name,
    kind: sent.kind ?? 1,
    startTimeUnixNano: nanos(sent.start),
    endTimeUnixNano: nanos(sent.start + sent.duration),
    attributes: keyValues(sent.attributes),
    events: (sent.events ?? []).map(({ name, at, attributes }) => ({
      name,
      timeUnixNano: nanos(at),
      attributes: keyValues(attributes),
    })),
    ...(sent.error && { status: { code: 2, message: sent.error } }),
  }
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
}

const resource = (service: string) => ({ attributes: keyValues({ 'service.name': service }) })

/** Sends spans of one service; returns when they are stored. */
export async function sendSpans(base: string, spans: readonly SentSpan[], service = 'desk'): Promise<void> {
  for (let at = 0; at < spans.length; at += 2000) {
    const scopeSpans = [{ scope: { name: 'test', version: '1.0.0' }, spans: spans.slice(at, at + 2000).map(span) }]
    await post(`${base}/v1/traces`, { resourceSpans: [{ resource: resource(service), scopeSpans }] })
  }
}

/** Sends log records of one service. */
export async function sendLogs(base: string, logs: readonly SentLog[], service = 'desk'): Promise<void> {
  const logRecords = logs.map((log) => ({
    timeUnixNano: nanos(log.time),
    severityNumber: log.severity,
    body: { stringValue: log.body },
    attributes: keyValues(log.attributes),
    ...(log.event && { eventName: log.event }),
    ...(log.traceId && { traceId: log.traceId }),
    ...(log.spanId && { spanId: log.spanId }),
  }))
  await post(`${base}/v1/logs`, {
    resourceLogs: [{ resource: resource(service), scopeLogs: [{ scope: { name: 'test' }, logRecords }] }],
  })
}

/** A gauge with one series for each attribute set. */
export interface SentGauge {
  readonly name: string
  readonly unit: string
  readonly series: readonly {
    readonly attributes: Readonly<Record<string, Value>>
    readonly points: readonly { readonly time: number; readonly value: number }[]
  }[]
}

/** Sends gauges of one service. */
export async function sendGauges(base: string, gauges: readonly SentGauge[], service = 'desk'): Promise<void> {
  const metrics = gauges.map(({ name, unit, series }) => ({
    name,
    unit,
    gauge: {
      dataPoints: series.flatMap(({ attributes, points }) =>
        points.map(({ time, value: asDouble }) => ({
          timeUnixNano: nanos(time),
          asDouble,
          attributes: keyValues(attributes),
        })),
      ),
    },
  }))
  await post(`${base}/v1/metrics`, {
    resourceMetrics: [{ resource: resource(service), scopeMetrics: [{ scope: { name: 'test' }, metrics }] }],
  })
}

/** Sends what a counter of one service gained in the minute before. */
export async function sendIncrease(
  base: string,
  name: string,
  { time, value, attributes }: { time: number; value: number; attributes: SentLog['attributes'] & object },
  service = 'desk',
): Promise<void> {
  const point = { startTimeUnixNano: nanos(time - 60_000), timeUnixNano: nanos(time), asInt: String(value) }
  const dataPoints = [{ ...point, attributes: keyValues(attributes) }]
  const metric = { name, sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints } }
  await post(`${base}/v1/metrics`, {
    resourceMetrics: [{ resource: resource(service), scopeMetrics: [{ scope: { name: 'test' }, metrics: [metric] }] }],
  })
}
