/** Every event that the documentation lists, made by what makes it, as it arrives by OTLP, in the audit file and in the console. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ROOT_CONTEXT, trace, type Attributes } from '@opentelemetry/api'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { agent, withIdentity } from '@agentel/api'
import { everyConcept } from '../../api/test/every-concept.ts'
import { type AuditEntry, openAuditReader } from '@agentel/audit'
import type { LogList, LogRecord } from '../../console/src/index.ts'
import { startFixture } from '../../console/test/console-fixture.ts'
import { startAgentel } from '../src/index.ts'

/** A log record as OTLP has it, in plain values. */
interface Sent {
  readonly event: string
  readonly severity: number
  readonly attributes: Readonly<Record<string, unknown>>
}

interface JsonValue {
  readonly intValue?: string | number
  readonly arrayValue?: { readonly values?: readonly JsonValue[] }
  readonly kvlistValue?: { readonly values?: readonly JsonAttribute[] }
  readonly stringValue?: string
  readonly doubleValue?: number
  readonly boolValue?: boolean
}
interface JsonAttribute {
  readonly key: string
  readonly value: JsonValue
}
interface JsonLogs {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly eventName?: string
        readonly severityNumber?: number
        readonly attributes?: readonly JsonAttribute[]
      }[]
    }[]
  }[]
}

const recordOf = (attributes: readonly JsonAttribute[] = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]))

function plain({ intValue, arrayValue, kvlistValue, stringValue, doubleValue, boolValue }: JsonValue): unknown {
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(plain)
  if (kvlistValue !== undefined) return recordOf(kvlistValue.values)
  return intValue === undefined ? (stringValue ?? doubleValue ?? boolValue ?? null) : Number(intValue)
}

