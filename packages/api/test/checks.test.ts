import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import {
  guardrail,
  recordSecurityEvent,
  response,
  securityCheck,
  startGuardrail,
  startSecurityCheck,
} from '../src/index.ts'
import { eventsOf, useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()

describe('guardrail', () => {
  it('says what it found and did, on the span and in an event', () => {
    const result = {
      triggered: true,
      action: 'mask',
      resultType: 'action',
      resultValue: 'MASKED',
      riskCategory: 'pii',
      riskScore: 0.9,
    }
    guardrail({ name: 'pii', source: 'output', policyId: 'p1' }, (check) => check.result(result))
    const attributes = {
      'agentel.guardrail.name': 'pii',
      'agentel.guardrail.source': 'output',
      'agentel.guardrail.policy.id': 'p1',
      'agentel.guardrail.triggered': true,
      'agentel.guardrail.action': 'mask',
      'agentel.guardrail.result.type': 'action',
      'agentel.guardrail.result.value': 'MASKED',
      'agentel.guardrail.risk.category': 'pii',
      'agentel.guardrail.risk.score': 0.9,
    }
    const span = telemetry.span('apply_guardrail pii')
    expect([span.kind, span.attributes, span.status.code]).toEqual([
      SpanKind.INTERNAL,
      attributes,
      SpanStatusCode.UNSET,
    ])
    expect(eventsOf(telemetry)).toEqual([['agentel.guardrail.result', 9, attributes]])
  })

  it('of a service elsewhere is a client span, and gives no event without a result', () => {
    startGuardrail({ name: 'toxicity', remote: true }).end()
    expect(telemetry.span('apply_guardrail toxicity').kind).toBe(SpanKind.CLIENT)
    expect(telemetry.logs()).toEqual([])
  })
})

describe('securityCheck', () => {
  it('has passed when every rule holds', () => {
    const isSafe = securityCheck('url_allow_list', (check) => {
      check.validation('https', true)
      check.validation('known_host', true)
      return true
    })
    expect(isSafe).toBe(true)
    expect(telemetry.span('security_check url_allow_list').attributes).toEqual({
      'agentel.security.check.name': 'url_allow_list',
      'agentel.security.check.result': 'passed',
    })
    const validation = (rule: string): unknown => [
      'agentel.security.validation',
      9,
      {
        'agentel.security.check.name': 'url_allow_list',
        'agentel.security.validation.rule': rule,
        'agentel.security.validation.result': 'passed',
      },
    ]
    expect(eventsOf(telemetry)).toEqual([validation('https'), validation('known_host')])
  })

  it('has failed when one rule is broken, and is not an error for that', () => {
    const check = startSecurityCheck('urls')
    check.validation('https', false)
    check.validation('known_host', true)
    check.end()
    const span = telemetry.span('security_check urls')
    expect(span.attributes['agentel.security.check.result']).toBe('failed')
    expect(span.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('that breaks off has no result', () => {
    expect(() =>
      securityCheck('urls', () => {
        throw new Error('no list')
      }),
    ).toThrow('no list')
    expect(telemetry.span('security_check urls').attributes).not.toHaveProperty('agentel.security.check.result')
  })
})

describe('recordSecurityEvent', () => {
  it.each([
    ['low', 13],
    ['medium', 14],
    ['high', 17],
    ['critical', 21],
  ] as const)('of severity %s has the severity number %i', (severity, number) => {
    recordSecurityEvent({ type: 'prompt_injection', severity, outcome: 'blocked' })
    expect(eventsOf(telemetry)).toEqual([
      [
        'agentel.security.event',
        number,
        {
          'agentel.security.event.type': 'prompt_injection',
          'agentel.security.event.severity': severity,
          'agentel.security.event.outcome': 'blocked',
        },
      ],
    ])
  })
})

describe('response', () => {
  it('is valid when nothing is thrown, and not when something is', () => {
    response('invoice', () => JSON.parse('{}'))
    expect(telemetry.span('response invoice').attributes).toEqual({
      'agentel.response.type': 'invoice',
      'agentel.response.valid': true,
    })
    telemetry.reset()
    expect(() => response('invoice', () => JSON.parse('{'))).toThrow(SyntaxError)
    expect(telemetry.span('response invoice').attributes).toEqual({
      'agentel.response.type': 'invoice',
      'agentel.response.valid': false,
      'error.type': 'SyntaxError',
      'agentel.error.category': 'validation',
    })
    telemetry.reset()
    response('invoice', (check) => check.valid(false))
    expect(telemetry.span('response invoice').attributes['agentel.response.valid']).toBe(false)
  })
})
