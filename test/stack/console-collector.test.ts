/**
 * The console's reader against the output of the real collector: what the collector writes to its own file in OTLP/JSON must be
 * what the console holds after having it from the collector by gRPC, by HTTP with gzip, and by HTTP in JSON.
 * `pnpm stack build` builds the collector.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningConsole, startConsole } from '../../packages/console/src/index.ts'
import { programPath } from '../../scripts/stack/binaries.ts'

const COLLECTOR = programPath('otelcol')
const PATIENCE_MS = 20_000
const WAYS = ['grpc', 'http', 'json'] as const

let folder: string
let collector: ChildProcess
let receiver: string
const consoles: RunningConsole[] = []

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
    if (Date.now() > end) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function configuration(port: number): object {
  const [grpc, http, json] = consoles
  const exporters = {
    'otlp_grpc/grpc': { endpoint: `127.0.0.1:${grpc!.grpcPort}`, tls: { insecure: true }, compression: 'gzip' },
    'otlp_http/http': { endpoint: http!.url, compression: 'gzip' },
    'otlp_http/json': { endpoint: json!.url, encoding: 'json', compression: 'none' },
    file: { path: join(folder, 'out.json') },
  }
  const pipeline = { receivers: ['otlp'], exporters: Object.keys(exporters) }
  return {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters,
    service: { telemetry: { metrics: { level: 'none' } }, pipelines: { traces: pipeline } },
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-collector-'))
  for (const way of WAYS)
    consoles.push(await startConsole({ port: 0, grpcPort: 0, dataFile: join(folder, `${way}.db`) }))
  const port = await freePort()
  receiver = `http://127.0.0.1:${port}`
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration(port)))
  collector = spawn(COLLECTOR, ['--config', join(folder, 'config.json')], { stdio: 'ignore' })
  await until(async () => ((await fetch(receiver)).status > 0 ? true : undefined))
})
afterAll(async () => {
  collector.kill()
  await Promise.all(consoles.map((running) => running.stop()))
  rmSync(folder, { recursive: true, force: true })
})

const VALUES: readonly object[] = [
  { stringValue: 'text é 漢字 \u{1f600}' },
  { boolValue: true },
  { intValue: '-9007199254740993' },
  { doubleValue: 0.1 },
  { bytesValue: Buffer.from([0, 1, 255]).toString('base64') },
  { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '7' }] } },
  { kvlistValue: { values: [{ key: 'k', value: { arrayValue: { values: [{ boolValue: true }] } } }] } },
]

function attributes(seed: number): object[] {
  return VALUES.map((value, i) => ({ key: `key.${seed}.${i}`, value }))
}

function spanOf(traceId: string, n: number): object {
  const start = BigInt(Date.now()) * 1_000_000n + BigInt(n) * 1_234_567n
  const times = { startTimeUnixNano: `${start}`, endTimeUnixNano: `${start + 987_654_321n}` }
  return {
    traceId,
    spanId: (n + 1).toString(16).padStart(16, '0'),
    ...(n === 0 ? {} : { parentSpanId: '1'.padStart(16, '0') }),
    traceState: 'a=b',
    name: `span ${n}`,
    kind: 1 + (n % 5),
    ...times,
    attributes: attributes(n),
    droppedAttributesCount: 3,
    events: [
      { timeUnixNano: `${start + 5n}`, name: 'event', attributes: attributes(n + 100), droppedAttributesCount: 1 },
    ],
    links: [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), attributes: attributes(n + 200), flags: 257 }],
    status: n % 2 === 0 ? { code: 2, message: 'broken' } : {},
    flags: 257,
  }
}

/** Without what one writer spells out and the other leaves to the default. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, comparable(inner)] as const)
    .filter(([, inner]) => !(Array.isArray(inner) && inner.length === 0) && inner !== '' && inner !== 0)
    .filter(([, inner]) => JSON.stringify(inner) !== '{}')
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

it('holds exactly what the collector wrote, whichever way it came', async () => {
  const traceId = '5b8efff798038103d269b633813fc60c'
  const request = {
    resourceSpans: [
      {
        resource: { attributes: attributes(1) },
        schemaUrl: 'https://example.test/resource',
        scopeSpans: [
          {
            scope: { name: 'scope', version: '1', attributes: attributes(2) },
            schemaUrl: 'https://example.test/scope',
            spans: Array.from({ length: 50 }, (_, n) => spanOf(traceId, n)),
          },
        ],
      },
    ],
  }
  const headers = { 'content-type': 'application/json' }
  expect(
    (await fetch(`${receiver}/v1/traces`, { method: 'POST', headers, body: JSON.stringify(request) })).status,
  ).toBe(200)
  const written = await until(async () => {
    const line = readFileSync(join(folder, 'out.json'), 'utf8').split('\n')[0]!
    return line === '' ? undefined : (JSON.parse(line) as unknown)
  })
  for (const running of consoles) {
    const held = await until(async () => {
      const answer = await fetch(`http://127.0.0.1:${running.httpPort}/api/traces/${traceId}/otlp`)
      return answer.ok ? ((await answer.json()) as unknown) : undefined
    })
    expect(comparable(held)).toEqual(comparable(written))
  }
})
