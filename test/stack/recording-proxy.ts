/** Stands before the collector, keeps what was sent in OTLP/JSON, and passes it on: what the backends must hold. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

interface KeyValue {
  key: string
  value: Record<string, unknown>
}
interface Resource {
  attributes?: KeyValue[]
}
interface Point {
  attributes?: KeyValue[]
  startTimeUnixNano: string
  asInt?: string | number
  asDouble?: number
  count?: string | number
  sum?: number
}
interface Metric {
  name: string
  unit?: string
  gauge?: { dataPoints: Point[] }
  sum?: { isMonotonic?: boolean; aggregationTemporality: number; dataPoints: Point[] }
  histogram?: { aggregationTemporality: number; dataPoints: Point[] }
}
interface Payload {
  resourceSpans?: { scopeSpans: { spans: { traceId: string; spanId: string }[] }[] }[]
  resourceLogs?: { scopeLogs: { logRecords: { eventName?: string; traceId?: string }[] }[] }[]
  resourceMetrics?: { resource: Resource; scopeMetrics: { scope: object; metrics: Metric[] }[] }[]
}

/** The end values of a metric, over all its series. */
export interface MetricTotal {
  readonly name: string
  readonly unit: string
  readonly kind: 'counter' | 'histogram'
  /** Of a counter its value, of a histogram its sum. */
  sum: number
  /** Of a histogram the number of its observations. */
  count: number
}

/** A running proxy. */
export interface RecordingProxy {
  readonly url: string
  /** Trace and span id of each span, as `trace/span`. */
  spans(): string[]
  /** Event name (empty when none) and trace id of each log record. */
  logs(): { event: string; traceId: string }[]
  /** Counters and histograms by name. */
  metrics(): MetricTotal[]
  /** How many points of metrics there were. */
  points(): number
  close(): Promise<void>
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** All series are cumulative: the last point of each counts. */
function lastPoints(payloads: readonly Payload[]): Map<string, { metric: Metric; point: Point }> {
  const last = new Map<string, { metric: Metric; point: Point }>()
  for (const { resource, scopeMetrics } of payloads.flatMap(({ resourceMetrics }) => resourceMetrics ?? []))
    for (const { scope, metrics } of scopeMetrics)
      for (const metric of metrics) {
        if (metric.sum !== undefined && metric.sum.isMonotonic !== true) continue
        for (const point of metric.sum?.dataPoints ?? metric.histogram?.dataPoints ?? []) {
          const series = JSON.stringify([resource.attributes, scope, metric.name, point.attributes])
          last.set(series, { metric, point })
        }
      }
  return last
}

function totalsOf(payloads: readonly Payload[]): MetricTotal[] {
  const totals = new Map<string, MetricTotal>()
  for (const { metric, point } of lastPoints(payloads).values()) {
    const kind = metric.sum === undefined ? 'histogram' : 'counter'
    const total = totals.get(metric.name) ?? { name: metric.name, unit: metric.unit ?? '', kind, sum: 0, count: 0 }
    totals.set(metric.name, total)
    total.sum += kind === 'counter' ? Number(point.asInt ?? point.asDouble ?? 0) : (point.sum ?? 0)
    total.count += Number(point.count ?? 0)
  }
  return [...totals.values()]
}

function pointsIn({ resourceMetrics = [] }: Payload): number {
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  return metrics.flatMap(({ gauge, sum, histogram }) => (gauge ?? sum ?? histogram)?.dataPoints ?? []).length
}

/** Starts a proxy before an OTLP/HTTP receiver; senders must use `http/json`. */
export async function startRecordingProxy(receiver: string): Promise<RecordingProxy> {
  const payloads: Payload[] = []
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const headers = { 'content-type': 'application/json' }
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    const answer = await fetch(receiver + (request.url ?? ''), { method: 'POST', headers, body: plain.toString() })
    // What was refused will be sent again.
    if (answer.ok) payloads.push(JSON.parse(plain.toString()) as Payload)
    response.writeHead(answer.status, headers).end(await answer.text())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const spansIn = ({ resourceSpans = [] }: Payload) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
  const logsIn = ({ resourceLogs = [] }: Payload) =>
    resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => payloads.flatMap(spansIn).map(({ traceId, spanId }) => `${traceId}/${spanId}`),
    logs: () => payloads.flatMap(logsIn).map(({ eventName = '', traceId = '' }) => ({ event: eventName, traceId })),
    metrics: () => totalsOf(payloads),
    points: () => payloads.reduce((sum, payload) => sum + pointsIn(payload), 0),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
