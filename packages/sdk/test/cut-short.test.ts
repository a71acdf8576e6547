import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LOGS_SERVICE, METRICS_SERVICE, startGrpcSink, TRACE_SERVICE } from './grpc-sink.ts'
import { startOtlpSink, type OtlpSink } from './otlp-sink.ts'
import { runApp } from './run-app.ts'

let sink: OtlpSink
beforeEach(async () => {
  sink = await startOtlpSink()
})
afterEach(() => sink.close())

/** On a busy machine a thread takes its time to start. */
const PATIENT = { AGENTEL_SHUTDOWN_EXIT_TIMEOUT_MS: '10000' }

function env(more: Record<string, string> = {}): Record<string, string> {
  return { ...PATIENT, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', ...more }
}

const made = Array.from({ length: 700 }, (_, index) => `app.work.${index}`).toSorted()
const spanNames = () => sink.spans().map(({ name }) => name)
const bodies = () => sink.received.map(({ body }) => body.toString()).join()

describe.each(['cut-short.mjs', 'cut-short.cjs'])('%s', (app) => {
  it.each(['exit', 'throw', 'reject'])('loses nothing when it ends by %s, and ends as without us', async (how) => {
    const [without, run] = await Promise.all([
      runApp(app, { env: { HOW: how }, register: false }),
      runApp(app, { env: env({ HOW: how }) }),
    ])
    expect(run).toEqual(without)
    // A full batch may have been on its way: a span that comes twice is the same span, one that is lost is lost.
    expect([...new Set(spanNames())].toSorted()).toEqual(made)
    expect(bodies()).toContain('"app.count"')
    expect(bodies()).toContain('app.event')
  })

  it('loses nothing when its signal handler exits while a flush is on its way', async () => {
    const run = await runApp(app, { env: env({ HOW: 'exit after the flush began' }) })
    expect(run).toEqual({ code: 4, signal: null, stdout: '', stderr: '' })
    expect([...new Set(spanNames())].toSorted()).toEqual(made)
    expect(bodies()).toContain('app.event')
  })
})

describe('a process that is cut short', () => {
  it('counts its model calls and their cost', async () => {
    const run = await runApp('other-convention.mjs', { env: env({ THEN_EXIT: '6' }) })
    expect(run.code).toBe(6)
    expect(bodies()).toContain('"agentel.client.inference.usage.cost"')
  })

  it('sends over gRPC too, with its headers', async () => {
    const grpc = await startGrpcSink()
    const run = await runApp('cut-short.mjs', {
      env: {
        ...PATIENT,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        OTEL_EXPORTER_OTLP_ENDPOINT: grpc.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-team=blue',
      },
    })
    await grpc.close()
    expect(run).toMatchObject({ code: 3, stderr: '' })
    expect([...new Set(grpc.received.map(({ path }) => path))].toSorted()).toEqual([
      LOGS_SERVICE,
      METRICS_SERVICE,
      TRACE_SERVICE,
    ])
    expect(new Set(grpc.received.map(({ headers }) => headers['x-team']))).toEqual(new Set(['blue']))
  })

  it('loses nothing of a worker thread that exits', async () => {
    const run = await runApp('cut-short-thread.mjs', { env: env() })
    expect(run).toEqual({ code: 0, signal: null, stdout: 'thread 3\n', stderr: '' })
    expect(spanNames().toSorted()).toEqual(made)
  })

  it('sends nothing when nothing was recorded', async () => {
    const run = await runApp('nothing-recorded.mjs', { env: env() })
    expect(run).toEqual({ code: 5, signal: null, stdout: '', stderr: '' })
    expect(sink.received.map(({ path }) => path)).toEqual([])
  })

  it('sends nothing when it is told not to', async () => {
    const run = await runApp('cut-short.mjs', { env: env({ AGENTEL_SHUTDOWN_EXIT_TIMEOUT_MS: '0' }) })
    expect(run).toEqual({ code: 3, signal: null, stdout: '', stderr: '' })
    expect(sink.spans()).toEqual([])
  })

  it('ends with its own code when the destination accepts and never answers, and says what was lost', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const run = await runApp('cut-short.mjs', {
      env: env({
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
        OTEL_LOG_LEVEL: 'warn',
        AGENTEL_SHUTDOWN_EXIT_TIMEOUT_MS: '300',
      }),
    })
    silent.close()
    expect(run.code).toBe(3)
    expect(run.stdout + run.stderr).toContain('the process was ended, and 4 of 4 batches were not sent')
  })
})
