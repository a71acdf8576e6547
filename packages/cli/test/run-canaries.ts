import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as api from '@opentelemetry/api'
import * as agentelApi from '../../api/src/index.ts'
import { type RunningConsole, startConsole } from '@agentel/console'
import { KINDS, randomFrom } from '../../processors/redaction/test/secrets.ts'
import { type Agentel, startAgentel } from '@agentel/sdk'
import { type OtlpSink, startOtlpSink } from '../../sdk/test/otlp-sink.ts'

const random = randomFrom(2026)
/** 200 secrets of 20 kinds. */
export const CANARIES = Object.values(KINDS).flatMap(({ make }) => Array.from({ length: 10 }, () => make(random)))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return address.port
}

/** All that a diag logger could print. */
function listeningLogger(lines: string[]): api.DiagLogger {
  const listen = (...parts: unknown[]) =>
    lines.push(parts.map((part) => (part instanceof Error ? part.stack : JSON.stringify(part))).join(' '))
  return { error: listen, warn: listen, info: listen, debug: listen, verbose: listen }
}

const environmentOf = (sink: OtlpSink, port: number): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_METRICS_EXPORTER: 'otlp,prometheus',
  OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'SPAN_AND_EVENT',
  OTEL_BSP_MAX_QUEUE_SIZE: '20000',
  OTEL_BLRP_MAX_QUEUE_SIZE: '20000',
})

function start(folder: string): Agentel {
  const budgets = ['user', 'session', 'tenant', 'agent'].map((scope) => ({
    name: scope,
    scope,
    period: 'day',
    cost: 0.5,
  }))
  writeFileSync(join(folder, 'budgets.json'), JSON.stringify(budgets))
  return startAgentel({
    audit: { file: join(folder, 'audit.db') },
    budgets: { file: join(folder, 'budgets.json'), store: join(folder, 'budgets.db') },
    shutdown: { timeoutMs: 60_000 },
    enrichers: [
      {
        name: 'faulty',
        onEnding(span) {
          throw new Error(`cannot read ${span.name}`)
        },
      },
    ],
  })
}

/** A span of any library with a canary in each of its fields. */
function plantInSpan(canary: string): void {
  const span = api.trace.getTracer('app').startSpan(`work on ${canary}`, {
    attributes: {
      note: canary,
      user_password: canary,
      list: ['x', canary],
      json: JSON.stringify({ deep: [{ canary }] }),
    },
    links: [{ context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }, attributes: { canary } }],
  })
  span.addEvent(`event ${canary}`, { canary })
  span.recordException(
    Object.assign(new Error(`failed: ${canary}`), { stack: `Error: ${canary}\n    at f (file.js:1:1)` }),
  )
  span.setStatus({ code: api.SpanStatusCode.ERROR, message: `failed: ${canary}` })
  span.end()
}

/** A call of a model that costs what crosses the budgets of all whose it is. */
function plantInCall(canary: string): void {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': `model ${canary}`,
    'gen_ai.agent.name': `agent ${canary}`,
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: canary }] }]),
    'error.type': `error ${canary}`,
    // Where a service is is nobody's personal data: there an IP address stays.
    ...(/^[\d.]+$/.test(canary) ? {} : { 'server.address': `host ${canary}` }),
    'agentel.cost.amount': 1,
  }
  api.trace.getTracer('app').startSpan(`chat ${canary}`, { attributes }).end()
}

async function plantByApi(canary: string): Promise<void> {
  const { task, agent, tool, recordFeedback, recordSecurityEvent, recordStateChange, recordResourceAccess } = agentelApi
  await agent({ name: `agent ${canary}`, description: canary }, () =>
    task({ name: `task ${canary}`, parameters: { canary, text: `use ${canary}` } }, async () => {
      tool({ name: `tool ${canary}`, arguments: { canary } }, () => ({ result: canary }))
      recordFeedback({ rating: 1, comment: `bad ${canary}` })
      recordSecurityEvent({ type: `type ${canary}`, severity: 'high', outcome: canary, attributes: { canary } })
      recordStateChange({ name: canary, trigger: canary, previous: { canary }, next: [canary], attributes: { canary } })
      recordResourceAccess({ type: 'file', name: canary, action: canary, attributes: { canary } })
      throw new Error(`no answer for ${canary}`)
    }),
  ).catch(() => {})
}

