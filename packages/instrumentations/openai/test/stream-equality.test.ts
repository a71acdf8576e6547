import { expect, it } from 'vitest'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { comparableToStreamed } from '@agentel/testing'
import { randomFrom } from '@agentel/testing/random'
import type { Reply } from '@agentel/testing/model-server'
import { useOpenAI } from './openai-harness.ts'

const openai = useOpenAI({}, [enricherProcessor([costEnricher()])])

const TEXTS = ['', 'a', 'Grüße, 世界 👩‍👩‍👧', '{"json": [1, 2]}', 'line\nline\r\n\u2028data: [DONE]', 'word '.repeat(60)]

function randomReply(random: (below: number) => number): Reply {
  const text = TEXTS[random(TEXTS.length)]!
  const inputTokens = random(5000)
  const outputTokens = random(500)
  const usage = {
    inputTokens,
    outputTokens,
    cachedTokens: random(inputTokens + 1),
    reasoningTokens: random(outputTokens + 1),
  }
  if (random(3) > 0) return { text, usage, finishReason: (['stop', 'length', 'content_filter'] as const)[random(3)]! }
  const names = ['weather', 'search', 'mail'].slice(0, 1 + random(3))
  return { usage, toolCalls: names.map((name, index) => ({ id: `call_${index}`, name, arguments: { text, index } })) }
}

it.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'a streamed chat completion gives the span of the unstreamed one, and its cost is OpenAI’s bill (seed %i)',
  async (seed) => {
    openai.capture('SPAN_ONLY')
    const reply = randomReply(randomFrom(seed + 1))
    openai.answer(() => reply)
    const request = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'go' }] }
    const { usage } = await openai.client.chat.completions.create(request)
    const stream = { ...request, stream: true as const, stream_options: { include_usage: true } }
    await Array.fromAsync(await openai.client.chat.completions.create(stream))
    const [whole, streamed] = openai.telemetry.spans()
    expect(comparableToStreamed(streamed!.attributes)).toEqual(comparableToStreamed(whole!.attributes))
    // As the provider bills it: cached tokens are among the input, reasoning among the output, each at its own price.
    const cached = usage!.prompt_tokens_details!.cached_tokens!
    const fresh = usage!.prompt_tokens - cached
    const bill = fresh * 2.5e-6 + cached * 1.25e-6 + usage!.completion_tokens * 1e-5
    expect(whole!.attributes['agentel.cost.amount']).toBeCloseTo(bill, 10)
  },
)

it.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'a streamed response gives the span of the unstreamed one (seed %i)',
  async (seed) => {
    openai.capture('SPAN_ONLY')
    const reply = randomReply(randomFrom(seed + 1))
    openai.answer(() => reply)
    await openai.client.responses.create({ model: 'gpt-4o', input: 'go' })
    await Array.fromAsync(await openai.client.responses.create({ model: 'gpt-4o', input: 'go', stream: true }))
    const [whole, streamed] = openai.telemetry.spans()
    expect(comparableToStreamed(streamed!.attributes)).toEqual(comparableToStreamed(whole!.attributes))
  },
)
