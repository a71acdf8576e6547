import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startModelServer, type ModelServer } from '../../packages/testing/src/model-server/index.ts'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { METRICS_SERVICE, startGrpcSink, TRACE_SERVICE } from '../../packages/sdk/test/grpc-sink.ts'
import { startOtlpSink, type OtlpSink } from '../../packages/sdk/test/otlp-sink.ts'
import { makeHost, type HostFolder } from './host-folder.ts'
import { packWorkspace, runTool } from './pack-workspace.ts'

const LINES = {
  '2': {
    '@opentelemetry/api': '1.9.0',
    '@opentelemetry/api-logs': '0.223.1',
    '@opentelemetry/resources': '2.12.1',
    '@opentelemetry/sdk-logs': '0.223.1',
    '@opentelemetry/sdk-trace-base': '2.12.1',
    '@opentelemetry/sdk-trace-node': '2.12.0',
    openai: '7.59.0',
  },
  '3': {
    '@opentelemetry/api': '1.10.0',
    '@opentelemetry/context-async-hooks': '3.1.1',
    '@opentelemetry/resources': '3.1.1',
    '@opentelemetry/sdk-logs': '3.1.1',
    '@opentelemetry/sdk-trace': '3.1.1',
    openai: '7.59.0',
  },
}

interface Report {
  spans: { name: string; scope: string; parent: string | null; attributes: Record<string, unknown> }[]
  logs: { eventName: string | null; body: unknown; span: string | null }[]
}

/** An application in TypeScript that uses all of what we export, beside the SDK of its line. */
const USES = {
  '2': `import { BatchSpanProcessor, InMemorySpanExporter } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
new NodeTracerProvider({ spanProcessors: [agentelSpanProcessor(), new BatchSpanProcessor(new InMemorySpanExporter())] })
`,
  '3': `import { LoggerProvider } from '@opentelemetry/sdk-logs'
import { BatchSpanProcessor, InMemorySpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
const batch = new BatchSpanProcessor({ exporter: new InMemorySpanExporter() })
new TracerProvider({ spanProcessors: [agentelSpanProcessor(), batch] })
new LoggerProvider({ processors: [agentelPlugs().logRecordProcessor] })
`,
}
const USE = `import { agentelPlugs, agentelSpanProcessor, startAgentel, type Agentel, type StartOptions } from '@agentel/sdk'
import '@agentel/sdk/register'
import { checkConfigFile } from '@agentel/sdk/check-config-file'
import { resolveSettings } from '@agentel/sdk/settings'
const options: StartOptions = { serviceName: 'desk', shutdown: { timeoutMs: 1000 } }
const agentel: Agentel = startAgentel(options)
export const used = [agentel, checkConfigFile, resolveSettings, agentelPlugs]
`

/** What no application of `@agentel/sdk` installs: they are programs of their own. */
const NOT_OF_SDK = /^agentel$|\/(console|demo|cli|testing)$/

let tarballs: Record<string, string>
const hosts = {} as Record<keyof typeof LINES, HostFolder>
let model: ModelServer
let sink: OtlpSink

beforeAll(async () => {
  tarballs = await packWorkspace()
  const ofSdk = Object.fromEntries(Object.entries(tarballs).filter(([name]) => !NOT_OF_SDK.test(name)))
  for (const line of ['2', '3'] as const) hosts[line] = await makeHost(`line-${line}`, LINES[line], ofSdk)
}, 300_000)
beforeEach(async () => {
  model = await startModelServer({ scenario: () => ({ text: 'Hello' }) })
  sink = await startOtlpSink()
})
afterEach(async () => {
  await model.close()
  await sink.close()
})

function env(more: Record<string, string> = {}): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OPENAI_BASE_URL: `${model.url}/v1`,
    OPENAI_API_KEY: 'sk-test',
    ...more,
  }
}

async function hostReport(line: keyof typeof LINES, mode: string, flags: string[] = []): Promise<Report> {
  const { code, stdout, stderr } = await hosts[line].node([...flags, 'host.mjs', line, mode], env())
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Report
}

const byHost = ({ spans }: Report) => spans.filter(({ scope }) => scope === 'host')
const byUs = ({ spans }: Report) => spans.filter(({ scope }) => scope.startsWith('@agentel/'))

describe('the command, installed from tarballs', () => {
  it('examines an application, and runs the demo until console and ledger agree', async () => {
    const host = await makeHost('cli', { '@opentelemetry/api': '1.10.0', openai: '7.59.0' }, tarballs)
    const quiet = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
    const doctor = await host.npx(['agentel', 'doctor', '--json'], quiet)
    expect(doctor.code).toBe(0)
    expect(doctor.stdout).toContain('chat.completions.create')
    const byShortName = await host.node(['node_modules/agentel/agentel.js', 'doctor', '--json'], quiet)
    expect(byShortName).toEqual(doctor)
    const demo = await host.npx(['agentel', 'demo', '--once', '--questions', '1', '--port', '0'])
    expect(demo).toMatchObject({ code: 0, stdout: expect.stringContaining('Console and ledger agree') })
  }, 120_000)
})