function plant(canary: string, sink: OtlpSink): Promise<void> {
  const baggage = api.propagation.createBaggage({ canary: { value: canary } })
  return api.context.with(api.propagation.setBaggage(api.context.active(), baggage), () =>
    agentelApi.withIdentity(
      {
        userId: canary,
        sessionId: canary,
        conversationId: canary,
        tenantId: canary,
        tags: [canary],
        metadata: { canary },
      },
      async () => {
        plantInSpan(canary)
        plantInCall(canary)
        await plantByApi(canary)
        api.logs.getLogger('app').emit({
          eventName: 'agentel.request',
          severityText: 'INFO',
          body: { text: `log ${canary}`, deep: [canary] },
          attributes: { note: canary, structured: { deep: [canary] } as never },
        })
        api.metrics.getMeter('app').createCounter('app.calls').add(1, { caller: canary })
        const headers: Record<string, string> = {}
        api.propagation.inject(api.context.active(), headers, api.defaultTextMapSetter)
        sink.received.push({
          path: '/headers',
          headers: {},
          body: Buffer.from(decodeURIComponent(headers['baggage'] ?? '')),
        })
      },
    ),
  )
}

/** The part of a canary that is secret: of a URL with a password only the password. */
const secretOf = (canary: string) =>
  canary.includes('://') ? (/:\/\/[^:]+:([^@]+)@/.exec(canary)?.[1] ?? canary) : canary

/** Secrets that are in a text, as they are or as JSON writes them. */
export function leaksIn(text: string): string[] {
  return CANARIES.map(secretOf).filter(
    (secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)),
  )
}

/** Everything that left the process, by the way that it took. */
export type Outlets = Readonly<
  Record<'traces' | 'logs' | 'metrics' | 'baggage' | 'prometheus' | 'audit' | 'budgets' | 'console' | 'diag', string>
>

/** Plants every canary in everything that can be recorded, and gives what came out. */
export async function runCanaries(): Promise<Outlets> {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-canary-'))
  const sink = await startOtlpSink()
  try {
    return await outletsOf(folder, sink)
  } finally {
    for (const name of Object.keys(environmentOf(sink, 0))) delete process.env[name]
    await sink.close()
    api.diag.disable()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function outletsOf(folder: string, sink: OtlpSink): Promise<Outlets> {
  const running = await startConsole({ port: 0, grpcPort: false, dataFile: join(folder, 'console.db') })
  const port = await freePort()
  Object.assign(process.env, environmentOf(sink, port))
  const agentel = start(folder)
  const diagLines: string[] = []
  api.diag.setLogger(listeningLogger(diagLines), { logLevel: api.DiagLogLevel.ALL, suppressOverrideMessage: true })
  for (const canary of CANARIES) await plant(canary, sink)
  if (!(await agentel.forceFlush())) throw new Error('not everything was sent')
  const prometheus = await (await fetch(`http://localhost:${port}/metrics`)).text()
  await sendTo(running, sink)
  await agentel.shutdown()
  await running.stop()
  const otlp = (signal: string) =>
    sink.received
      .filter(({ path }) => path === signal)
      .map(({ body }) => body.toString())
      .join('\n')
  const filesOf = (name: string) =>
    readdirSync(folder)
      .filter((file) => file.startsWith(name))
      .map((file) => readFileSync(join(folder, file), 'latin1'))
      .join('\n')
  return {
    traces: otlp('/v1/traces'),
    logs: otlp('/v1/logs'),
    metrics: otlp('/v1/metrics'),
    baggage: otlp('/headers'),
    prometheus,
    audit: filesOf('audit.db'),
    budgets: filesOf('budgets.db'),
    console: filesOf('console.db'),
    diag: diagLines.join('\n'),
  }
}

/** What was sent by OTLP, to the console too. */
async function sendTo(running: RunningConsole, sink: OtlpSink): Promise<void> {
  for (const { path, body } of sink.received.filter(({ path: to }) => to.startsWith('/v1/'))) {
    const { status } = await fetch(`${running.url.replace(/\?.*/, '').replace(/\/$/, '')}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(body),
    })
    if (status !== 200) throw new Error(`the console answered with ${status} to ${path}`)
  }
}
