/**
 * CPU that `--import @agentel/sdk/register` adds to the start of a program, over the same program without it, beside
 * what OpenTelemetry's own packages add.
 *
 * `node bench/startup.ts [rounds]`, after `pnpm build`. Fresh processes, the variants interleaved; medians. Two
 * figures for each: until the program's own first line, and over the whole life of a program that makes one span and
 * ends, export included (to a local receiver that answers at once).
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const register = join(root, 'packages/sdk/dist/bundle/register.js')
const rounds = Number(process.argv[2] ?? 15)

const app = `
const { user, system } = process.cpuUsage()
const first = user + system
const { trace } = await import(${JSON.stringify(join(root, 'packages/sdk/node_modules/@opentelemetry/api/dist/index.mjs'))})
trace.getTracer('bench').startSpan('one').end()
process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  console.log(JSON.stringify({ first, whole: user + system, rss: process.resourceUsage().maxRSS }))
})
`

interface Sample {
  first: number
  whole: number
  rss: number
}

let exportsReceived = 0
const http = createServer((request, response) => {
  request.resume().on('end', () => {
    exportsReceived++
    response.end()
  })
}).listen(0)
const grpc = createHttp2Server((request, response) => {
  request.resume().on('end', () => {
    exportsReceived++
    response.writeHead(200, { 'content-type': 'application/grpc' })
    response.addTrailers({ 'grpc-status': '0' })
    // An empty message: one byte of flags, four of length.
    response.end(Buffer.alloc(5))
  })
}).listen(0)
await Promise.all([once(http, 'listening'), once(grpc, 'listening')])
const url = (server: typeof http | typeof grpc) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const overHttp = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_ENDPOINT: url(http) }
const overGrpc = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: url(grpc) }
const rival = (name: string) => join(import.meta.dirname, `startup-rivals/${name}.mjs`)

const variants: Record<string, { args: string[]; env: Record<string, string> }> = {
  bare: { args: [], env: {} },
  disabled: { args: ['--import', register], env: { AGENTEL_DISABLED: 'true' } },
  'http/protobuf': { args: ['--import', register], env: overHttp },
  grpc: { args: ['--import', register], env: overGrpc },
  'OpenTelemetry http/protobuf': { args: ['--import', rival('opentelemetry')], env: overHttp },
  'OpenTelemetry grpc': { args: ['--import', rival('opentelemetry')], env: overGrpc },
  'NodeSDK http/protobuf': { args: ['--import', rival('node-sdk')], env: overHttp },
}

async function run({ args, env }: { args: string[]; env: Record<string, string> }): Promise<Sample> {
  const child = spawn(process.execPath, [...args, '--input-type=module', '-e', app], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  await once(child, 'close')
  return JSON.parse(out) as Sample
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
}

const samples: Record<string, Sample[]> = Object.fromEntries(Object.keys(variants).map((name) => [name, []]))
for (let round = 0; round <= rounds; round++) {
  for (const [name, variant] of Object.entries(variants)) {
    const sample = await run(variant)
    // The first round warms the file cache.
    if (round > 0) samples[name]?.push(sample)
  }
}
http.close()
grpc.close()

const bare = samples.bare as Sample[]
/** CPU over the whole life, beside OpenTelemetry's own packages with the same protocol in the same run. */
function timesRival(name: string): number | null {
  const other = samples[`OpenTelemetry ${name}`]
  if (other === undefined) return null
  const added = (of: Sample[]) => median(of.map(({ whole }) => whole)) - median(bare.map(({ whole }) => whole))
  return Math.round((added(samples[name] as Sample[]) / added(other)) * 100) / 100
}
const rows = Object.entries(samples).map(([name, of]) => {
  const over = (key: keyof Sample, unit: number) =>
    Math.round(((median(of.map((one) => one[key])) - median(bare.map((one) => one[key]))) / unit) * 10) / 10
  return {
    variant: name,
    cpuMsToFirstLine: over('first', 1000),
    cpuMsWhole: over('whole', 1000),
    timesOpenTelemetry: timesRival(name),
    rssMiB: over('rss', 1024),
  }
})
console.table(rows)
console.log(`bare: ${median(bare.map(({ first }) => first)) / 1000} ms of CPU to the first line`)
mkdirSync(join(root, 'bench/results'), { recursive: true })
const file = join(root, 'bench/results/startup.json')
// Spans and metrics of our two variants, spans of the rivals, in each round: a figure without a delivery would be worth nothing.
if (exportsReceived < 7 * rounds) throw new Error(`only ${exportsReceived} exports arrived in ${rounds} rounds`)
const bareCpuMs = median(bare.map(({ first }) => first)) / 1000
const note = 'medians over bare, whose own figure says how busy the machine was'
const result = { node: process.version, rounds, note, bareCpuMs, rows }
writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
