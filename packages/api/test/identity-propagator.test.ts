import {
  type Attributes,
  ROOT_CONTEXT,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  trace,
} from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { getIdentity, identityPropagator, setIdentity } from '../src/index.ts'

const propagator = identityPropagator({ allow: ['api.example.com:8443', '*.internal.example'] })
const identity = { userId: 'ann', metadata: { 'a b=c': 'd;e,f' } }
const known = setIdentity(ROOT_CONTEXT, identity)

/** The header for a request whose span has these attributes. */
function header(context: typeof known, attributes: Attributes | undefined): string | undefined {
  const span = { spanContext: () => ({ traceId: '1', spanId: '2', traceFlags: 1 }), attributes }
  const headers: Record<string, string> = {}
  propagator.inject(trace.setSpan(context, span as never), headers, defaultTextMapSetter)
  return headers.baggage
}

describe('identityPropagator', () => {
  it.each<[Attributes | undefined, boolean]>([
    [{ 'server.address': 'api.example.com', 'server.port': 8443 }, true],
    [{ 'server.address': 'a.internal.example', 'server.port': 80 }, true],
    [{ 'server.address': 'api.example.com', 'server.port': 443 }, false],
    [{ 'server.address': 'api.openai.com', 'server.port': 443 }, false],
    [{ 'server.address': 7 }, false],
    [{}, false],
    [undefined, false],
  ])('tells a request with %j: %s', (attributes, isTold) => {
    const text = 'agentel.user.id=ann,agentel.metadata.a%20b%3Dc=d%3Be%2Cf'
    expect(header(known, attributes)).toBe(isTold ? text : undefined)
    expect(header(ROOT_CONTEXT, attributes)).toBeUndefined()
  })

  it('takes an identity that came into the baggage past it out of what goes to others', () => {
    const baggage = propagation.createBaggage({ own: { value: '1' }, 'agentel.user.id': { value: 'ann' } })
    const leaking = propagation.setBaggage(ROOT_CONTEXT, baggage)
    expect(header(leaking, { 'server.address': 'api.openai.com' })).toBe('own=1')
  })

  it('gives back on arrival what was sent, and nothing of it stays in the baggage', () => {
    const sent = header(known, { 'server.address': 'a.internal.example' })!
    const arrived = propagation.setBaggage(
      ROOT_CONTEXT,
      propagation.createBaggage({ own: { value: '1' }, 'agentel.user.id': { value: 'ann' } }),
    )
    const received = propagator.extract(arrived, { baggage: `own=1,${sent}` }, defaultTextMapGetter)
    expect(getIdentity(received)).toEqual(identity)
    expect(propagation.getBaggage(received)?.getAllEntries()).toEqual([['own', { value: '1' }]])
    const strict = identityPropagator({ accept: false }).extract(arrived, { baggage: sent }, defaultTextMapGetter)
    expect(getIdentity(strict)).toEqual({})
    expect(propagation.getBaggage(strict)?.getAllEntries()).toEqual([['own', { value: '1' }]])
  })

  it('leaves out what does not fit into a header, the least important first', () => {
    const large = setIdentity(known, { sessionId: 's1', metadata: { note: 'x'.repeat(9000), last: 'y' } })
    const text = header(large, { 'server.address': 'a.internal.example' })!
    expect(text.split(',')).toEqual([
      'agentel.user.id=ann',
      'agentel.session.id=s1',
      'agentel.metadata.a%20b%3Dc=d%3Be%2Cf',
      'agentel.metadata.last=y',
    ])
  })

  it('refuses a list that would stand for every host', () => {
    expect(() => identityPropagator({ allow: ['*'] })).toThrow('"*" is no host')
  })
})
