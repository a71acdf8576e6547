/** What one span holds beside its figures: links, what was redacted, the tools that a model was offered. */
import { request } from 'node:http'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SpanDetail } from '../src/index.ts'
import { type ConsoleFixture, startFixture } from './console-fixture.ts'
import { spanId, TRACE_ID, traceRequest } from './otlp-json.ts'

const OTHER = 'b'.repeat(32)

let fixture: ConsoleFixture
let detail: SpanDetail
beforeAll(async () => {
  fixture = await startFixture()
  const json = traceRequest([
    {
      spanId: spanId(1),
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'acme',
        'gen_ai.request.model': 'own-model',
        'gen_ai.usage.input_tokens': 3,
        'gen_ai.tool.definitions': JSON.stringify([
          { type: 'function', name: 'search', description: 'Finds.', parameters: { type: 'object' } },
          { type: 'function', function: { name: 'older' } },
        ]),
        'agentel.redaction.count': 2,
        'agentel.redaction.rules': ['email', 'iban'],
      },
    },
  ])
  const { resourceSpans } = json as { resourceSpans: { scopeSpans: { spans: { links?: object[] }[] }[] }[] }
  const key = { key: 'why', value: { stringValue: 'retry' } }
  resourceSpans[0]!.scopeSpans[0]!.spans[0]!.links = [{ traceId: OTHER, spanId: spanId(7), attributes: [key] }]
  await fixture.send('traces', json)
  detail = await fixture.get<SpanDetail>(`/api/traces/${TRACE_ID}/spans/${spanId(1)}`)
})
afterAll(() => fixture.stop())

it('has its links with their attributes', () => {
  expect(detail.links).toEqual([{ traceId: OTHER, spanId: spanId(7), attributes: { why: 'retry' } }])
})

it('says how much was redacted, and by which rules', () => {
  expect(detail.redaction).toEqual({ count: 2, rules: ['email', 'iban'] })
})

it('names the tools that were offered, in the older form too', () => {
  expect(detail.content.tools).toEqual([
    { name: 'search', description: 'Finds.', parameters: { type: 'object' } },
    { name: 'older', description: null, parameters: null },
  ])
})

it('says why there is no price', () => {
  expect(detail.cost).toEqual({
    amount: null,
    source: null,
    pricingVersion: null,
    unpriced: 'no price is known for model own-model of provider acme',
  })
})

it('is sent as it is to who takes nothing packed', async () => {
  const asked = request(`${fixture.url}/api/traces/${TRACE_ID}`, { headers: { 'accept-encoding': 'identity' } }).end()
  const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  expect(response.headers['content-encoding']).toBeUndefined()
  expect((JSON.parse(text) as { trace: { traceId: string } }).trace.traceId).toBe(TRACE_ID)
})
