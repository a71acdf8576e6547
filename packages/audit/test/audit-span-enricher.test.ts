import {
  decision,
  generation,
  receiveMessage,
  recordStateChange,
  sendMessage,
  setAgentName,
  task,
  tool,
  withIdentity,
} from '@agentel/api'
import { createTestTelemetry } from '@agentel/testing'
import { SpanStatusCode, context, trace } from '@opentelemetry/api'
import { expect, it } from 'vitest'
import { type AuditEntry, auditLogProcessor, auditSpanProcessor, openAuditReader } from '../src/index.ts'
import { temporaryFile } from './temporary-file.ts'

/** One of each kind of work, of which some fails. */
async function work(): Promise<void> {
  const identity = { userId: 'u1', sessionId: 's1', conversationId: 'c1', tenantId: 't1', metadata: { plan: 'gold' } }
  await withIdentity(identity, () =>
    context.with(setAgentName(context.active(), 'clerk'), async () => {
      const carrier = {}
      await task({ name: 'order', id: 'o1', type: 'sale' }, async () => {
        decision('choose_source', (choice) => choice.decide({ outcome: 'shop', confidence: 0.9, optionCount: 2 }))
        sendMessage({ target: 'writer', type: 'request', id: 'm1', body: 'four', carrier }, () => undefined)
        const broken = new RangeError('no such page')
        await expect(tool({ name: 'search', callId: 'x1' }, () => Promise.reject(broken))).rejects.toBe(broken)
        generation({ provider: 'lab', model: 'm1' }, (call) =>
          call.response({ model: 'm1-2026', usage: { inputTokens: 7, outputTokens: 5 } }),
        )
      })
      receiveMessage({ source: 'planner', target: 'clerk', carrier }, () => undefined)
      await expect(task({ name: 'pay' }, () => Promise.reject(new TypeError('no card')))).rejects.toThrow('no card')
    }),
  )
}

function entriesOf(file: string): AuditEntry[] {
  const reader = openAuditReader(file)
  const entries = reader.query().toSorted((one, other) => one.sequence - other.sequence)
  expect(reader.verify().ok).toBe(true)
  reader.close()
  return entries
}

/** Of two runs of the same work: neither when it was, nor how long, nor which trace. */
function comparable({ attributes, time, trace: traceId, span, sequence, ...entry }: AuditEntry): unknown {
  expect(sequence).toBeGreaterThan(0)
  expect([traceId, span]).toEqual([expect.stringMatching(/^[\da-f]{32}$/), expect.stringMatching(/^[\da-f]{16}$/)])
  expect(Math.abs(Date.now() - time)).toBeLessThan(60_000)
  // How long content was is known to who writes the log record alone; a span has the content, or nothing.
  const { 'agentel.content.length': _length, ...others } = attributes
  const known = { 'agentel.duration': 'number', 'exception.stacktrace': 'string' }
  const types = Object.entries(known).filter(([key]) => key in others)
  for (const [key, type] of types) expect(typeof others[key]).toBe(type)
  return { ...entry, attributes: { ...others, ...Object.fromEntries(types) } }
}

const byText = (entries: readonly AuditEntry[]): unknown[] =>
  entries.map(comparable).toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))

it('writes without a logger provider the rows that the log records would have given', async () => {
  const [fromSpans, fromLogs] = [temporaryFile(), temporaryFile()]
  const spans = auditSpanProcessor({ file: fromSpans })
  const onlySpans = createTestTelemetry({ spanProcessors: [spans], logs: false })
  await work()
  await spans.forceFlush()
  await onlySpans.shutdown()
  const logs = auditLogProcessor({ file: fromLogs })
  const withLogs = createTestTelemetry({ logRecordProcessors: [logs] })
  await work()
  await logs.forceFlush()
  await withLogs.shutdown()
  const rows = entriesOf(fromSpans)
  expect(rows.map(({ event }) => event)).toEqual([
    'agentel.decision',
    'agentel.message.sent',
    'gen_ai.client.operation.exception',
    'agentel.tool.called',
    'agentel.request',
    'agentel.response',
    'agentel.task.started',
    'agentel.task.completed',
    'agentel.message.received',
    'agentel.task.started',
    'gen_ai.client.operation.exception',
    'agentel.task.failed',
  ])
  expect(byText(rows)).toEqual(byText(entriesOf(fromLogs)))
})

it('writes each event once beside the log record processor of the same file, and to another file all the same', async () => {
  const [file, another] = [temporaryFile(), temporaryFile()]
  const processors = { spans: auditSpanProcessor({ file }), logs: auditLogProcessor({ file }) }
  const apart = auditSpanProcessor({ file: another })
  const telemetry = createTestTelemetry({
    spanProcessors: [processors.spans, apart],
    logRecordProcessors: [processors.logs],
  })
  await work()
  task('paint', () => recordStateChange({ name: 'wall', trigger: 'paint' }))
  const own = trace.getTracer('of somebody else').startSpan('execute_tool fetch', {
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'fetch', 'user.id': 'u2' },
  })
  own.setStatus({ code: SpanStatusCode.ERROR })
  own.setAttribute('error.type', 'timeout')
  own.end()
  trace.getTracer('of somebody else').startSpan('GET /').end()
  await Promise.all([processors.spans.forceFlush(), processors.logs.forceFlush(), apart.forceFlush()])
  const rows = entriesOf(file)
  const counted = Object.groupBy(rows, ({ event }) => event)
  expect(Object.fromEntries(Object.entries(counted).map(([event, all]) => [event, all!.length]))).toEqual({
    'agentel.decision': 1,
    'agentel.message.sent': 1,
    'agentel.message.received': 1,
    'agentel.request': 1,
    'agentel.response': 1,
    'agentel.state.changed': 1,
    'agentel.task.started': 3,
    'agentel.task.completed': 2,
    'agentel.task.failed': 1,
    'agentel.tool.called': 2,
    'gen_ai.client.operation.exception': 2,
  })
  const span = telemetry.span('execute_tool fetch')
  expect(rows.find(({ user }) => user === 'u2')).toEqual({
    sequence: expect.any(Number),
    time: Math.trunc(span.endTime[0] * 1000 + span.endTime[1] / 1e6),
    event: 'agentel.tool.called',
    severity: 9,
    agent: null,
    user: 'u2',
    session: null,
    conversation: null,
    trace: span.spanContext().traceId,
    span: span.spanContext().spanId,
    attributes: {
      'gen_ai.tool.name': 'fetch',
      'error.type': 'timeout',
      'agentel.duration': (span.duration[0] * 1000 + span.duration[1] / 1e6) / 1000,
    },
    erased: false,
  })
  // The exceptions are log records here; all else is on the spans.
  expect(entriesOf(another)).toHaveLength(rows.length - 3)
  await telemetry.shutdown()
})

it('writes only the events that were asked for', async () => {
  const file = temporaryFile()
  const spans = auditSpanProcessor({ file, events: ['agentel.task.failed'] })
  const telemetry = createTestTelemetry({ spanProcessors: [spans], logs: false })
  await work()
  await spans.forceFlush()
  expect(entriesOf(file).map(({ event }) => event)).toEqual(['agentel.task.failed'])
  await telemetry.shutdown()
})
