/** What the backends of the stack hold, asked through their own APIs. */
import { setTimeout as sleep } from 'node:timers/promises'

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 500)}`)
  return JSON.parse(text) as T
}

/** Asks again until the answer is as wanted, or for a minute; gives the last answer, which the test then looks at. */
export async function eventually<T>(
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
  patience = 60_000,
): Promise<T> {
  const end = Date.now() + patience
  for (;;) {
    const answer = await ask()
    if (wanted(answer) || Date.now() > end) return answer
    await sleep(500)
  }
}

/** `trace/span` of each span that Jaeger has of these traces. */
export async function jaegerSpans(url: string, traceIds: Iterable<string>): Promise<string[]> {
  const found: string[] = []
  for (const traceId of new Set(traceIds)) {
    const response = await fetch(`${url}/api/traces/${traceId}`)
    if (response.status === 404) continue
    const { data } = (await response.json()) as { data: { spans: { traceID: string; spanID: string }[] }[] | null }
    for (const { spans } of data ?? []) found.push(...spans.map(({ traceID, spanID }) => `${traceID}/${spanID}`))
  }
  return found
}

/** All that Jaeger has of a service, as text. */
export async function jaegerText(url: string, service: string): Promise<string> {
  const query = new URLSearchParams({ service, limit: '1000', lookback: '1h' })
  return (await fetch(`${url}/api/traces?${query}`)).text()
}

interface PrometheusAnswer {
  data: { result: { metric: Record<string, string>; value: [number, string] }[] }
}

/** A series at one moment. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The series of an instant query, at a time in seconds since the epoch. */
export async function prometheusSamples(url: string, query: string, time: number): Promise<Sample[]> {
  const { data } = await get<PrometheusAnswer>(
    `${url}/api/v1/query?${new URLSearchParams({ query, time: String(time) })}`,
  )
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}

/** The values of an instant query, one for each series, at a time in seconds since the epoch. */
export async function prometheusValues(url: string, query: string, time: number): Promise<number[]> {
  return (await prometheusSamples(url, query, time)).map(({ value }) => value)
}

/** How many alerts fire, as Prometheus lists them. */
export async function firingAlerts(url: string): Promise<number> {
  const { data } = await get<{ data: { alerts: { state: string }[] } }>(`${url}/api/v1/alerts`)
  return data.alerts.filter(({ state }) => state === 'firing').length
}

/** The value of an instant query without labels; nothing when there is no series. */
export async function prometheusValue(url: string, query: string): Promise<number | undefined> {
  const { data } = await get<PrometheusAnswer>(`${url}/api/v1/query?${new URLSearchParams({ query })}`)
  return data.result[0] === undefined ? undefined : Number(data.result[0].value[1])
}

/** Trace ids of the exemplars of a metric. */
export async function exemplarTraces(url: string, query: string): Promise<string[]> {
  const now = Date.now() / 1000
  const range = { query, start: String(now - 3600), end: String(now + 60) }
  interface Answer {
    data: { exemplars: { labels: Record<string, string> }[] }[]
  }
  const { data } = await get<Answer>(`${url}/api/v1/query_exemplars?${new URLSearchParams(range)}`)
  return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels['trace_id'] ?? ''))
}

/** A log record of Loki: its line, and labels and structured metadata together. */
export interface LokiRecord {
  readonly line: string
  readonly labels: Readonly<Record<string, string>>
}

/** The records of the last hour, at most 5000. */
export async function lokiRecords(url: string, query: string): Promise<LokiRecord[]> {
  const range = {
    query,
    limit: '5000',
    start: String((Date.now() - 3_600_000) * 1e6),
    end: String((Date.now() + 60_000) * 1e6),
  }
  interface Answer {
    data: { result: { stream: Record<string, string>; values: [string, string][] }[] }
  }
  const { data } = await get<Answer>(`${url}/loki/api/v1/query_range?${new URLSearchParams(range)}`)
  return data.result.flatMap(({ stream, values }) => values.map(([, line]) => ({ line, labels: stream })))
}

/** The sum of a metric's series on the collector's own page, those whose line has `label`. */
export async function collectorSum(url: string, metric: string, label = ''): Promise<number> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n')
  const series = lines.filter((line) => line.startsWith(`${metric}{`) && line.includes(label))
  return series.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}
