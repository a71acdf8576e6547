import { trace, type Attributes } from '@opentelemetry/api'
import { enricherProcessor, getCostParts, type Enricher } from '@agentel/processor-kit'
import { PRICE_TABLE_VERSION, PriceFileError } from '@agentel/prices'
import { createTestTelemetry } from '@agentel/testing'
import { afterEach, expect, it } from 'vitest'
import { costEnricher, type CostEnricherOptions } from '../src/index.ts'

let telemetry: ReturnType<typeof createTestTelemetry> | undefined
afterEach(async () => {
  await telemetry?.shutdown()
  telemetry = undefined
})

/** The attributes of a span after it went through the enricher, and the parts that later enrichers see. */
function ended(attributes: Attributes, options?: CostEnricherOptions) {
  let parts: unknown
  const reader: Enricher = { name: 'reader', onEnd: (span) => (parts = getCostParts(span)) }
  telemetry = createTestTelemetry({ spanProcessors: [enricherProcessor([costEnricher(options), reader])] })
  const span = trace.getTracer('t').startSpan('s', { attributes, startTime: Date.parse('2026-11-20T12:00:00Z') })
  span.end()
  return { attributes: telemetry.span('s').attributes, parts }
}

const chat = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
}

it('sets amount, source and table version on a chat span, and hands its parts on', () => {
  const usage = {
    'gen_ai.usage.input_tokens': 2006,
    'gen_ai.usage.cache_read.input_tokens': 1920,
    'gen_ai.usage.output_tokens': 300,
  }
  const { attributes, parts } = ended({ ...chat, ...usage })
  expect(attributes).toEqual({
    ...chat,
    ...usage,
    'agentel.cost.amount': expect.closeTo(0.005615, 12),
    'agentel.cost.source': 'local',
    'agentel.cost.pricing.version': PRICE_TABLE_VERSION,
  })
  expect(parts).toEqual({
    input: expect.closeTo(0.000215, 12),
    cache_read: expect.closeTo(0.0024, 12),
    output: expect.closeTo(0.003, 12),
  })
})

it.each(['chat', 'text_completion', 'generate_content', 'embeddings'])('prices the leaf operation %s', (operation) => {
  const { attributes } = ended({ ...chat, 'gen_ai.operation.name': operation, 'gen_ai.usage.input_tokens': 1000 })
  expect(attributes['agentel.cost.amount']).toBeCloseTo(0.0025, 12)
})

it.each(['invoke_agent', 'invoke_workflow', 'execute_tool', 'fetch_response'])(
  'never takes the sums on %s for cost',
  (operation) => {
    const given = { ...chat, 'gen_ai.operation.name': operation, 'gen_ai.usage.input_tokens': 1000 }
    expect(ended(given)).toEqual({ attributes: given, parts: undefined })
  },
)

it('shows a model that has no price as unpriced', () => {
  const given = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'nope',
    'gen_ai.usage.input_tokens': 5,
  }
  expect(ended(given)).toEqual({ attributes: { ...given, 'agentel.cost.unpriced': true }, parts: undefined })
})

it('shows a call that succeeded without telling its usage as unpriced, and says nothing of one that failed', () => {
  expect(ended(chat).attributes).toEqual({ ...chat, 'agentel.cost.unpriced': true })
  const failed = { ...chat, 'error.type': '429' }
  void telemetry?.shutdown()
  expect(ended(failed).attributes).toEqual(failed)
})

it('prices by the model of the request where that of the response has no price', () => {
  const given = { ...chat, 'gen_ai.response.model': 'snapshot-x', 'gen_ai.usage.input_tokens': 1000 }
  expect(ended(given).attributes['agentel.cost.amount']).toBeCloseTo(0.0025, 12)
})

it('prices a call by when it was made, whatever the hour is when it ends', () => {
  telemetry = createTestTelemetry({ spanProcessors: [enricherProcessor([costEnricher()])] })
  const deepseek = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'deepseek',
    'gen_ai.request.model': 'deepseek-chat',
    'gen_ai.usage.input_tokens': 10_000,
    'gen_ai.usage.output_tokens': 1000,
  }
  for (const [name, startTime] of [
    ['by day', Date.parse('2025-06-01T12:00:00Z')],
    ['by night', Date.parse('2025-06-01T18:00:00Z')],
  ] as const)
    trace.getTracer('t').startSpan(name, { attributes: deepseek, startTime }).end()
  // 10000 x 0.27 + 1000 x 1.1 = 3800 / 1e6, and half of it.
  expect(telemetry.span('by day').attributes['agentel.cost.amount']).toBeCloseTo(0.0038, 12)
  expect(telemetry.span('by night').attributes['agentel.cost.amount']).toBeCloseTo(0.0019, 12)
})

