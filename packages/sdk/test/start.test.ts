import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LOGS_SERVICE, METRICS_SERVICE, startGrpcSink, TRACE_SERVICE } from './grpc-sink.ts'
import { startOtlpSink, type OtlpSink } from './otlp-sink.ts'
import { runApp } from './run-app.ts'

let sink: OtlpSink
beforeEach(async () => {
  sink = await startOtlpSink()
})
afterEach(() => sink.close())

function env(more: Record<string, string> = {}): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', ...more }
}

const paths = () => sink.received.map(({ path }) => path).toSorted()

/** A port that nobody listens on. */
async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return `http://127.0.0.1:${port}`
}

describe('node --import @agentel/sdk/register', () => {
  it('sends spans, metrics and logs of a program that ends at once, and leaves its exit code', async () => {
    const run = await runApp('all-signals.mjs', { env: env({ OTEL_SERVICE_NAME: 'desk' }) })
    expect(run).toEqual({ code: 3, signal: null, stdout: 'done\n', stderr: '' })
    expect(paths()).toEqual(['/v1/logs', '/v1/metrics', '/v1/traces'])
    expect(sink.spans()).toMatchObject([{ name: 'app.work', attributes: {}, resource: { 'service.name': 'desk' } }])
    const text = sink.received.map(({ body }) => body.toString()).join()
    expect(text).toContain('app.count')
    expect(text).toContain('app.event')
  })

  it('speaks protobuf by default, with the headers and the compression of the environment', async () => {
    const { OTEL_EXPORTER_OTLP_PROTOCOL: _json, ...rest } = env()
    const run = await runApp('all-signals.mjs', {
      env: { ...rest, OTEL_EXPORTER_OTLP_HEADERS: 'x-team=blue', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
    })
    expect(run.code).toBe(3)
    expect(paths()).toEqual(['/v1/logs', '/v1/metrics', '/v1/traces'])
    for (const { headers } of sink.received) {
      expect(headers).toMatchObject({
        'content-type': 'application/x-protobuf',
        'content-encoding': 'gzip',
        'x-team': 'blue',
      })
    }
    expect(sink.received.find(({ path }) => path === '/v1/traces')?.body.toString('latin1')).toContain('app.work')
  })

  it('speaks gRPC when told to, with headers from the environment', async () => {
    const grpc = await startGrpcSink()
    const run = await runApp('all-signals.mjs', {
      env: {
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        OTEL_EXPORTER_OTLP_ENDPOINT: grpc.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-team=blue',
      },
    })
    await grpc.close()
    expect(run).toEqual({ code: 3, signal: null, stdout: 'done\n', stderr: '' })
    expect(grpc.received.map(({ path }) => path).toSorted()).toEqual([LOGS_SERVICE, METRICS_SERVICE, TRACE_SERVICE])
    expect(grpc.received.map(({ headers }) => headers['x-team'])).toEqual(['blue', 'blue', 'blue'])
  })

  it('sends only the signals whose exporter is not none', async () => {
    await runApp('all-signals.mjs', { env: env({ OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }) })
    expect(paths()).toEqual(['/v1/traces'])
  })

  it('writes spans to the console when told to', async () => {
    const run = await runApp('all-signals.mjs', {
      env: { OTEL_TRACES_EXPORTER: 'console', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
    })
    expect(run.stdout).toContain("name: 'app.work'")
  })

  it.each([
    ['takes keys out of spans and log records', 'true', false],
    ['leaves them in when redaction is off', 'false', true],
  ])('%s', async (_what, enabled, there) => {
    await runApp('secrets.mjs', { env: env({ AGENTEL_REDACTION_ENABLED: enabled }) })
    const text = sink.received.map(({ body }) => body.toString()).join()
    expect(text).toContain('connecting with')
    expect(text.includes('abcdefghijklmnopqrstuvwxyz0123456789')).toBe(there)
  })

  it('counts the model call of another library, in the conventions that it follows', async () => {
    await runApp('other-convention.mjs', { env: env() })
    expect(sink.spans()).toMatchObject([
      {
        name: 'ChatOpenAI',
        attributes: {
          'llm.model_name': 'gpt-4o-mini',
          'gen_ai.request.model': 'gpt-4o-mini',
          'gen_ai.usage.input_tokens': 1000,
          'agentel.cost.amount': expect.any(Number),
        },
      },
    ])
    expect(sink.received.map(({ body }) => body.toString()).join()).toContain('agentel.client.inference.usage.cost')
  })

  it('keeps what the anomaly detectors learned, where it is told to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentel-anomaly-'))
    const file = join(folder, 'state.json')
    await runApp('all-signals.mjs', { env: env({ AGENTEL_ANOMALY_STATE_FILE: file }) })
    const kept = existsSync(file)
    rmSync(file, { force: true })
    await runApp('all-signals.mjs', {
      env: env({ AGENTEL_ANOMALY_STATE_FILE: file, AGENTEL_ANOMALY_ENABLED: 'false' }),
    })
    const keptWhenOff = existsSync(file)
    rmSync(folder, { recursive: true })
    expect({ kept, keptWhenOff }).toEqual({ kept: true, keptWhenOff: false })
  })

  it('reports CPU, memory and event loop of the process, once', async () => {
    await runApp('threads-and-children.mjs', { env: env() })
    const names = sink.received
      .filter(({ path }) => path === '/v1/metrics')
      .map(({ body }) => body.toString())
      .filter((body) => body.includes('"process.cpu.time"'))
    // The main thread and the forked child are processes; the worker thread is not one.
    expect(names).toHaveLength(2)
    for (const name of ['process.memory.usage', 'nodejs.eventloop.utilization', 'v8js.memory.heap.used']) {
      expect(names[0]).toContain(`"${name}"`)
    }
  })

  it('has no figures of the process when they are switched off', async () => {
    await runApp('all-signals.mjs', { env: env({ AGENTEL_HOST_METRICS_ENABLED: 'false' }) })
    const text = sink.received.map(({ body }) => body.toString()).join()
    expect(text).toContain('app.count')
    expect(text).not.toContain('process.cpu.time')
  })

  it('drops what the sampler drops', async () => {
    await runApp('all-signals.mjs', { env: env({ OTEL_TRACES_SAMPLER: 'always_off' }) })
    expect(paths()).toEqual(['/v1/logs', '/v1/metrics'])
  })

  it('dies of SIGTERM as it would have without us, after sending', async () => {
    const run = await runApp('until-killed.mjs', { env: env(), signal: 'SIGTERM' })
    expect(run).toEqual({ code: null, signal: 'SIGTERM', stdout: 'up\n', stderr: '' })
    expect(sink.spans().map(({ name }) => name)).toEqual(['app.work'])
  })

  it('dies of SIGINT as it would have without us, after sending', async () => {
    const run = await runApp('until-killed.mjs', { env: env(), signal: 'SIGINT' })
    expect(run).toMatchObject({ code: null, signal: 'SIGINT' })
    expect(sink.spans().map(({ name }) => name)).toEqual(['app.work'])
  })

  it("leaves the end to the application's own signal handler", async () => {
    const run = await runApp('own-signal-handler.mjs', { env: env(), signal: 'SIGTERM' })
    expect(run).toEqual({ code: 7, signal: null, stdout: 'up\nclosing\n', stderr: '' })
    expect(sink.spans().map(({ name }) => name)).toEqual(['app.work'])
  })

  it('sends spans that other beforeExit listeners still make, and disturbs none of them', async () => {
    const run = await runApp('more-work-at-the-end.mjs', { env: env() })
    const bare = await runApp('more-work-at-the-end.mjs', { register: false })
    expect(bare.stdout).toBe('exit 0 after 3 rounds\n')
    expect(sink.spans().map(({ name }) => name)).toEqual(['app.round_1', 'app.round_2'])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toMatch(/^exit 0 after \d rounds\n$/)
  })

  it('ends with the same code, without a word, when nobody answers at the endpoint', async () => {
    const run = await runApp('all-signals.mjs', {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: await deadUrl(), AGENTEL_SHUTDOWN_TIMEOUT_MS: '300' },
    })
    expect(run).toEqual({ code: 3, signal: null, stdout: 'done\n', stderr: '' })
  })

  it('traces worker threads and forked children too, each once', async () => {
    const run = await runApp('threads-and-children.mjs', { env: env({ NODE_OPTIONS: '' }) })
    expect(run.code).toBe(0)
    expect(
      sink
        .spans()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['app.child', 'app.main', 'app.worker'])
  })

  it('opens the Prometheus port in the main thread only', async () => {
    const { port } = new URL(await deadUrl())
    const run = await runApp('threads-and-children.mjs', {
      env: env({ OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_PROMETHEUS_PORT: port, OTEL_LOG_LEVEL: 'ERROR' }),
    })
    expect(run.code).toBe(0)
    expect(run.stdout.split('\n').filter(Boolean).toSorted()).toEqual(['child', 'main', 'worker'])
  })

  it('lets an application that sets up its own tracing have all of its spans', async () => {
    const run = await runApp('own-sdk.mjs', { env: env() })
    const bare = await runApp('own-sdk.mjs', { register: false })
    expect(run.stdout).toBe('registered true\nhost.inner host.outer\nnested true\n')
    expect(bare.stdout).toBe('registered true\nhost.inner host.outer\nnested false\n')
    expect(sink.spans()).toEqual([])
  })

  it.each([
    ['OTEL_BSP_SCHEDULE_DELAY', 'soon'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://:x'],
    ['OTEL_PROPAGATORS', 'xray'],
    ['AGENTEL_PROFILE', 'prod'],
    ['AGENTEL_DISABLED', 'maybe'],
  ])('stops the start when %s holds %s, and names it', async (name, value) => {
    const run = await runApp('all-signals.mjs', {
      env: env({ ...(name.endsWith('ARG') ? { OTEL_TRACES_SAMPLER: 'traceidratio' } : {}), [name]: value }),
    })
    expect(run.code).toBe(1)
    expect(run.stdout).toBe('')
    expect(run.stderr).toContain(`AGENTEL_ENVIRONMENT_INVALID_VALUE: ${name}`)
    expect(sink.received).toEqual([])
  })

  it.each([
    ['own prices that are not there', { AGENTEL_COST_PRICES: '/nowhere/prices.yaml' }, '/nowhere/prices.yaml'],
    ['hashes without a key', { AGENTEL_REDACTION_MODE: 'hash' }, 'hashKey'],
  ])('stops the start for %s', async (_what, wrong, named) => {
    const run = await runApp('all-signals.mjs', { env: env(wrong) })
    expect({ code: run.code, stdout: run.stdout }).toEqual({ code: 1, stdout: '' })
    expect(run.stderr).toContain(named)
  })

  it.each(['OTEL_SDK_DISABLED', 'AGENTEL_DISABLED'])('hooks nothing and says nothing under %s', async (name) => {
    const bare = await runApp('process-state.mjs', { env: env(), register: false })
    const off = await runApp('process-state.mjs', { env: env({ [name]: 'true' }) })
    expect(off).toEqual(bare)
    expect(sink.received).toEqual([])
  })
})
