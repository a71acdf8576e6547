/**
 * The console beside Jaeger v2 (badger, memory), the same bodies one after the other in one run. Needs `pnpm stack build`.
 * `node --conditions=@agentel/source bench/console/rivals.ts --spans 200000 [--out bench/results/console-rivals.json]`
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { programPath } from '../../scripts/stack/binaries.ts'
import { type Corpus, makeCorpus } from './corpus.ts'
import { sendByGrpc } from './grpc-sender.ts'
import {
  fileBytes,
  folderBytes,
  freePorts,
  IN_FLIGHT,
  send,
  startConsoleProcess,
  stop,
  usageOf,
  whenQuiet,
} from './measure.ts'

const { values: args } = parseArgs({
  options: { spans: { type: 'string', default: '200000' }, only: { type: 'string' }, out: { type: 'string' } },
})

/** Program or its storage, and protocol, in the order in which they are measured. */
const KINDS = ['console http', 'badger http', 'memory http', 'console grpc', 'badger grpc'] as const
/** Of the spans, so many are sent by gRPC. */
const GRPC_SHARE = 1

interface Figures {
  /** Acknowledged. */
  readonly spansPerSecond: number
  /** Until the process did nothing more: Jaeger acknowledges before it stores, the console after. */
  readonly storedSpansPerSecond: number
  readonly cpuSecondsPerMillion: number
  readonly peakMiB: number
  /** null: keeps nothing on disk. */
  readonly bytesPerSpan: number | null
}

interface Ports {
  readonly grpc: number
  readonly http: number
  readonly query: number
  readonly queryGrpc: number
  readonly health: number
}

