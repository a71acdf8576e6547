/**
 * CPU of the collector with the shipped configuration, redaction on, as a ratio to a bare otlp -> discard pipeline: the same
 * spans, in the same run, taken in turns. Wants `pnpm stack build`.
 * Run: node --conditions=@agentel/source bench/collector.ts
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programPath } from '../scripts/stack/binaries.ts'
import { freePorts } from '../scripts/stack/ports.ts'
import { type ServerProcess, serverProcess } from '../scripts/stack/server-process.ts'
import { startStack } from '../scripts/stack/start-stack.ts'
import { makeCorpus } from './console/corpus.ts'

const SPANS = 100_000
const ROUNDS = 3
const TICKS_PER_SECOND = 100

const folder = mkdtempSync(join(tmpdir(), 'agentel-bench-'))

/** User and system time of a process, in seconds. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

async function bareCollector(port: number, health: number): Promise<ServerProcess> {
  const config = {
    extensions: { health_check: { endpoint: `127.0.0.1:${health}` } },
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { debug: { verbosity: 'basic', sampling_initial: 1, sampling_thereafter: 1_000_000 } },
    service: {
      extensions: ['health_check'],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['debug'] } },
    },
  }
  const file = join(folder, 'bare.json')
  writeFileSync(file, JSON.stringify(config))
  const server = serverProcess({
    name: 'bare collector',
    command: programPath('otelcol'),
    args: ['--config', file],
    folder,
    log: join(folder, 'bare.log'),
    ready: `http://127.0.0.1:${health}/`,
  })
  await server.start()
  return server
}

async function send(url: string, bodies: readonly Buffer[]): Promise<void> {
  const headers = { 'content-type': 'application/x-protobuf' }
  for (const body of bodies) {
    const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body: new Uint8Array(body) })
    if (!response.ok) throw new Error(`the collector answered ${response.status}: ${await response.text()}`)
    await response.arrayBuffer()
  }
}

/** CPU microseconds per span, until nothing is left to do; sent one body after the other. */
async function measure(pid: number, url: string, bodies: readonly Buffer[], settle: number): Promise<number> {
  const before = cpuSeconds(pid)
  await send(url, bodies)
  await sleep(settle)
  return ((cpuSeconds(pid) - before) * 1e6) / SPANS
}

/** As our SDK sends them, and as senders do who know no prices. */
const { bodies } = makeCorpus(SPANS, 1000, 1, true)
const { bodies: unpriced } = makeCorpus(SPANS, 1000)
const barePorts = await freePorts()
const bare = await bareCollector(barePorts.collectorHttp, barePorts.collectorHealth)
const stack = await startStack({ folder: join(folder, 'shipped'), ports: await freePorts() })
/** With the decisions of deploy/otelcol/sampling.yaml, which keeps all here: what it keeps not would cost less. */
const sampling = await startStack({
  folder: join(folder, 'sampling'),
  ports: await freePorts(),
  collectorFiles: ['deploy/otelcol/sampling.yaml'],
  collectorEnv: { OTELCOL_DECISION_WAIT: '1s', OTELCOL_KEEP_PERCENT: '100' },
})
try {
  const rounds: { bare: number; shipped: number; pricing: number; sampled: number }[] = []
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({
      bare: await measure(bare.pid!, `http://127.0.0.1:${barePorts.collectorHttp}`, bodies, 500),
      shipped: await measure(stack.collector.pid!, stack.urls.otlp, bodies, 6000),
      pricing: await measure(stack.collector.pid!, stack.urls.otlp, unpriced, 6000),
      sampled: await measure(sampling.collector.pid!, sampling.urls.otlp, bodies, 6000),
    })
  const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
  const [plain, full, priced, sampled] = (['bare', 'shipped', 'pricing', 'sampled'] as const).map((kind) =>
    median(rounds.map((one) => one[kind])),
  ) as [number, number, number, number]
  const result = {
    unit: `CPU us per span, median of ${ROUNDS} rounds of ${SPANS} spans with content`,
    bare: Number(plain.toFixed(1)),
    shipped: Number(full.toFixed(1)),
    ratio: Number((full / plain).toFixed(2)),
    shippedAndPricing: Number(priced.toFixed(1)),
    ratioPricing: Number((priced / plain).toFixed(2)),
    shippedAndSampling: Number(sampled.toFixed(1)),
    ratioSampling: Number((sampled / plain).toFixed(2)),
    command: 'node --conditions=@agentel/source bench/collector.ts',
    peakMemoryMiB:
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${stack.collector.pid}/status`, 'utf8'))?.[1]) / 1024,
    machine: cpus()[0]?.model ?? 'unknown',
  }
  console.log(result)
  writeFileSync(new URL('results/collector.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
} finally {
  await Promise.all([bare.stop(), stack.stop(), sampling.stop()])
  rmSync(folder, { recursive: true, force: true })
}
