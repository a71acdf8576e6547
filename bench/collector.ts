/**
 * CPU, throughput and memory of the collector with the shipped configuration, redaction on, as a ratio to a bare
 * otlp -> discard pipeline: the same spans, in the same run, taken in turns. Wants `pnpm stack build`.
 * Run: node --conditions=@agentel/source bench/collector.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programPath } from '../scripts/stack/binaries.ts'
import { freePorts } from '../scripts/stack/ports.ts'
import { type ServerProcess, serverProcess } from '../scripts/stack/server-process.ts'
import { type Stack, startStack } from '../scripts/stack/start-stack.ts'
import { collectorSum } from '../test/stack/backends.ts'
import { cpuSeconds, peakResidentBytes } from '../test/stack/process-figures.ts'
import { makeCorpus } from './console/corpus.ts'

const SPANS = 100_000
const ROUNDS = 5
const SENDERS = 4

const folder = mkdtempSync(join(tmpdir(), 'agentel-bench-'))

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

/** Something that takes spans. */
interface Variant {
  readonly pid: number
  readonly url: string
  readonly bodies: readonly Buffer[]
  /** How many spans it has passed on so far; the bare one has passed on what it took. */
  passedOn?(): Promise<number>
}

async function send({ url, bodies }: Variant): Promise<void> {
  const headers = { 'content-type': 'application/x-protobuf' }
  let next = 0
  const sender = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body: new Uint8Array(body) })
      if (!response.ok) throw new Error(`the collector answered ${response.status}: ${await response.text()}`)
      await response.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
}

/** One round of a variant. */
interface Round {
  /** CPU microseconds per span, until nothing is left to do. */
  readonly cpu: number
  /** Spans a second, until the last was passed on. */
  readonly throughput: number
}

async function measure(variant: Variant): Promise<Round> {
  const { pid, passedOn } = variant
  const wanted = passedOn === undefined ? 0 : (await passedOn()) + SPANS
  const [before, started] = [cpuSeconds(pid), performance.now()]
  await send(variant)
  while (passedOn !== undefined && (await passedOn()) < wanted) await sleep(100)
  const seconds = (performance.now() - started) / 1000
  // Metrics of the last spans, and the end of batches that wait.
  await sleep(3000)
  return { cpu: ((cpuSeconds(pid) - before) * 1e6) / SPANS, throughput: SPANS / seconds }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

/** Each round takes all variants in turn, beginning with another one each time. */
async function rounds<Name extends string>(variants: Readonly<Record<Name, Variant>>): Promise<Record<Name, Round>[]> {
  const names = Object.keys(variants) as Name[]
  for (const name of names) await measure(variants[name])
  const taken: Record<Name, Round>[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const order = names.map((_, i) => names[(i + round) % names.length]!)
    const one = {} as Record<Name, Round>
    for (const name of order) one[name] = await measure(variants[name])
    taken.push(one)
    console.log(`round ${round + 1}: ${names.map((name) => `${name} ${one[name].cpu.toFixed(1)} us`).join(', ')}`)
  }
  return taken
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
const passedOn = (one: Stack) => (): Promise<number> =>
  collectorSum(one.urls.collectorMetrics, 'otelcol_exporter_sent_spans')
const [pid, url] = [stack.collector.pid!, stack.urls.otlp]
try {
  const taken = await rounds({
    bare: { pid: bare.pid!, url: `http://127.0.0.1:${barePorts.collectorHttp}`, bodies },
    shipped: { pid, url, bodies, passedOn: passedOn(stack) },
    shippedAndPricing: { pid, url, bodies: unpriced, passedOn: passedOn(stack) },
    shippedAndSampling: {
      pid: sampling.collector.pid!,
      url: sampling.urls.otlp,
      bodies,
      passedOn: passedOn(sampling),
    },
  })
  const peaks = { bare: bare.pid!, shipped: pid, shippedAndSampling: sampling.collector.pid! }
  const figures = (name: keyof (typeof taken)[number]): object => {
    const ratios = taken.map((round) => round[name].cpu / round.bare.cpu).toSorted((a, b) => a - b)
    return {
      cpuMicrosecondsPerSpan: rounded(median(taken.map((round) => round[name].cpu)), 1),
      ratio: rounded(median(ratios), 2),
      ratioFromTo: [rounded(ratios[0]!, 2), rounded(ratios.at(-1)!, 2)],
      spansPerSecond: Math.round(median(taken.map((round) => round[name].throughput))),
    }
  }
  const result = {
    what: `median of ${ROUNDS} rounds of ${SPANS} spans with content, each round all four in turn; ratios are of the same round`,
    bare: figures('bare'),
    shipped: figures('shipped'),
    shippedAndPricing: figures('shippedAndPricing'),
    shippedAndSampling: figures('shippedAndSampling'),
    peakMemoryMiB: Object.fromEntries(
      Object.entries(peaks).map(([name, one]) => [name, Math.round(peakResidentBytes(one) / 2 ** 20)]),
    ),
    command: 'node --conditions=@agentel/source bench/collector.ts',
    machine: cpus()[0]?.model ?? 'unknown',
  }
  console.log(result)
  writeFileSync(new URL('results/collector.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
} finally {
  await Promise.all([bare.stop(), stack.stop(), sampling.stop()])
  rmSync(folder, { recursive: true, force: true })
}
