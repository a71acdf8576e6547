import { recordResourceAccess, recordStateChange, setAgentName, startTask, withIdentity } from '@agentel/api'
import { createTestTelemetry } from '@agentel/testing'
import { context } from '@opentelemetry/api'
import { expect, it } from 'vitest'
import { auditLogProcessor, openAuditReader } from '../src/index.ts'
import { temporaryFile } from './temporary-file.ts'

it('writes the events of agents with agent, user, session, conversation, trace and time of the record', async () => {
  const file = temporaryFile()
  const audit = auditLogProcessor({ file })
  const telemetry = createTestTelemetry({ logRecordProcessors: [audit] })
  withIdentity({ userId: 'u1', sessionId: 's1', conversationId: 'c1' }, () => {
    const task = startTask({ name: 'order' })
    task.end()
    context.with(setAgentName(context.active(), 'clerk'), () =>
      recordResourceAccess({ type: 'file', name: 'prices.csv', action: 'read' }),
    )
  })
  await audit.forceFlush()
  const reader = openAuditReader(file)
  const rows = reader.query().toReversed()
  const records = telemetry.logs()
  expect(rows.map(({ event }) => event)).toEqual([
    'agentel.task.started',
    'agentel.task.completed',
    'agentel.resource.accessed',
  ])
  expect(records).toHaveLength(3)
  for (const [i, row] of rows.entries()) {
    const { attributes, hrTime, severityNumber, spanContext } = records[i]!
    const { 'user.id': user, 'session.id': session, ...others } = attributes
    expect(row).toEqual({
      sequence: i + 1,
      time: Math.trunc(hrTime[0] * 1000 + hrTime[1] / 1e6),
      event: records[i]!.eventName,
      severity: severityNumber,
      agent: attributes['gen_ai.agent.name'] ?? null,
      user,
      session,
      conversation: 'c1',
      trace: spanContext?.traceId ?? null,
      span: spanContext?.spanId ?? null,
      attributes: others,
      erased: false,
    })
  }
  expect(rows[0]).toMatchObject({ user: 'u1', session: 's1', trace: telemetry.spans()[0]!.spanContext().traceId })
  expect(rows[2]).toMatchObject({ agent: 'clerk' })
  reader.close()
  await telemetry.shutdown()
})

it('writes only the events that were asked for', async () => {
  const file = temporaryFile()
  const audit = auditLogProcessor({ file, events: ['agentel.state.changed'] })
  const telemetry = createTestTelemetry({ logRecordProcessors: [audit] })
  recordResourceAccess({ type: 'file', name: 'prices.csv', action: 'read' })
  recordStateChange({ name: 'order', trigger: 'paid' })
  await audit.forceFlush()
  const reader = openAuditReader(file)
  expect(reader.summary()).toEqual({
    total: 1,
    byEvent: { 'agentel.state.changed': 1 },
    byAgent: { '': 1 },
    bySeverity: { 9: 1 },
  })
  reader.close()
  await telemetry.shutdown()
})
