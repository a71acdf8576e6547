import { SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { agent, configureContent, decision, recordDecision, startDecision, wrapDecision } from '../src/index.ts'
import { eventsOf, useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()
const seconds = expect.toSatisfy((value: unknown) => typeof value === 'number' && value >= 0 && value < 60)
const decided = { outcome: 'web', confidence: 0.8, options: ['web', 'archive'], reason: 'the archive is stale' }
const facts = {
  'agentel.decision.name': 'choose_source',
  'agentel.decision.outcome': 'web',
  'agentel.decision.confidence': 0.8,
  'agentel.decision.option_count': 2,
}

describe('decision', () => {
  it('is a span and an event, without options and reason', async () => {
    await agent('planner', () => decision('choose_source', async (choice) => choice.decide(decided)))
    expect(telemetry.span('decide choose_source').attributes).toEqual({ 'gen_ai.agent.name': 'planner', ...facts })
    expect(eventsOf(telemetry)).toEqual([
      ['agentel.decision', 9, { 'gen_ai.agent.name': 'planner', ...facts, 'agentel.duration': seconds }],
    ])
  })

  it('says options and reason when content is on', () => {
    configureContent({ capture: 'SPAN_AND_EVENT', eventLength: 10 })
    const choice = startDecision({ name: 'choose_source', options: decided.options })
    choice.decide({ outcome: 'web', confidence: 0.8, reason: decided.reason })
    choice.end()
    const content = { ...facts, 'agentel.decision.options': ['web', 'archive'] }
    expect(telemetry.span('decide choose_source').attributes).toEqual({
      ...content,
      'agentel.decision.reason': 'the archive is stale',
    })
    expect(eventsOf(telemetry)).toEqual([
      [
        'agentel.decision',
        9,
        {
          ...content,
          'agentel.decision.reason': 'the archi…',
          'agentel.content.length': 20,
          'agentel.duration': seconds,
        },
      ],
    ])
  })

  it('that fails says so in both', () => {
    const choose = wrapDecision(() => {
      throw new TypeError('no options')
    }, 'choose')
    expect(choose).toThrow('no options')
    expect(telemetry.span('decide choose').status.code).toBe(SpanStatusCode.ERROR)
    expect(telemetry.logs().at(-1)!.attributes).toEqual({
      'agentel.decision.name': 'choose',
      'agentel.duration': seconds,
      'error.type': 'TypeError',
    })
  })
})

describe('recordDecision', () => {
  it('is an event alone', () => {
    recordDecision({ name: 'choose_source', ...decided })
    expect(telemetry.spans()).toEqual([])
    expect(eventsOf(telemetry)).toEqual([['agentel.decision', 9, facts]])
  })
})
