import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startAgentel } from '../src/index.ts'
import { startOtlpSink, type OtlpSink } from './otlp-sink.ts'
import { runApp, type AppRun } from './run-app.ts'

const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello' } }],
}

let sink: OtlpSink
let provider: Server
/** Head and body of each request to the model, as they came. */
const asked: string[] = []
beforeAll(async () => {
  sink = await startOtlpSink()
  provider = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    asked.push([request.method, request.url, ...request.rawHeaders, Buffer.concat(chunks).toString()].join('\n'))
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ANSWER))
  }).listen(0, '127.0.0.1')
  await once(provider, 'listening')
})
afterAll(async () => {
  provider.close()
  await sink.close()
})

const env = (more: Record<string, string> = {}): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OPENAI_BASE_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`,
  OPENAI_API_KEY: 'test',
  ...more,
})

/** The first line in which two runs differ; both in full would be 4 MB. */
function difference(one: AppRun, other: AppRun): object | undefined {
  const [left = [], right = []] = [one, other].map(({ stdout }) => stdout.split('\n'))
  const lines = Array.from({ length: Math.max(left.length, right.length) }, (_, index) => index)
  const line = lines.find((index) => left[index] !== right[index])
  if (line !== undefined) return { line, one: left[line], other: right[line] }
  if (one.stderr === other.stderr && one.code === other.code) return undefined
  return { codes: [one.code, other.code], stderr: [one.stderr, other.stderr] }
}

describe('agentel that is switched off', () => {
  let bare: AppRun
  beforeAll(async () => {
    bare = await runApp('every-surface.mjs', { env: env(), register: false })
  }, 60_000)

  it('is compared in what would differ if it were on', { timeout: 60_000 }, async () => {
    expect({ code: bare.code, stderr: bare.stderr }).toEqual({ code: 0, stderr: '' })
    const on = await runApp('every-surface.mjs', { env: env() })
    expect(on.code).toBe(0)
    expect(difference(bare, on)).toBeDefined()
  })

  it.each(['OTEL_SDK_DISABLED', 'AGENTEL_DISABLED'])(
    'by %s leaves every function of the SDKs and of Node, and every global, as it was byte for byte',
    { timeout: 60_000 },
    async (name) => {
      sink.received.length = 0
      const off = await runApp('every-surface.mjs', { env: env({ [name]: 'true' }) })
      expect(difference(bare, off)).toBeUndefined()
      expect(sink.received).toEqual([])
    },
  )

  const none = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
  const both = ['OTEL_SDK_DISABLED', 'AGENTEL_DISABLED']

  it.each([
    ...['TRUE', ' true '].map((word) => [word, 'disabled', both] as const),
    ...['false', ''].map((word) => [word, 'started', both] as const),
    ...['1', 'yes', 'On'].map((word) => [word, 'disabled', ['AGENTEL_DISABLED']] as const),
    ...['0', 'No', 'off'].map((word) => [word, 'started', ['AGENTEL_DISABLED']] as const),
  ])('is told so by %j: %s, by %j, and in code', async (word, mode, names) => {
    const before = { ...process.env }
    const listeners = () => ['SIGTERM', 'beforeExit', 'exit'].map((event) => process.listenerCount(event))
    const untouched = listeners()
    for (const name of names) {
      Object.assign(process.env, none, { [name]: word })
      const agentel = startAgentel()
      const hooked = listeners()
      await agentel.shutdown()
      process.env = { ...before }
      expect(agentel.mode).toBe(mode)
      if (mode === 'disabled') expect(hooked).toEqual(untouched)
      else expect(hooked).not.toEqual(untouched)
    }
    expect(startAgentel({ disabled: true }).mode).toBe('disabled')
  })

  it("takes no other word of OpenTelemetry's own variable than its specification does", () => {
    const before = { ...process.env }
    Object.assign(process.env, none, { OTEL_SDK_DISABLED: '1' })
    expect(() => startAgentel()).toThrow('OTEL_SDK_DISABLED="1" is not true or false')
    process.env = before
  })

  it.each([
    ['OTEL_SDK_DISABLED', 'chat.mjs'],
    ['OTEL_SDK_DISABLED', 'chat.cjs'],
    ['AGENTEL_DISABLED', 'chat.mjs'],
    ['AGENTEL_DISABLED', 'chat.cjs'],
  ])('by %s sends the provider the same bytes, and prints the same, in %s', async (name, fixture) => {
    asked.length = 0
    sink.received.length = 0
    const plain = await runApp(fixture, { env: env(), register: false })
    const off = await runApp(fixture, { env: env({ [name]: 'true' }) })
    expect(off).toEqual(plain)
    expect(plain.stdout).toBe('Hello\n')
    expect(asked).toEqual([asked[0], asked[0]])
    expect(sink.received).toEqual([])
  })
})