describe.each(['2', '3'] as const)('installed from tarballs beside a host of SDK line %s', (line) => {
  it.each([
    ['loaded first, as processors of its set-up', 'plugged', []],
    ['started first', 'first', []],
    ['started last', 'last', []],
    ['loaded by --import', 'alone', ['--import', '@agentel/sdk/register']],
  ])('%s: the host has its spans and logs as they were, and ours beside them', async (_what, mode, flags) => {
    const bare = await hostReport(line, 'alone')
    const ours = await hostReport(line, mode, flags)
    expect(byHost(ours)).toEqual(byHost(bare))
    expect(byHost(bare).map(({ name, parent }) => [name, parent])).toEqual([
      ['host.save', 'host.request'],
      ['host.request', null],
    ])
    expect(byUs(bare)).toEqual([])
    expect(byUs(ours)).toMatchObject([
      {
        name: 'chat gpt-4o-mini',
        parent: 'host.request',
        attributes: { 'gen_ai.usage.input_tokens': expect.any(Number) },
      },
    ])
    expect(byUs(ours)[0]?.attributes['agentel.cost.amount'] !== undefined).toBe(mode === 'plugged')
    // The event of @agentel/api goes to the host's logs, with or without the rest of agentel.
    expect(ours.logs).toEqual(bare.logs)
    expect(ours.logs).toEqual([
      { eventName: null, body: 'host log', span: 'host.request' },
      { eventName: 'agentel.test.event', body: null, span: 'host.request' },
    ])
    // The host's set-up is the only one: nothing of it went to our destination.
    expect(sink.spans()).toEqual([])
  })

  it.each(['app.js', 'chat.cjs'])('started by --import alone, sends the call of %s', async (app) => {
    const run = await hosts[line].node(['--import', '@agentel/sdk/register', app], env())
    expect(run).toEqual({ code: 0, stdout: 'Hello\n', stderr: '' })
    expect(sink.spans()).toMatchObject([
      { name: 'chat gpt-4o-mini', attributes: { 'agentel.cost.amount': expect.any(Number) } },
    ])
    expect(sink.received.map(({ path }) => path).toSorted()).toEqual(['/v1/metrics', '/v1/traces'])
  })

  it('sends by http/protobuf', async () => {
    const { OTEL_EXPORTER_OTLP_PROTOCOL: _json, ...rest } = env()
    const run = await hosts[line].node(['--import', '@agentel/sdk/register', 'app.js'], rest)
    expect(run).toEqual({ code: 0, stdout: 'Hello\n', stderr: '' })
    expect(sink.received.map(({ path }) => path).toSorted()).toEqual(['/v1/metrics', '/v1/traces'])
  })

  it('sends by grpc', async () => {
    const grpc = await startGrpcSink()
    const run = await hosts[line].node(
      ['--import', '@agentel/sdk/register', 'app.js'],
      env({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: grpc.url }),
    )
    await grpc.close()
    expect(run).toEqual({ code: 0, stdout: 'Hello\n', stderr: '' })
    expect(grpc.received.map(({ path }) => path).toSorted()).toEqual([METRICS_SERVICE, TRACE_SERVICE])
    expect(grpc.received.find(({ path }) => path === TRACE_SERVICE)?.body.toString('latin1')).toContain(
      'chat gpt-4o-mini',
    )
  })

  it('is in worker threads and forked children, each span once', async () => {
    const run = await hosts[line].node(['--import', '@agentel/sdk/register', 'threads-and-children.mjs'], env())
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' })
    expect(
      sink
        .spans()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['app.child', 'app.main', 'app.worker'])
  })

  it('is in what `npm run` starts under NODE_OPTIONS', async () => {
    const run = await hosts[line].npm(
      ['run', '--silent', 'chat'],
      env({ NODE_OPTIONS: '--import=@agentel/sdk/register' }),
    )
    expect(run).toEqual({ code: 0, stdout: 'Hello\n', stderr: '' })
    expect(sink.spans().map(({ name }) => name)).toEqual(['chat gpt-4o-mini'])
  })

  it('type-checks in an application, our declarations included', async () => {
    const { folder } = hosts[line]
    writeFileSync(join(folder, 'use.ts'), USE + USES[line])
    const options = ['--noEmit', '--module', 'nodenext', '--target', 'es2024', '--strict', '--types', '']
    expect(await runTool('tsc', ['--ignoreConfig', ...options, 'use.ts'], folder)).toBe('')
  })

  it.each(['app.js', 'chat.cjs'])('leaves %s as it is, byte for byte, when it is disabled', async (app) => {
    const bare = await hosts[line].node([app], env())
    const off = await hosts[line].node(['--import', '@agentel/sdk/register', app], env({ AGENTEL_DISABLED: 'true' }))
    expect(off).toEqual(bare)
    expect(sink.received).toEqual([])
  })
})
