import { generateText, jsonSchema, streamText, tool, type ToolSet } from 'ai'
import { expect, it } from 'vitest'
import { configureContent } from '@agentel/api'
import type { Reply } from '@agentel/testing/model-server'
import { comparableToStreamed } from '@agentel/testing'
import { randomFrom } from '@agentel/testing/random'
import { useAiSdk } from './ai-sdk-harness.ts'

const sdk = useAiSdk()
const TEXTS = ['', 'a', 'Grüße, 世界 👩‍👩‍👧', '{"json": [1, 2]}', 'line\nline\r\n\u2028data: [DONE]', 'word '.repeat(60)]
const REASONS = ['stop', 'length', 'content_filter'] as const
const NAMES = ['weather', 'search', 'mail']
const telemetry = { functionId: 'goer' }
/** The application runs them itself, so that there is one call of the model. */
const tools: ToolSet = Object.fromEntries(
  NAMES.map((name) => [name, tool({ inputSchema: jsonSchema<object>({ type: 'object' }) })]),
)

function randomReply(random: (below: number) => number): Reply {
  const inputTokens = random(5000)
  const outputTokens = 1 + random(500)
  const usage = {
    inputTokens,
    outputTokens,
    cachedTokens: random(inputTokens + 1),
    reasoningTokens: random(outputTokens),
  }
  const text = TEXTS[random(TEXTS.length)]!
  if (random(3) > 0) return { text, usage, finishReason: REASONS[random(3)]! }
  const names = NAMES.slice(0, 1 + random(3))
  return { usage, toolCalls: names.map((name, index) => ({ id: `call_${index}`, name, arguments: { text, index } })) }
}

const seeds = Array.from({ length: 30 }, (_, seed) => seed)

it.each(seeds.flatMap((seed) => [[seed, 'chat'] as const, [seed, 'responses'] as const]))(
  'a streamed call gives the span of the unstreamed one, and its cost is OpenAI’s bill (seed %i, %s)',
  async (seed, endpoint) => {
    configureContent({ capture: 'SPAN_ONLY' })
    const reply = randomReply(randomFrom(seed + 1))
    sdk.answer(() => reply)
    const request = { model: sdk.openai[endpoint]('gpt-4o'), prompt: 'go', tools, maxRetries: 0, telemetry }
    const { inputTokens, cachedTokens, outputTokens } = reply.usage as Record<string, number>
    await generateText(request)
    await streamText(request).consumeStream()
    const [whole, streamed] = sdk.telemetry.spans().filter(({ name }) => name === 'chat gpt-4o')
    expect(comparableToStreamed(streamed!.attributes)).toEqual(comparableToStreamed(whole!.attributes))
    expect(whole!.attributes['gen_ai.output.messages']).toContain('finish_reason')
    const bill = (inputTokens! - cachedTokens!) * 2.5e-6 + cachedTokens! * 1.25e-6 + outputTokens! * 1e-5
    expect(whole!.attributes['agentel.cost.amount']).toBeCloseTo(bill, 10)
  },
)
