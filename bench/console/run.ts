/**
 * Measures the console: ingest over OTLP/HTTP and gRPC with everything on, and the page's queries.
 * `node --conditions=@agentel/source bench/console/run.ts --spans 200000 [--out bench/results/console.json]`
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Corpus, makeCorpus } from './corpus.ts'
import { sendByGrpc } from './grpc-sender.ts'
import { ask, fileBytes, IN_FLIGHT, send, startConsoleProcess, timeQuery, usageOf } from './measure.ts'

const GRPC_BODIES = 400
/** Spans a second that come while the queries are timed once more. */
const ARRIVING = 1000

const { values: args } = parseArgs({
  options: {
    spans: { type: 'string', default: '200000' },
    largest: { type: 'string', default: '10000' },
    out: { type: 'string' },
  },
})

function queriesOf(c: Corpus): Record<string, string> {
  const day = `from=${c.from}&to=${c.to}`
  const hour = `from=${c.to - 3_600_000}&to=${c.to}`
  return {
    'trace under 40 spans': `/api/traces/${c.small}`,
    'trace of 200 spans': `/api/traces/${c.medium}`,
    'skeleton of the largest': `/api/traces/${c.large}`,
    'conversation of 200 spans': `/api/traces/${c.medium}/conversation`,
    'list 1 h': `/api/traces?${hour}`,
    'list 24 h': `/api/traces?${day}`,
    'list 24 h by cost': `/api/traces?${day}&sort=cost`,
    'list 24 h agent and error': `/api/traces?${day}&agent=agent-3&status=error`,
    'list 24 h tool, error, agent, model': `/api/traces?${day}&tool=tool-3&error=timeout&agent=agent-4&model=gpt-4o`,
    'list 24 h no match': `/api/traces?${day}&agent=agent-1&user=nobody`,
    'search one word': `/api/traces?${day}&text=timeout`,
    'facets 24 h': `/api/facets?${day}`,
    'facets 24 h, filtered': `/api/facets?${day}&status=error`,
    'overview 1 h': `/api/overview?${hour}`,
    'overview 24 h': `/api/overview?${day}`,
    'agent graph 24 h': `/api/agents?${day}`,
    'agent page 24 h': `/api/agents/agent-3?${day}`,
    'cost by model 24 h': `/api/costs?by=model&${day}`,
    'cost by user 24 h': `/api/costs?by=user&${day}`,
    'workers and events 24 h': `/api/operations?type=worker&type=event&${day}`,
    'sessions 24 h': `/api/sessions?${day}`,
    status: '/api/status',
  }
}

type Timed = Awaited<ReturnType<typeof timeQuery>>

async function timeQueries(agent: Agent, url: string, corpus: Corpus): Promise<Record<string, Timed>> {
  const queries: Record<string, Timed> = {}
  for (const [name, path] of Object.entries(queriesOf(corpus))) {
    queries[name] = await timeQuery(agent, url + path)
    console.log(name.padEnd(40), queries[name])
  }
  return queries
}

/** Sends spans at an even pace, until it is stopped or the corpus ends. */
function arrive(agent: Agent, url: string, corpus: Corpus): { stop(): Promise<number> } {
  const pause = (1000 * corpus.spans) / corpus.bodies.length / ARRIVING
  const started = performance.now()
  let sent = 0
  let stopped = false
  const done = (async () => {
    while (!stopped && sent < corpus.bodies.length) {
      await ask(agent, `${url}/v1/traces`, corpus.bodies[sent++])
      const ahead = started + sent * pause - performance.now()
      if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead))
    }
  })()
  return {
    async stop() {
      stopped = true
      await done
      const seconds = (performance.now() - started) / 1000
      return Math.round((corpus.spans * sent) / corpus.bodies.length / seconds)
    },
  }
}

/** The same spans by gRPC, into a store of their own. */
async function measureGrpc(
  folder: string,
  corpus: Corpus,
): Promise<{ spansPerSecond: number; cpuSecondsPerMillion: number }> {
  const bodies = corpus.bodies.slice(0, GRPC_BODIES)
  const spans = Math.round((corpus.spans * bodies.length) / corpus.bodies.length)
  const { child, grpcUrl } = await startConsoleProcess(join(folder, 'grpc.db'))
  try {
    const before = usageOf(child.pid!)
    const seconds = await sendByGrpc(grpcUrl, bodies, IN_FLIGHT)
    const cpu = usageOf(child.pid!).cpu - before.cpu
    return {
      spansPerSecond: Math.round(spans / seconds),
      cpuSecondsPerMillion: Number(((cpu * 1e6) / spans).toFixed(1)),
    }
  } finally {
    child.kill()
  }
}

async function main(): Promise<void> {
  const loadBefore = Number(loadavg()[0]!.toFixed(1))
  const corpus = makeCorpus(Number(args.spans), Number(args.largest))
  const mib = (corpus.bytes / 2 ** 20).toFixed(0)
  console.log(`corpus: ${corpus.spans} spans, ${corpus.traces} traces, ${corpus.bodies.length} bodies, ${mib} MiB`)
  const folder = mkdtempSync(join(tmpdir(), 'agentel-bench-'))
  const dataFile = join(folder, 'console.db')
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
  const { child, url } = await startConsoleProcess(dataFile)
  try {
    const before = usageOf(child.pid!)
    const seconds = await send(agent, url, corpus.bodies)
    const after = usageOf(child.pid!)
    await new Promise((resolve) => setTimeout(resolve, 6000)) // Quiet traces are looked at.
    const settled = usageOf(child.pid!)
    const ingest = {
      spansPerSecond: Math.round(corpus.spans / seconds),
      cpuSecondsPerMillion: Number((((after.cpu - before.cpu) * 1e6) / corpus.spans).toFixed(1)),
      cpuSecondsPerMillionWithSettling: Number((((settled.cpu - before.cpu) * 1e6) / corpus.spans).toFixed(1)),
      peakMiB: Math.round(settled.peak),
      bytesPerSpan: Math.round(fileBytes(dataFile) / corpus.spans),
    }
    console.log(ingest)
    const queries = await timeQueries(agent, url, corpus)
    const arriving = arrive(agent, url, makeCorpus(ARRIVING * 60, 100, 2))
    const queriesWhileArriving = await timeQueries(agent, url, corpus)
    const arrived = await arriving.stop()
    console.log('arrived meanwhile, spans/s', arrived)
    const stored = async (): Promise<number> => {
      const { body } = await ask(agent, `${url}/api/status`)
      return (JSON.parse(body.toString()) as { store: { stored: { spans: number } } }).store.stored.spans
    }
    const spansBefore = await stored()
    const again = await send(agent, url, corpus.bodies.slice(0, 50))
    const resent = { seconds: Number(again.toFixed(2)), spansBefore, spansAfter: await stored() }
    console.log('resent 50 bodies', resent)
    const grpc = await measureGrpc(folder, corpus)
    console.log('grpc', grpc)
    const machine = { node: process.version, cpus: cpus().length, loadBefore }
    const whileArriving = { spansPerSecond: arrived, queries: queriesWhileArriving }
    const result = { spans: corpus.spans, traces: corpus.traces, machine, ingest, queries, whileArriving, resent, grpc }
    if (args.out !== undefined) writeFileSync(args.out, `${JSON.stringify(result, null, 2)}\n`)
  } finally {
    child.kill()
    agent.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
