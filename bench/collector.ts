/**
 * CPU, throughput and memory of the collector with the shipped configuration, redaction on, as a ratio to a bare
 * otlp -> discard pipeline: the same spans, in the same run, taken in turns. What it sends on goes to a second bare one. Wants `pnpm stack build`.
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

/** Takes spans and does nothing with them: what the shipped one is compared with, and what it sends to. */
async function bareCollector(name: string): Promise<ServerProcess & { readonly http: string; readonly grpc: string }> {
  const { collectorHttp, collectorGrpc, collectorHealth: health } = await freePorts()
  const [http, grpc] = [`127.0.0.1:${collectorHttp}`, `127.0.0.1:${collectorGrpc}`]
  const config = {
    extensions: { health_check: { endpoint: `127.0.0.1:${health}` } },
    receivers: {
      otlp: { protocols: { http: { endpoint: http }, grpc: { endpoint: grpc, max_recv_msg_size_mib: 64 } } },
    },
    exporters: { debug: { verbosity: 'basic', sampling_initial: 1, sampling_thereafter: 1_000_000 } },
    service: {
      extensions: ['health_check'],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['debug'] } },
    },
  }
  const file = join(folder, `${name}.json`)
  writeFileSync(file, JSON.stringify(config))
  const server = serverProcess({
    name,
    command: programPath('otelcol'),
    args: ['--config', file],
    folder,
    log: join(folder, `${name}.log`),
    ready: `http://127.0.0.1:${health}/`,
  })
  await server.start()
  return Object.assign(server, { http: `http://${http}`, grpc })
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
const bare = await bareCollector('bare')
// Not Jaeger, which would work on the other core all the while that the shipped one is measured, and not while the bare one is.
const backend = await bareCollector('backend')
const JAEGER_OTLP = backend.grpc
const stack = await startStack({
  folder: join(folder, 'shipped'),
  ports: await freePorts(),
  collectorEnv: { JAEGER_OTLP },
})
/** With the decisions of deploy/otelcol/sampling.yaml, which keeps all here: what it keeps not would cost less. */
const sampling = await startStack({
  folder: join(folder, 'sampling'),
  ports: await freePorts(),
  collectorFiles: ['deploy/otelcol/sampling.yaml'],
  collectorEnv: { JAEGER_OTLP, OTELCOL_DECISION_WAIT: '1s', OTELCOL_KEEP_PERCENT: '100' },
})
const passedOn = (one: Stack) => (): Promise<number> =>
  collectorSum(one.urls.collectorMetrics, 'otelcol_exporter_sent_spans')
const [pid, url] = [stack.collector.pid!, stack.urls.otlp]
try {
  const taken = await rounds({
    bare: { pid: bare.pid!, url: bare.http, bodies },
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
  await Promise.all([bare.stop(), stack.stop(), sampling.stop(), backend.stop()])
  rmSync(folder, { recursive: true, force: true })
}