/** Hands what arrives on to `target`, and keeps the log records. */
async function startRelay(target: string) {
  const sent: Sent[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
    for (const { scopeLogs } of (JSON.parse(body.toString()) as JsonLogs).resourceLogs ?? []) {
      for (const { eventName = '', severityNumber = 0, attributes } of scopeLogs.flatMap((scope) => scope.logRecords))
        sent.push({ event: eventName, severity: severityNumber, attributes: recordOf(attributes) })
    }
    const headers = { 'content-type': 'application/json' }
    const { status } = await fetch(target + request.url, { method: 'POST', headers, body: body.toString() })
    response.writeHead(status).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { sent, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const SECOND = 1000

/** A model call of an agent every ten seconds, in the past: as usual for three hours, five times as long, as usual. */
function unusualTraffic(): void {
  const tracer = trace.getTracer('test')
  const noise = (i: number) => 1 + 0.25 * Math.sin(i * 12.9898) + 0.15 * Math.sin(i * 78.233)
  const begin = Date.now() - 4 * 3600 * SECOND
  for (let i = 0; i < 1150; i++) {
    const at = begin + i * 10 * SECOND
    const of = { 'gen_ai.agent.name': 'watched' }
    const whole: Attributes = { 'gen_ai.operation.name': 'invoke_agent', ...of }
    const run = tracer.startSpan('invoke_agent watched', { attributes: whole, startTime: at }, ROOT_CONTEXT)
    const tokens = Math.round(800 * noise(i) * (i >= 1080 && i < 1090 ? 5 : 1))
    const attributes: Attributes = { 'gen_ai.operation.name': 'chat', ...of, 'gen_ai.usage.input_tokens': tokens }
    tracer.startSpan('chat', { attributes, startTime: at }, trace.setSpan(ROOT_CONTEXT, run)).end(at + 900)
    run.end(at + 1500)
  }
}

function failThreeTimes(): void {
  for (let i = 0; i < 3; i++) {
    const fail = () => {
      throw new TypeError('broken')
    }
    expect(() => agent('clerk', fail)).toThrow('broken')
  }
}

function spend(): void {
  withIdentity({ userId: 'u1' }, () => {
    const attributes = { 'gen_ai.operation.name': 'chat', 'agentel.cost.amount': 1 }
    trace.getTracer('test').startSpan('chat', { attributes }).end()
  })
}

const found = { sent: [] as readonly Sent[], audited: [] as AuditEntry[], shown: [] as readonly LogRecord[] }
const undo: (() => unknown)[] = []

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-events-'))
  const [file, budgets, rules] = ['audit.db', 'budgets.yaml', 'rules.yaml'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(budgets, '- {name: daily, scope: user, period: day, cost: 1}\n')
  writeFileSync(
    rules,
    'rules: [{name: own, signal: agentel.errors, aggregation: increase, window: 5m, above: 0, severity: error}]',
  )
  vi.stubEnv('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', 'SPAN_AND_EVENT')
  for (const signal of ['TRACES', 'METRICS']) vi.stubEnv(`OTEL_${signal}_EXPORTER`, 'none')
  const console_ = await startFixture()
  const relay = await startRelay(console_.url)
  undo.push(
    () => void relay.server.close(),
    () => console_.stop(),
    () => rmSync(folder, { recursive: true }),
  )
  const agentel = startAgentel({
    otlp: { endpoint: relay.url, protocol: 'http/json' },
    audit: { file },
    budgets: { file: budgets },
    alerts: { enabled: true, rules, intervalMs: 100 },
  })
  unusualTraffic()
  await everyConcept()
  failThreeTimes()
  spend()
  await agentel.health()?.report()
  const alerted = () => relay.sent.some(({ event }) => event === 'agentel.alert.state_changed')
  await vi.waitFor(async () => expect((await agentel.forceFlush()) && alerted()).toBe(true), { timeout: 20_000 })
  await agentel.shutdown()
  const { logs } = await console_.until<LogList>('/api/logs?from=-1d&limit=500', (answer) => {
    return answer.logs.length === relay.sent.length
  })
  const reader = openAuditReader(file)
  Object.assign(found, { sent: relay.sent, shown: logs, audited: reader.query() })
  expect(reader.verify()).toMatchObject({ ok: true, findings: [] })
  reader.close()
}, 60_000)
afterAll(async () => {
  for (const one of undo) await one()
  vi.unstubAllEnvs()
})

/** Event, severity number, and what its attributes hold beside who and where. */
const rows: [string, number, Record<string, unknown>][] = [
  ['agentel.task.started', 9, { 'agentel.task.name': 'fails', 'agentel.task.parameters': { a: 1 } }],
  ['agentel.task.completed', 9, { 'agentel.task.name': 'works', 'agentel.task.result': 'result' }],
  ['agentel.task.failed', 17, { 'agentel.task.name': 'fails', 'error.type': 'TypeError' }],
  ['agentel.decision', 9, { 'agentel.decision.name': 'choose', 'agentel.decision.confidence': 0.5 }],
  ['agentel.message.sent', 9, { 'agentel.message.target.name': 'writer', 'agentel.message.body.size': 5 }],
  ['agentel.message.received', 9, { 'agentel.message.source.name': 'planner' }],
  ['agentel.request', 9, { 'gen_ai.request.model': 'm1', 'agentel.content.length': expect.any(Number) }],
  ['agentel.response', 9, { 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5 }],
  ['agentel.tool.called', 9, { 'gen_ai.tool.name': 'search', 'agentel.content.length': 10 }],
  ['agentel.tool.call.decision', 9, { 'agentel.tool.call.decision.outcome': 'deny' }],
  ['agentel.guardrail.result', 9, { 'agentel.guardrail.name': 'pii', 'agentel.guardrail.triggered': false }],
  ['agentel.state.changed', 9, { 'agentel.state.name': 'plan', 'agentel.state.next': { a: 2 } }],
  ['agentel.resource.accessed', 9, { 'agentel.resource.name': 'a.txt', 'agentel.resource.action': 'read' }],
  ['agentel.security.event', 17, { 'agentel.security.event.type': 'prompt_injection' }],
  ['agentel.security.validation', 9, { 'agentel.security.validation.rule': 'https' }],
  ['agentel.performance.alert', 13, { 'agentel.performance.value': 2, 'agentel.performance.threshold': 1 }],
  ['agentel.anomaly.detected', 17, { 'agentel.anomaly.signal.name': 'input_tokens', 'gen_ai.agent.name': 'watched' }],
  ['agentel.anomaly.ended', 9, { 'agentel.anomaly.signal.name': 'input_tokens', 'gen_ai.agent.name': 'watched' }],
  ['agentel.budget.threshold_exceeded', 17, { 'agentel.budget.name': 'daily', 'agentel.budget.threshold': 1 }],
  ['agentel.alert.state_changed', 17, { 'agentel.alert.rule.name': 'own', 'agentel.alert.state': 'active' }],
  ['agentel.health.changed', 13, { 'agentel.component.name': 'agent clerk', 'agentel.health.state': 'unhealthy' }],
  ['gen_ai.evaluation.result', 0, { 'gen_ai.evaluation.name': 'user_feedback', 'agentel.evaluator.type': 'human' }],
  ['agentel.feedback.low_rating', 13, { 'gen_ai.evaluation.score.value': 1, 'gen_ai.response.id': 'r1' }],
  ['gen_ai.client.operation.exception', 13, { 'exception.type': 'TypeError' }],
]

/** What the audit file has of its own in place of attributes. */
const withoutWho = (attributes: Readonly<Record<string, unknown>>) => {
  const { 'user.id': _user, 'session.id': _session, ...others } = attributes
  return others
}

describe('the event', () => {
  it.each(rows)('%s arrives by OTLP, and the same in the audit file and the console', (event, severity, attributes) => {
    const all = found.sent.filter((one) => one.event === event)
    const [sent] = all.filter((one) => expect.objectContaining(attributes).asymmetricMatch(one.attributes))
    expect(sent, JSON.stringify(all)).toMatchObject({ event, severity, attributes })
    const audited = found.audited.filter((row) => row.event === event)
    expect(audited).toHaveLength(all.length)
    expect(audited.map((row) => row.attributes)).toContainEqual(withoutWho(sent!.attributes))
    const shown = found.shown.filter((record) => record.event === event)
    expect(shown.map((record) => [record.severity, record.attributes])).toContainEqual([severity, sent!.attributes])
    // Who and where, wherever the event belongs to a trace.
    const own = audited.find((row) => JSON.stringify(row.attributes) === JSON.stringify(withoutWho(sent!.attributes)))
    const record = shown.find((one) => JSON.stringify(one.attributes) === JSON.stringify(sent!.attributes))
    expect([own?.user ?? undefined, own?.session ?? undefined]).toEqual([
      sent!.attributes['user.id'],
      sent!.attributes['session.id'],
    ])
    expect([own?.trace, own?.span]).toEqual([record?.traceId, record?.spanId])
  })

  it('names are those of the table above, and no others', () => {
    const details = 'gen_ai.client.inference.operation.details'
    const sent = new Set(found.sent.map(({ event }) => event).filter((event) => event !== details))
    expect([...sent].toSorted()).toEqual(rows.map(([event]) => event).toSorted())
  })
})
