import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '@agentel/testing/redis-server'
import type { EventList, MetricSeriesList, Transaction, WorkerList } from '../../../../console/src/api/contract.ts'
import { startConsole } from '../../../../console/src/index.ts'
import { type Ledger, orderId } from './ledger.ts'

const REGISTER = join(import.meta.dirname, '../../../../sdk/src/register.ts')
const SHOP = join(import.meta.dirname, 'shop-process.ts')
const PATIENCE_MS = 60_000

/** What the console tells of a run of the shop. */
export interface ShopRun {
  /** The same figures as the ledger's, read from the console. */
  readonly told: Ledger
  /** `agentel.events` by type and stage, summed over the processes. */
  readonly metrics: Readonly<Record<string, number>>
  /** What the processors of the three say of their spans and log records, by `service signal outcome`. */
  readonly processed: Readonly<Record<string, number>>
  readonly events: EventList
  readonly workers: WorkerList
  /** The stages of each order as `type stage`, in order. */
  readonly stages: readonly (readonly string[])[]
  /** Seconds from the first order to the last process's end. */
  readonly seconds: number
}

async function get<T>(url: string, path: string): Promise<T> {
  const response = await fetch(url + path)
  if (!response.ok) throw new Error(`${path} gave ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

function start(role: string, port: number, orders: number, url: string): ChildProcess {
  const args = ['--conditions=@agentel/source', '--import', REGISTER, SHOP, role, String(port), String(orders)]
  return spawn(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      PATH: process.env.PATH,
      OTEL_SERVICE_NAME: role,
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    },
  })
}

/** Sends orders through three processes on a Redis of their own, and reads what became of them from a console. */
export async function runShop(orders: number): Promise<ShopRun> {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-shop-'))
  const redis = await startRedis()
  const running = await startConsole({ port: 0, grpcPort: false, dataFile: join(folder, 'console.db') })
  const { url } = running
  try {
    const began = performance.now()
    const shop = ['mailer', 'packer', 'producer'].map((role) => start(role, redis.port, orders, url))
    const codes = await Promise.all(shop.map(async (one) => (await once(one, 'close'))[0] as number | null))
    if (codes.some((code) => code !== 0)) throw new Error(`the processes ended with ${codes.join(', ')}`)
    const seconds = (performance.now() - began) / 1000
    return { seconds, ...(await readFigures(url, orders)) }
  } finally {
    await running.stop()
    await redis.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The console writes what it took within its own time: asks until nothing more comes. */
async function settledEvents(url: string): Promise<EventList> {
  const end = Date.now() + PATIENCE_MS
  let before = ''
  for (;;) {
    const list = await get<EventList>(url, '/api/events')
    const now = JSON.stringify(list.rows.map(({ published, received }) => [published, received]))
    if ((now === before && list.rows.length > 0) || Date.now() > end) return list
    before = now
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function readFigures(url: string, orders: number): Promise<Omit<ShopRun, 'seconds'>> {
  const events = await settledEvents(url)
  const workers = await get<WorkerList>(url, '/api/workers')
  const stages: string[][] = []
  for (let n = 0; n < orders; n++) {
    const { stages: reached } = await get<Transaction>(url, `/api/transactions/${orderId(n)}`)
    stages.push(reached.map(({ type, stage }) => `${type} ${stage}`))
  }
  const told: Ledger = {
    events: Object.fromEntries(
      events.rows.map(({ type, published, received, completed, errors }) => [
        type,
        { published, received, completed, errors },
      ]),
    ),
    workers: Object.fromEntries(workers.rows.map(({ name, executions, errors }) => [name, { executions, errors }])),
  }
  return { told, metrics: await eventCounts(url), processed: await processedCounts(url), events, workers, stages }
}

type Series = MetricSeriesList['series'][number]

async function sumsBy(url: string, name: string, keyOf: (series: Series) => string): Promise<Record<string, number>> {
  const { series } = await get<MetricSeriesList>(url, `/api/metrics/series?name=${name}`)
  const sums: Record<string, number> = {}
  for (const one of series)
    sums[keyOf(one)] = (sums[keyOf(one)] ?? 0) + one.value.reduce<number>((sum, value) => sum + (value ?? 0), 0)
  return sums
}

const eventCounts = (url: string): Promise<Record<string, number>> =>
  sumsBy(
    url,
    'agentel.events',
    ({ attributes }) => `${String(attributes['agentel.event.type'])} ${String(attributes['agentel.event.stage'])}`,
  )

async function processedCounts(url: string): Promise<Record<string, number>> {
  const of = (signal: string) =>
    sumsBy(url, `otel.sdk.processor.${signal}.processed`, ({ service, attributes }) => {
      const { 'error.type': failure = 'exported' } = attributes
      return `${service} ${signal} ${String(failure)}`
    })
  return { ...(await of('span')), ...(await of('log')) }
}
