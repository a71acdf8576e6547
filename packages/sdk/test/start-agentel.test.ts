import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { metrics, trace } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StartError, startAgentel, type Agentel, type StartOptions } from '../src/index.ts'
import { startOtlpSink, type OtlpSink } from './otlp-sink.ts'

let sink: OtlpSink
let agentel: Agentel | undefined
beforeEach(async () => {
  sink = await startOtlpSink()
})
afterEach(async () => {
  await agentel?.shutdown()
  agentel = undefined
  vi.unstubAllEnvs()
  await sink.close()
})

function start(options: StartOptions = {}): Agentel {
  agentel = startAgentel({
    serviceName: 'desk',
    ...options,
    otlp: { endpoint: sink.url, protocol: 'http/json', ...options.otlp },
  })
  return agentel
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

const text = () => sink.received.map(({ body }) => body.toString()).join()

describe('startAgentel', () => {
  it('sets everything up in one call: what is made afterwards is sent at the next flush', async () => {
    const { mode, forceFlush, exports } = start({
      resourceAttributes: { team: 'blue' },
      otlp: { headers: { 'x-key': 'k' } },
    })
    trace.getTracer('app').startSpan('app.work').end()
    expect(mode).toBe('started')
    expect(await forceFlush()).toBe(true)
    expect(sink.spans()).toMatchObject([{ name: 'app.work', resource: { 'service.name': 'desk', team: 'blue' } }])
    expect(sink.received[0]?.headers['x-key']).toBe('k')
    expect(exports()).toEqual({
      traces: { exported: 1, failed: 0 },
      metrics: { exported: 1, failed: 0 },
      logs: { exported: 0, failed: 0 },
    })
  })

  it('gives the running one when it is called again', () => {
    const first = start()
    expect(startAgentel({ serviceName: 'other' })).toBe(first)
  })

  it('takes itself away at shutdown, and can be started again', async () => {
    await start().shutdown()
    expect(trace.getTracer('app').startSpan('s').isRecording()).toBe(false)
    expect(Object.hasOwn(trace, 'setGlobalTracerProvider')).toBe(false)
    start()
    expect(trace.getTracer('app').startSpan('s').isRecording()).toBe(true)
  })

  it('resolves to false, and never rejects, when nobody answers; what was lost is counted with its reason', async () => {
    const { forceFlush, shutdown, exports } = start({
      otlp: { endpoint: `http://127.0.0.1:${await freePort()}`, timeoutMs: 200 },
      shutdown: { timeoutMs: 2000 },
    })
    trace.getTracer('app').startSpan('app.work').end()
    expect(await forceFlush()).toBe(false)
    expect(exports().traces).toEqual({ exported: 0, failed: 1, lastError: expect.stringContaining('ECONNREFUSED') })
    expect(await shutdown()).toBe(false)
  })

  it('drops what does not fit into the queue, and counts it', async () => {
    vi.stubEnv('OTEL_BSP_MAX_QUEUE_SIZE', '2')
    vi.stubEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '2')
    const { forceFlush } = start()
    // The first eight leave at once as four batches, the next two wait for them, the others find the queue full.
    for (let index = 0; index < 15; index++) trace.getTracer('app').startSpan(`app.${index}`).end()
    await forceFlush()
    const expected = Array.from({ length: 10 }, (_, index) => `app.${index}`)
    expect(
      sink
        .spans()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(expected)
    expect(text()).toMatch(/"queue_full".{0,200}"asDouble":5/)
  })

  it('exports no more spans of a trace than it may, and counts the others', async () => {
    const { forceFlush } = start({ sampling: { maxSpansPerTrace: 3 } })
    const tracer = trace.getTracer('app')
    for (const root of ['a', 'b']) {
      tracer.startActiveSpan(root, (span) => {
        for (let index = 0; index < 4; index++) tracer.startSpan(`${root}.${index}`).end()
        span.end()
      })
    }
    await forceFlush()
    expect(sink.spans().map(({ name }) => name)).toEqual(['a.0', 'a.1', 'a', 'b.0', 'b.1', 'b'])
    expect(text()).toMatch(/"agentel\.self\.dropped".{0,600}"asDouble":4/)
  })

  it('uses the providers that the application has set up before, and leaves them in place', async () => {
    const { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace')
    const exporter = new InMemorySpanExporter()
    const host = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
    trace.setGlobalTracerProvider(host)
    const { mode, shutdown } = start()
    trace.getTracer('app').startSpan('app.work').end()
    await shutdown()
    trace.getTracer('app').startSpan('app.later').end()
    trace.disable()
    expect(mode).toBe('attached')
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['app.work', 'app.later'])
    expect(sink.received).toEqual([])
  })

  it('serves metrics to Prometheus on a port of loopback', async () => {
    const port = await freePort()
    vi.stubEnv('OTEL_METRICS_EXPORTER', 'prometheus')
    vi.stubEnv('OTEL_EXPORTER_PROMETHEUS_PORT', String(port))
    start()
    metrics.getMeter('app').createCounter('app.count').add(3)
    await vi.waitFor(
      async () => {
        const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
        expect(page).toMatch(/^app_count_total\{.*\} 3$/m)
        expect(page).toMatch(/^process_uptime_seconds\{/m)
      },
      { timeout: 30_000 },
    )
  })

  it('hooks nothing when an option is wrong, and names it', () => {
    const wrong = { shutdown: { timeoutMs: 0 } }
    expect(() => start(wrong)).toThrow(StartError)
    expect(() => start(wrong)).toThrow('option shutdown.timeoutMs is 0, which is not a whole number of at least 1')
    expect(trace.getTracer('app').startSpan('s').isRecording()).toBe(false)
  })

  it('hooks nothing when it is disabled in code', () => {
    expect(start({ disabled: true }).mode).toBe('disabled')
    expect(trace.getTracer('app').startSpan('s').isRecording()).toBe(false)
  })
})
