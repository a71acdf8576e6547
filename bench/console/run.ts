/**
 * Measures the console: ingest over OTLP/HTTP and gRPC with everything on, and the page's queries.
 * `node --conditions=@agentel/source bench/console/run.ts --spans 200000 [--out bench/results/console.json]`
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Corpus, makeCorpus } from './corpus.ts'
import { sendByGrpc } from './grpc-sender.ts'

const IN_FLIGHT = 4
const REPEATS = 40
const GRPC_BODIES = 400

const { values: args } = parseArgs({
  options: {
    spans: { type: 'string', default: '200000' },
    largest: { type: 'string', default: '10000' },
    out: { type: 'string' },
  },
})

interface Answer {
  readonly status: number
  readonly body: Buffer
}

function ask(agent: Agent, url: string, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers =
      body === undefined ? {} : { 'content-type': 'application/x-protobuf', 'content-length': body.length }
    const sent = request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** CPU seconds and peak resident MiB of a process, from /proc. */
function usageOf(pid: number): { cpu: number; rss: number; peak: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mib = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, rss: mib('VmRSS'), peak: mib('VmHWM') }
}

function start(dataFile: string): Promise<{ child: ChildProcess; url: string; grpcUrl: string }> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@agentel/source',
      'packages/console/src/main.ts',
      '--port',
      '0',
      '--grpc-port',
      '0',
      '--data',
      dataFile,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout!.on('data', (part: Buffer) => {
      text += part.toString()
      const [url, , grpcUrl] = text.match(/http:\/\/\S+/g) ?? []
      if (url !== undefined && grpcUrl !== undefined) resolve({ child, url, grpcUrl })
    })
    child.on('exit', (code) => reject(new Error(`the console ended with ${code}`)))
  })
}

async function send(agent: Agent, url: string, bodies: readonly Buffer[]): Promise<number> {
  const started = performance.now()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < bodies.length) {
      const body = bodies[next++]!
      for (;;) {
        const { status, body: text } = await ask(agent, `${url}/v1/traces`, body)
        if (status === 200) break
        if (status !== 503) throw new Error(`${status} ${text.toString()}`)
      }
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  return (performance.now() - started) / 1000
}

function percentile(sorted: readonly number[], q: number): number {
  return Number(sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!.toFixed(2))
}

async function timeQuery(agent: Agent, url: string): Promise<{ p50: number; p95: number; bytes: number }> {
  const times: number[] = []
  let bytes = 0
  for (let i = 0; i < REPEATS; i++) {
    const started = performance.now()
    const answer = await ask(agent, url)
    times.push(performance.now() - started)
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${answer.body.toString()}`)
    bytes = answer.body.length
  }
  const sorted = times.toSorted((a, b) => a - b)
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), bytes }
}

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
    'sessions 24 h': `/api/sessions?${day}`,
    status: '/api/status',
  }
}

function fileBytes(file: string): number {
  return ['', '-wal'].reduce((n, suffix) => n + (statSync(file + suffix, { throwIfNoEntry: false })?.size ?? 0), 0)
}

/** The same spans by gRPC, into a store of their own. */
async function measureGrpc(
  folder: string,
  corpus: Corpus,
): Promise<{ spansPerSecond: number; cpuSecondsPerMillion: number }> {
  const bodies = corpus.bodies.slice(0, GRPC_BODIES)
  const spans = Math.round((corpus.spans * bodies.length) / corpus.bodies.length)
  const { child, grpcUrl } = await start(join(folder, 'grpc.db'))
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
  const { child, url } = await start(dataFile)
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
    const queries: Record<string, { p50: number; p95: number; bytes: number }> = {}
    for (const [name, path] of Object.entries(queriesOf(corpus))) {
      queries[name] = await timeQuery(agent, url + path)
      console.log(name.padEnd(40), queries[name])
    }
    const again = await send(agent, url, corpus.bodies.slice(0, 50))
    const status = JSON.parse((await ask(agent, `${url}/api/status`)).body.toString()) as {
      store: { stored: { spans: number } }
    }
    const resent = { seconds: Number(again.toFixed(2)), spansAfter: status.store.stored.spans, spansSent: corpus.spans }
    console.log('resent 50 bodies', resent)
    const grpc = await measureGrpc(folder, corpus)
    console.log('grpc', grpc)
    const machine = { node: process.version, cpus: cpus().length, loadBefore }
    const result = { spans: corpus.spans, traces: corpus.traces, machine, ingest, queries, resent, grpc }
    if (args.out !== undefined) writeFileSync(args.out, `${JSON.stringify(result, null, 2)}\n`)
  } finally {
    child.kill()
    agent.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
