import { checkConformance } from '@agentel/testing/conformance'
import { beforeEach, describe, expect, it } from 'vitest'
import { type ContentSettings, configureContent } from '../src/index.ts'
import { everyConcept } from './every-concept.ts'
import { useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()

describe.each<Partial<ContentSettings>>([
  { capture: 'NO_CONTENT' },
  { capture: 'SPAN_AND_EVENT' },
  { capture: 'SPAN_AND_EVENT', spanEncoding: 'structured' },
])('with %j', (settings) => {
  beforeEach(() => configureContent(settings))

  it('every span and event of every concept is as the registry has it', async () => {
    await everyConcept()
    expect(telemetry.spans()).toHaveLength(19)
    expect(telemetry.logs().length).toBeGreaterThan(20)
    expect(checkConformance({ spans: telemetry.spans(), logs: telemetry.logs() as never })).toEqual([])
  })

  it('user, session, conversation, tenant, tags and metadata are on every span and event', async () => {
    await everyConcept()
    const identity = {
      'user.id': 'u1',
      'session.id': 's1',
      'gen_ai.conversation.id': 'c1',
      'agentel.tenant.id': 't1',
      'agentel.tags': ['x'],
      'agentel.metadata.plan': 'pro',
    }
    for (const { attributes } of [...telemetry.spans(), ...telemetry.logs()]) expect(attributes).toMatchObject(identity)
    expect(new Set(telemetry.spans().map((span) => span.spanContext().traceId)).size).toBe(1)
  })

  it('holds content exactly where it may', async () => {
    await everyConcept()
    const onSpans = JSON.stringify(telemetry.spans().map(({ attributes }) => attributes))
    const onEvents = JSON.stringify(telemetry.logs().map(({ attributes }) => attributes))
    const isOn = settings.capture !== 'NO_CONTENT'
    for (const text of ['a plan', 'shorter', 'hits']) expect([text, onSpans.includes(text)]).toEqual([text, isOn])
    for (const text of ['a plan', 'shorter', 'hits', '"bad"'])
      expect([text, onEvents.includes(text)]).toEqual([text, isOn])
  })
})
