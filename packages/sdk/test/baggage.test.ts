import { context, defaultTextMapSetter, propagation, ROOT_CONTEXT } from '@opentelemetry/api'
import { withIdentity } from '@agentel/api'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Agentel, startAgentel } from '../src/index.ts'

let agentel: Agentel | undefined
beforeEach(() => {
  for (const signal of ['TRACES', 'METRICS', 'LOGS']) vi.stubEnv(`OTEL_${signal}_EXPORTER`, 'none')
})
afterEach(async () => {
  await agentel?.shutdown()
  vi.unstubAllEnvs()
})

function sent(): string {
  const carrier: Record<string, string> = {}
  const baggage = propagation.createBaggage({ tier: { value: 'gold' }, contact: { value: 'ann@example.org' } })
  propagation.inject(propagation.setBaggage(context.active(), baggage), carrier, defaultTextMapSetter)
  return decodeURIComponent(carrier['baggage'] ?? '')
}

it('sends no secret in baggage, and none of the identity', () => {
  agentel = startAgentel()
  expect(withIdentity({ userId: 'u1' }, sent)).toBe('tier=gold,contact=[REDACTED:email]')
  const nothing: Record<string, string> = {}
  propagation.inject(ROOT_CONTEXT, nothing, defaultTextMapSetter)
  expect(nothing).toEqual({})
})

it('sends baggage as it is where redaction is off', () => {
  agentel = startAgentel({ redaction: { enabled: false } })
  expect(sent()).toBe('tier=gold,contact=ann@example.org')
})
