import type { Attributes } from '@opentelemetry/api'
import { expect, it } from 'vitest'
import { comparableToStreamed } from '@agentel/testing'
import { randomFrom } from '@agentel/testing/random'
import type { Reply } from '@agentel/testing/model-server'
import { useAnthropic } from './anthropic-harness.ts'

const anthropic = useAnthropic()
const TEXTS = ['', 'a', 'Grüße, 世界 👩‍👩‍👧', '{"json": [1, 2]}', 'line\nline\r\n\u2028data: [DONE]', 'word '.repeat(60)]
const REASONS = ['end_turn', 'max_tokens', 'refusal'] as const

function randomReply(random: (below: number) => number): Reply {
  const inputTokens = random(5000)
  const cachedTokens = random(inputTokens + 1)
  const outputTokens = 1 + random(500)
  const cacheWriteTokens = random(inputTokens - cachedTokens + 1)
  const usage = {
    inputTokens,
    outputTokens,
    cachedTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: random(cacheWriteTokens + 1),
    reasoningTokens: random(Math.min(50, outputTokens)),
  }
  const text = TEXTS[random(TEXTS.length)]!
  const reasoning = random(2) === 0 ? {} : { reasoning: 'first this' }
  if (random(3) > 0) return { text, usage, ...reasoning, finishReason: REASONS[random(3)]! }
  const names = ['weather', 'search', 'mail'].slice(0, 1 + random(3))
  const toolCalls = names.map((name, index) => ({ id: `toolu_${index}`, name, arguments: { text, index } }))
  return { usage, ...reasoning, toolCalls }
}

function comparable({ 'anthropic.request.id': _request, ...attributes }: Attributes): Attributes {
  return comparableToStreamed(attributes)
}

const seeds = Array.from({ length: 30 }, (_, seed) => seed)

it.each(seeds.flatMap((seed) => [[seed, 'client'] as const, [seed, 'native'] as const]))(
  'a streamed message gives the span of the unstreamed one, and its cost is Anthropic’s bill (seed %i, %s)',
  async (seed, which) => {
    anthropic.configure({ capture: 'SPAN_ONLY' })
    const reply = randomReply(randomFrom(seed + 1))
    anthropic.answer(() => reply)
    const request = { model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user' as const, content: 'go' }] }
    const { usage } = await anthropic[which].messages.create(request)
    await Array.fromAsync(await anthropic[which].messages.create({ ...request, stream: true }))
    const [whole, streamed] = anthropic.telemetry.spans()
    expect(comparable(streamed!.attributes)).toEqual(comparable(whole!.attributes))
    // As the provider bills it: each count that it reports, at its own price a token.
    const bill =
      usage.input_tokens * 1e-6 +
      (usage.cache_read_input_tokens ?? 0) * 1e-7 +
      usage.cache_creation!.ephemeral_5m_input_tokens * 1.25e-6 +
      usage.cache_creation!.ephemeral_1h_input_tokens * 2e-6 +
      usage.output_tokens * 5e-6
    expect(whole!.attributes['agentel.cost.amount']).toBeCloseTo(bill, 10)
  },
)