it('prices the tier that the provider says it served', () => {
  const given = {
    ...chat,
    'gen_ai.response.model': 'gpt-5',
    'gen_ai.usage.input_tokens': 1000,
    'openai.response.service_tier': 'flex',
  }
  expect(ended(given).attributes['agentel.cost.amount']).toBeCloseTo(0.000625, 12)
})

it.each(['agentel.usage.service_tier', 'anthropic.response.service_tier'])(
  'prices a result of a batch of Anthropic, as %s tells of it',
  (attribute) => {
    const given = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.response.model': 'claude-sonnet-4-20250514',
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 500,
    }
    // Half of 1000 tokens at 3 and 500 at 15 dollars a million.
    const batch = ended({ ...given, [attribute]: 'batch' }).attributes
    expect(batch['agentel.cost.amount']).toBeCloseTo(0.00525, 12)
    void telemetry?.shutdown()
    // Bought capacity is billed apart from the list.
    const bought = ended({ ...given, [attribute]: 'priority' }).attributes
    expect(bought).toEqual({ ...given, [attribute]: 'priority', 'agentel.cost.unpriced': true })
    void telemetry?.shutdown()
    // So is the fast mode, by another factor for each model.
    const fast = ended({ ...given, [attribute]: 'fast' }).attributes
    expect(fast).toEqual({ ...given, [attribute]: 'fast', 'agentel.cost.unpriced': true })
  },
)

it('adds the searches that the provider ran', () => {
  const given = {
    ...chat,
    'gen_ai.usage.input_tokens': 1000,
    'agentel.usage.web_searches': 2,
    'agentel.usage.file_searches': 1,
  }
  const { attributes, parts } = ended(given)
  // 1000 tokens at 2.50 a million, two searches at 10 and one at 2.50 a thousand.
  expect(attributes['agentel.cost.amount']).toBeCloseTo(0.0025 + 0.02 + 0.0025, 12)
  expect(parts).toEqual({ input: expect.closeTo(0.0025, 12), tool: expect.closeTo(0.0225, 12) })
})

it('reads the older name for tokens written to the cache', () => {
  const given = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.response.model': 'claude-sonnet-4-20250514',
    'gen_ai.usage.input_tokens': 1000,
    'gen_ai.usage.cache_creation.input_tokens': 1000,
  }
  expect(ended(given).attributes['agentel.cost.amount']).toBeCloseTo(0.00375, 12)
})

it('charges what is cached for an hour as the provider does', () => {
  const given = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.response.model': 'claude-sonnet-4-20250514',
    'gen_ai.usage.input_tokens': 1000,
    'gen_ai.usage.cache_write.input_tokens': 1000,
    'agentel.usage.cache_write_1h.input_tokens': 400,
  }
  // 600 tokens at 3.75 a million and 400 at 6.
  expect(ended(given).attributes['agentel.cost.amount']).toBeCloseTo(0.00225 + 0.0024, 12)
})

it('leaves a cost alone that the provider has told', () => {
  const given = {
    ...chat,
    'gen_ai.usage.input_tokens': 1000,
    'agentel.cost.amount': 0.5,
    'agentel.cost.source': 'provider',
  }
  expect(ended(given)).toEqual({ attributes: given, parts: undefined })
})

it('takes own prices, and refuses wrong ones at the start', () => {
  const prices = { version: 'ours', models: [{ model: 'gpt-4o*', prices: { input_mtok: 1 } }] }
  expect(ended({ ...chat, 'gen_ai.usage.input_tokens': 1000 }, { prices }).attributes).toMatchObject({
    'agentel.cost.amount': 0.001,
    'agentel.cost.pricing.version': 'ours',
  })
  expect(() => costEnricher({ prices: '/nowhere/prices.yaml' })).toThrow(PriceFileError)
})
