import { emitEvent, setAgentName, withIdentity } from '@agentel/api'
import { createTestTelemetry } from '@agentel/testing/telemetry'
import { context, logs, trace } from '@opentelemetry/api'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { enricherLogProcessor, enricherProcessor, identityEnricher } from '../src/index.ts'

const enrichers = [identityEnricher()]
const telemetry = createTestTelemetry({
  spanProcessors: [enricherProcessor(enrichers) as never],
  logRecordProcessors: [enricherLogProcessor(enrichers) as never],
})
beforeEach(() => telemetry.reset())
afterAll(() => telemetry.shutdown())

const identity = {
  userId: 'u1',
  sessionId: 's1',
  conversationId: 'c1',
  tenantId: 't1',
  tags: ['x'],
  metadata: { plan: 'pro' },
}
const stamped = {
  'user.id': 'u1',
  'session.id': 's1',
  'gen_ai.conversation.id': 'c1',
  'agentel.tenant.id': 't1',
  'agentel.tags': ['x'],
  'agentel.metadata.plan': 'pro',
}

describe('identityEnricher', () => {
  it('stamps spans and log records of any origin', () => {
    withIdentity(identity, () => {
      trace
        .getTracer('somebody')
        .startSpan('GET /', { attributes: { 'http.request.method': 'GET' } })
        .end()
      logs.getLogger('somebody').emit({ body: 'hello', attributes: { own: 1 } })
    })
    expect(telemetry.span('GET /').attributes).toEqual({ 'http.request.method': 'GET', ...stamped })
    expect(telemetry.logs().map(({ body, attributes }) => [body, attributes])).toEqual([
      ['hello', { own: 1, ...stamped }],
    ])
  })

  it('leaves what is there, and adds nothing outside', () => {
    withIdentity(identity, () => {
      trace
        .getTracer('somebody')
        .startSpan('own', { attributes: { 'user.id': 'own' } })
        .end()
      emitEvent('own.event', { 'user.id': 'own' })
    })
    trace.getTracer('somebody').startSpan('outside').end()
    expect(telemetry.span('own').attributes).toEqual({ ...stamped, 'user.id': 'own' })
    expect(telemetry.logs()[0]!.attributes).toEqual({ ...stamped, 'user.id': 'own' })
    expect(telemetry.span('outside').attributes).toEqual({})
  })

  it('names the agent at work on GenAI spans only', () => {
    context.with(setAgentName(context.active(), 'planner'), () => {
      const tracer = trace.getTracer('somebody')
      tracer.startSpan('chat m', { attributes: { 'gen_ai.operation.name': 'chat' } }).end()
      tracer
        .startSpan('tool', { attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.agent.name': 'own' } })
        .end()
      tracer.startSpan('GET /').end()
    })
    expect(telemetry.spans().map(({ name, attributes }) => [name, attributes])).toEqual([
      ['chat m', { 'gen_ai.operation.name': 'chat', 'gen_ai.agent.name': 'planner' }],
      ['tool', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.agent.name': 'own' }],
      ['GET /', {}],
    ])
  })
})