function jaegerConfig(backend: object, ports: Ports): object {
  const at = (port: number) => ({ endpoint: `127.0.0.1:${port}` })
  return {
    service: {
      extensions: ['jaeger_storage', 'jaeger_query', 'healthcheckv2'],
      pipelines: { traces: { receivers: ['otlp'], processors: ['batch'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: { logs: { level: 'error' }, metrics: { level: 'none' } },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: at(ports.health) },
      jaeger_query: { storage: { traces: 'main' }, http: at(ports.query), grpc: at(ports.queryGrpc) },
      jaeger_storage: { backends: { main: backend } },
    },
    receivers: { otlp: { protocols: { grpc: at(ports.grpc), http: at(ports.http) } } },
    processors: { batch: {} },
    exporters: { jaeger_storage_exporter: { trace_storage: 'main' } },
  }
}

async function startJaeger(folder: string, backend: object): Promise<{ child: ChildProcess; ports: Ports }> {
  const [grpc, http, query, queryGrpc, health] = await freePorts(5)
  const ports = { grpc: grpc!, http: http!, query: query!, queryGrpc: queryGrpc!, health: health! }
  mkdirSync(folder, { recursive: true })
  const config = join(folder, 'jaeger.json')
  writeFileSync(config, JSON.stringify(jaegerConfig(backend, ports)))
  const child = spawn(programPath('jaeger'), ['--config', config], { stdio: 'ignore' })
  for (let tries = 0; tries < 100; tries++) {
    const response = await fetch(`http://127.0.0.1:${ports.health}/status`).catch(() => undefined)
    if (response?.ok) return { child, ports }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  child.kill()
  throw new Error('Jaeger did not come up')
}

interface Sending {
  readonly child: ChildProcess
  readonly spans: number
  run(): Promise<number>
  disk(): number | null
}

async function measure({ child, spans, run, disk }: Sending): Promise<Figures> {
  const pid = child.pid!
  const before = usageOf(pid).cpu
  const started = performance.now()
  const seconds = await run()
  const quiet = await whenQuiet(pid)
  const cpu = quiet.cpu - before
  const { peak } = usageOf(pid)
  await stop(child)
  const bytes = disk()
  return {
    spansPerSecond: Math.round(spans / seconds),
    storedSpansPerSecond: Math.round((spans * 1000) / (quiet.at - started)),
    cpuSecondsPerMillion: Number(((cpu * 1e6) / spans).toFixed(1)),
    peakMiB: Math.round(peak),
    bytesPerSpan: bytes === null ? null : Math.round(bytes / spans),
  }
}

async function measureConsole(
  folder: string,
  { spans, bodies }: Corpus,
  agent: Agent,
  grpc: boolean,
): Promise<Figures> {
  const file = join(folder, grpc ? 'grpc.db' : 'http.db')
  const { child, url, grpcUrl } = await startConsoleProcess(file)
  const run = () => (grpc ? sendByGrpc(grpcUrl, bodies, IN_FLIGHT) : send(agent, url, bodies))
  return measure({ child, spans, run, disk: () => fileBytes(file) })
}

async function measureJaeger(folder: string, { spans, bodies }: Corpus, agent: Agent, kind: string): Promise<Figures> {
  const [storage, protocol] = kind.split(' ')
  const data = join(folder, kind.replace(' ', '-'))
  const directories = { keys: join(data, 'keys'), values: join(data, 'values') }
  const badger = { badger: { directories, ephemeral: false, ttl: { spans: '48h' } } }
  const { child, ports } = await startJaeger(
    data,
    storage === 'badger' ? badger : { memory: { max_traces: 1_000_000 } },
  )
  const url = `http://127.0.0.1:${ports.http}`
  const grpcUrl = `http://127.0.0.1:${ports.grpc}`
  const run = () => (protocol === 'grpc' ? sendByGrpc(grpcUrl, bodies, IN_FLIGHT) : send(agent, url, bodies))
  return measure({ child, spans, run, disk: () => (storage === 'badger' ? folderBytes(data) : null) })
}

const ratio = (a: number, b: number): number => Number((a / b).toFixed(3))

/** What the console is held to, each as a ratio to a rival; what was not measured is left out. */
function ratiosOf(found: Readonly<Record<string, Figures>>): Record<string, number> {
  const to = (own: string, rival: string, of: keyof Figures): number => {
    const [a, b] = [found[own]?.[of], found[rival]?.[of]]
    return typeof a === 'number' && typeof b === 'number' ? ratio(a, b) : Number.NaN
  }
  const all = {
    'ingest over badger (at least 3)': to('console http', 'badger http', 'spansPerSecond'),
    'stored over badger': to('console http', 'badger http', 'storedSpansPerSecond'),
    'ingest over memory (at least 0.25)': to('console http', 'memory http', 'spansPerSecond'),
    'gRPC over badger (at least 3)': to('console grpc', 'badger grpc', 'spansPerSecond'),
    'gRPC stored over badger': to('console grpc', 'badger grpc', 'storedSpansPerSecond'),
    'CPU a span of badger (at most 0.2)': to('console http', 'badger http', 'cpuSecondsPerMillion'),
    'disk of badger (at most 0.35)': to('console http', 'badger http', 'bytesPerSpan'),
    'memory, MiB (at most 512)': found['console http']?.peakMiB ?? Number.NaN,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => !Number.isNaN(value)))
}

async function main(): Promise<void> {
  const loadBefore = Number(loadavg()[0]!.toFixed(1))
  const corpus = makeCorpus(Number(args.spans), 10_000)
  const few = Math.round(corpus.bodies.length * GRPC_SHARE)
  const part: Corpus = { ...corpus, bodies: corpus.bodies.slice(0, few), spans: Math.round(corpus.spans * GRPC_SHARE) }
  const folder = mkdtempSync(join(tmpdir(), 'agentel-rivals-'))
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
  const found: Record<string, Figures> = {}
  const note = (name: string, figures: Figures): void => {
    found[name] = figures
    console.log(name.padEnd(14), JSON.stringify(figures))
  }
  try {
    const chosen = args.only?.split(',').map((name) => name.trim())
    for (const kind of KINDS) {
      if (chosen !== undefined && !chosen.includes(kind)) continue
      const [program, protocol] = kind.split(' ')
      const sent = protocol === 'grpc' ? part : corpus
      const own = program === 'console'
      note(
        kind,
        own
          ? await measureConsole(folder, sent, agent, protocol === 'grpc')
          : await measureJaeger(folder, sent, agent, kind),
      )
    }
    const ratios = ratiosOf(found)
    console.log(ratios)
    const machine = { node: process.version, cpus: cpus().length, loadBefore }
    const only = args.only === undefined ? '' : ` --only '${args.only}'`
    const command = `bench/console/rivals.ts --spans ${args.spans}${only}`
    const result = { command, spans: corpus.spans, grpcSpans: part.spans, machine, found, ratios }
    if (args.out !== undefined) writeFileSync(args.out, `${JSON.stringify(result, null, 2)}\n`)
  } finally {
    agent.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
