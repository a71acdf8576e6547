import { type Context, defaultTextMapGetter, defaultTextMapSetter, propagation, ROOT_CONTEXT } from '@opentelemetry/api'
import { W3CBaggagePropagator } from '@opentelemetry/core'
import { expect, it } from 'vitest'
import { redactingPropagator, type RedactionOptions } from '../src/index.ts'

function injected(context: Context, options?: RedactionOptions): string {
  const carrier: Record<string, string> = {}
  redactingPropagator(new W3CBaggagePropagator(), options).inject(context, carrier, defaultTextMapSetter)
  return decodeURIComponent(carrier['baggage'] ?? '')
}

const entries = {
  tier: { value: 'gold' },
  contact: { value: 'ann@example.org' },
  api_key: { value: 'k1' },
  'patient.id': { value: '17' },
}
const given = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage(entries))

it('takes secrets out of the baggage that leaves, and leaves that of the application as it is', () => {
  expect(injected(given)).toBe('tier=gold,contact=[REDACTED:email],api_key=[REDACTED:key],patient.id=17')
  expect(propagation.getBaggage(given)?.getAllEntries()).toEqual(Object.entries(entries))
})

it('leaves restricted entries out, and all with a finding in mode drop; allow is about attributes', () => {
  expect(injected(given, { restricted: ['patient.*'], allow: ['other'] })).toBe(
    'tier=gold,contact=[REDACTED:email],api_key=[REDACTED:key]',
  )
  expect(injected(given, { mode: 'drop' })).toBe('tier=gold,patient.id=17')
})

it('sends no baggage at all when it could not be looked at', () => {
  const broken = {
    name: 'broken',
    find: () => {
      throw new Error('no')
    },
  }
  expect(injected(given, { detectors: [broken] })).toBe('')
})

it('reads what comes in and names its headers as the propagator within does', () => {
  const wrapped = redactingPropagator(new W3CBaggagePropagator())
  const context = wrapped.extract(ROOT_CONTEXT, { baggage: 'contact=ann%40example.org' }, defaultTextMapGetter)
  expect(propagation.getBaggage(context)?.getEntry('contact')?.value).toBe('ann@example.org')
  expect(wrapped.fields()).toEqual(['baggage'])
  expect(injected(ROOT_CONTEXT)).toBe('')
})
