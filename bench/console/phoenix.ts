/**
 * The console beside Arize Phoenix on the same bodies, one after the other in one run. Phoenix acknowledges what it has put into a
 * queue, so it is given some time to store; what it has stored by then is counted in its file.
 * Needs `python3 -m venv .cache/phoenix && .cache/phoenix/bin/pip install arize-phoenix`.
 * `node --conditions=@agentel/source bench/console/phoenix.ts --spans 50000 [--seconds 90] [--out bench/results/console-phoenix.json]`
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { type Corpus, makeCorpus } from './corpus.ts'
import { folderBytes, freePorts, IN_FLIGHT, send, startConsoleProcess, stop, usageOf } from './measure.ts'

const { values: args } = parseArgs({
  options: {
    spans: { type: 'string', default: '50000' },
    seconds: { type: 'string', default: '90' },
    out: { type: 'string' },
  },
})

const VENV = '.cache/phoenix/bin'

interface Figures {
  /** Acknowledged: the console has committed them then, Phoenix has them in a queue. */
  readonly spansPerSecond: number
  /** In the file when the measurement ended. */
  readonly storedSpans: number
  readonly storedSpansPerSecond: number
  /** Of stored ones. */
  readonly cpuSecondsPerMillion: number
  readonly peakMiB: number
  /** Of stored ones. */
  readonly bytesPerSpan: number
}

interface Subject {
  readonly child: ChildProcess
  readonly url: string
  readonly folder: string
  readonly file: string
}

function storedSpans(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    db.exec('PRAGMA busy_timeout = 10000')
    return Number(db.prepare('SELECT count(*) AS n FROM spans').get()?.n)
  } finally {
    db.close()
  }
}

async function startPhoenix(folder: string): Promise<Subject> {
  mkdirSync(folder)
  const [port, grpcPort] = await freePorts(2)
  const env = {
    ...process.env,
    PHOENIX_WORKING_DIR: folder,
    PHOENIX_HOST: '127.0.0.1',
    PHOENIX_PORT: String(port),
    PHOENIX_GRPC_PORT: String(grpcPort),
    PHOENIX_TELEMETRY_ENABLED: 'false',
  }
  const child = spawn(join(VENV, 'python'), ['-m', 'phoenix.server.main', 'serve'], { env, stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 300; tries++) {
    const response = await fetch(`${url}/healthz`).catch(() => undefined)
    if (response?.ok) return { child, url, folder, file: join(folder, 'phoenix.db') }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  child.kill()
  throw new Error('Phoenix did not come up')
}

async function startConsole(folder: string): Promise<Subject> {
  mkdirSync(folder)
  const file = join(folder, 'console.db')
  return { ...(await startConsoleProcess(file)), folder, file }
}

async function measure(
  { child, url, folder, file }: Subject,
  { spans, bodies }: Corpus,
  agent: Agent,
): Promise<Figures> {
  const pid = child.pid!
  const before = usageOf(pid).cpu
  const started = performance.now()
  const seconds = await send(agent, url, bodies)
  const elapsed = (): number => (performance.now() - started) / 1000
  let stored = storedSpans(file)
  let took = elapsed()
  while (stored < spans && took < Number(args.seconds)) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    stored = storedSpans(file)
    took = elapsed()
  }
  const { cpu, peak } = usageOf(pid)
  const bytes = folderBytes(folder)
  await stop(child)
  return {
    spansPerSecond: Math.round(spans / seconds),
    storedSpans: stored,
    storedSpansPerSecond: Math.round(stored / took),
    cpuSecondsPerMillion: Number((((cpu - before) * 1e6) / stored).toFixed(1)),
    peakMiB: Math.round(peak),
    bytesPerSpan: Math.round(bytes / stored),
  }
}

async function main(): Promise<void> {
  const loadBefore = Number(loadavg()[0]!.toFixed(1))
  const corpus = makeCorpus(Number(args.spans), 10_000)
  const folder = mkdtempSync(join(tmpdir(), 'agentel-phoenix-'))
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
  const version = execFileSync(join(VENV, 'python'), [
    '-c',
    'import importlib.metadata as m; print(m.version("arize-phoenix"))',
  ])
  try {
    const own = await measure(await startConsole(join(folder, 'console')), corpus, agent)
    console.log('console', own)
    const phoenix = await measure(await startPhoenix(join(folder, 'phoenix')), corpus, agent)
    console.log('phoenix', phoenix)
    const machine = { node: process.version, cpus: cpus().length, loadBefore }
    const command = `bench/console/phoenix.ts --spans ${args.spans} --seconds ${args.seconds}`
    const found = { console: own, phoenix }
    const result = { command, spans: corpus.spans, phoenix: version.toString().trim(), machine, found }
    if (args.out !== undefined) writeFileSync(args.out, `${JSON.stringify(result, null, 2)}\n`)
  } finally {
    agent.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
