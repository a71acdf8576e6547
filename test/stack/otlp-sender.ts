/** Sends spans and log records of one's own making to the collector, in OTLP/JSON: past the SDK and its redaction. */
import { randomBytes } from 'node:crypto'

/** An attribute in OTLP/JSON. */
export interface KeyValue {
  readonly key: string
  readonly value: object
}

/** An attribute that is a text. */
export function text(key: string, stringValue: string): KeyValue {
  return { key, value: { stringValue } }
}

/** A span in OTLP/JSON, that took a second. */
export function span(name: string, more: object = {}): { traceId: string; spanId: string; name: string } {
  const end = BigInt(Date.now()) * 1_000_000n
  const times = { kind: 3, startTimeUnixNano: String(end - 1_000_000_000n), endTimeUnixNano: String(end) }
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name,
    ...times,
    ...more,
  }
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
}

const resourceOf = (service: string, more: readonly KeyValue[]): object => ({
  attributes: [text('service.name', service), ...more],
})

/** Sends spans of a service; rejects when the collector does not take them. */
export function sendSpans(
  otlp: string,
  service: string,
  spans: readonly object[],
  resource: readonly KeyValue[] = [],
): Promise<void> {
  return post(`${otlp}/v1/traces`, {
    resourceSpans: [{ resource: resourceOf(service, resource), scopeSpans: [{ scope: { name: 'test' }, spans }] }],
  })
}

/** Sends log records of a service. */
export function sendLogs(otlp: string, service: string, logRecords: readonly object[]): Promise<void> {
  return post(`${otlp}/v1/logs`, {
    resourceLogs: [{ resource: resourceOf(service, []), scopeLogs: [{ scope: { name: 'test' }, logRecords }] }],
  })
}

/** Sends metrics of a service. */
export function sendMetrics(
  otlp: string,
  service: string,
  metrics: readonly object[],
  resource: readonly KeyValue[] = [],
): Promise<void> {
  return post(`${otlp}/v1/metrics`, {
    resourceMetrics: [
      { resource: resourceOf(service, resource), scopeMetrics: [{ scope: { name: 'test' }, metrics }] },
    ],
  })
}

/** Sends a counter with these attributes. */
export function sendCounter(
  otlp: string,
  service: string,
  name: string,
  attributes: readonly KeyValue[],
): Promise<void> {
  const now = String(BigInt(Date.now()) * 1_000_000n)
  const dataPoints = [{ asInt: '1', startTimeUnixNano: now, timeUnixNano: now, attributes }]
  return sendMetrics(otlp, service, [{ name, sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints } }])
}
