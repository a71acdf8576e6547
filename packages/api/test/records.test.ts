import { context, trace } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import {
  agent,
  configureContent,
  emitEvent,
  injectContext,
  recordFeedback,
  recordPerformanceAlert,
  recordResourceAccess,
  recordStateChange,
  startAgent,
  withIdentity,
} from '../src/index.ts'
import { eventsOf, useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()

describe('recordFeedback', () => {
  it('belongs to the span that is rated, and a low rating is a warning too', () => {
    const answer = startAgent('helper')
    answer.end()
    recordFeedback({ rating: 2, comment: 'wrong', span: answer.span.spanContext(), responseId: 'r1' })
    const rating = {
      'gen_ai.evaluation.score.value': 2,
      'gen_ai.evaluation.score.label': 'negative',
      'gen_ai.response.id': 'r1',
    }
    expect(eventsOf(telemetry)).toEqual([
      [
        'gen_ai.evaluation.result',
        undefined,
        { 'gen_ai.evaluation.name': 'user_feedback', 'agentel.evaluator.type': 'human', ...rating },
      ],
      ['agentel.feedback.low_rating', 13, rating],
    ])
    for (const record of telemetry.logs()) expect(record.spanContext).toEqual(answer.span.spanContext())
  })

  it('holds the comment when content is on, and no warning for a good rating', () => {
    configureContent({ capture: 'EVENT_ONLY' })
    withIdentity({ userId: 'u1' }, () => recordFeedback({ rating: 5, comment: 'helpful', evaluator: 'model' }))
    expect(eventsOf(telemetry)).toEqual([
      [
        'gen_ai.evaluation.result',
        undefined,
        {
          'user.id': 'u1',
          'gen_ai.evaluation.name': 'user_feedback',
          'agentel.evaluator.type': 'model',
          'gen_ai.evaluation.score.value': 5,
          'gen_ai.evaluation.score.label': 'positive',
          'gen_ai.evaluation.explanation': 'helpful',
        },
      ],
    ])
  })

  it('belongs to the interaction in another process and later, by what was kept with the answer, with whose it was', () => {
    const answer = startAgent('helper')
    const kept = withIdentity({ userId: 'u1', sessionId: 's1' }, () =>
      JSON.stringify(injectContext({}, { context: trace.setSpan(context.active(), answer.span) })),
    )
    answer.end()
    recordFeedback({ rating: 1, carrier: JSON.parse(kept) as object as Record<string, unknown>, agent: 'helper' })
    const [result, low] = telemetry.logs()
    for (const record of [result, low])
      expect(record?.attributes).toMatchObject({ 'gen_ai.agent.name': 'helper', 'user.id': 'u1', 'session.id': 's1' })
    const { traceId, spanId } = answer.span.spanContext()
    for (const record of [result, low]) expect(record?.spanContext).toMatchObject({ traceId, spanId, isRemote: true })
  })

  it.each([0, 6, Number.NaN, '5' as never])('does not record the rating %j', (rating) => {
    recordFeedback({ rating })
    expect(telemetry.logs()).toEqual([])
  })
})

describe('recordStateChange and recordResourceAccess', () => {
  it('are events with what changed and what was touched', () => {
    agent('writer', () => {
      recordStateChange({ name: 'plan', trigger: 'tool_result', previous: { step: 1 }, next: { step: 2 } })
      recordResourceAccess({ type: 'file', name: 'report.pdf', action: 'write', outcome: 'allowed' })
    })
    const state = {
      'gen_ai.agent.name': 'writer',
      'agentel.state.name': 'plan',
      'agentel.state.trigger': 'tool_result',
    }
    expect(eventsOf(telemetry)).toEqual([
      ['agentel.state.changed', 9, state],
      [
        'agentel.resource.accessed',
        9,
        {
          'gen_ai.agent.name': 'writer',
          'agentel.resource.type': 'file',
          'agentel.resource.name': 'report.pdf',
          'agentel.resource.action': 'write',
          'agentel.resource.outcome': 'allowed',
        },
      ],
    ])
    telemetry.reset()
    configureContent({ capture: 'EVENT_ONLY' })
    agent('writer', () =>
      recordStateChange({ name: 'plan', trigger: 'tool_result', previous: { step: 1 }, next: { step: 2 } }),
    )
    expect(eventsOf(telemetry)).toEqual([
      [
        'agentel.state.changed',
        9,
        { ...state, 'agentel.state.previous': { step: 1 }, 'agentel.state.next': { step: 2 } },
      ],
    ])
  })
})

describe('recordPerformanceAlert', () => {
  it('says which signal crossed which threshold', () => {
    recordPerformanceAlert({ signal: 'response.duration', value: 7.5, threshold: 5 })
    expect(eventsOf(telemetry)).toEqual([
      [
        'agentel.performance.alert',
        13,
        {
          'agentel.performance.signal.name': 'response.duration',
          'agentel.performance.value': 7.5,
          'agentel.performance.threshold': 5,
        },
      ],
    ])
  })
})

describe('emitEvent', () => {
  it('writes a business event of the application, tied to span, agent, session and user', () => {
    withIdentity({ userId: 'u1', sessionId: 's1' }, () =>
      agent('sales', (work) => {
        emitEvent(
          'shop.order.placed',
          { 'shop.order.value': 12.5, nothing: undefined },
          { severity: 9, body: 'placed' },
        )
        const [record] = telemetry.logs()
        expect(record!.spanContext).toEqual(work.span.spanContext())
        expect([record!.eventName, record!.severityNumber, record!.severityText, record!.body]).toEqual([
          'shop.order.placed',
          9,
          'INFO',
          'placed',
        ])
        expect(record!.attributes).toEqual({
          'user.id': 'u1',
          'session.id': 's1',
          'gen_ai.agent.name': 'sales',
          'shop.order.value': 12.5,
        })
      }),
    )
  })
})
