import { spawn, type ChildProcess } from 'node:child_process'
import { globSync, readFileSync, statSync } from 'node:fs'
import { type Agent, request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'

/** Requests under way at once. */
export const IN_FLIGHT = 4
/** Of each query. */
const REPEATS = 40

interface Answer {
  readonly status: number
  readonly body: Buffer
}

/** One request over HTTP; with a body a POST of protobuf. */
export function ask(agent: Agent, url: string, body?: Buffer): Promise<Answer> {
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

/** CPU seconds and resident MiB, now and at most, of a process, from /proc. */
export function usageOf(pid: number): { cpu: number; rss: number; peak: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mib = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, rss: mib('VmRSS'), peak: mib('VmHWM') }
}

/** The console in a process of its own. */
export function startConsoleProcess(dataFile: string): Promise<{ child: ChildProcess; url: string; grpcUrl: string }> {
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

/** Sends bodies to `/v1/traces`, {@link IN_FLIGHT} at a time; resolves with the seconds until all are acknowledged. */
export async function send(agent: Agent, url: string, bodies: readonly Buffer[]): Promise<number> {
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

/** Milliseconds of a query and the size of its answer. */
export async function timeQuery(agent: Agent, url: string): Promise<{ p50: number; p95: number; bytes: number }> {
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

/** Bytes of a store's file with its write-ahead log. */
export function fileBytes(file: string): number {
  return ['', '-wal'].reduce((n, suffix) => n + (statSync(file + suffix, { throwIfNoEntry: false })?.size ?? 0), 0)
}

/** CPU seconds of a process once it does nothing any more, and when that began. */
export async function whenQuiet(pid: number): Promise<{ cpu: number; at: number }> {
  let before = usageOf(pid).cpu
  let at = performance.now()
  for (let quiet = 0; quiet < 3;) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const now = usageOf(pid).cpu
    if (now - before < 0.1) quiet++
    else {
      quiet = 0
      at = performance.now()
    }
    before = now
  }
  return { cpu: before, at }
}

/** Bytes that the files of a folder take on the disk: those of a sparse one, not how long it says it is. */
export function folderBytes(folder: string): number {
  return globSync('**/*', { cwd: folder }).reduce((sum, file) => {
    const stat = statSync(join(folder, file))
    return sum + (stat.isFile() ? Math.min(stat.size, stat.blocks * 512) : 0)
  }, 0)
}

/** Interrupts, so that what is in memory is written; resolves when it has ended. */
export function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGINT')
  })
}

/** Ports that nobody has at present, all different. */
export async function freePorts(n: number): Promise<number[]> {
  const servers = Array.from({ length: n }, () => createServer())
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
