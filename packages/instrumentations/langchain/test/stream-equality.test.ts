import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, it } from 'vitest'
import { comparableToStreamed } from '@agentel/testing'
import { randomFrom } from '@agentel/testing/random'
import type { Reply } from '@agentel/testing/model-server'
import { useLangChain } from './langchain-harness.ts'

const langchain = useLangChain()

const TEXTS = ['a', 'Grüße, 世界 👩‍👩‍👧', '{"json": [1, 2]}', 'line\nline\r\n\u2028data: [DONE]', 'word '.repeat(60)]

function randomReply(random: (below: number) => number): Reply {
  const inputTokens = 1 + random(5000)
  const outputTokens = 1 + random(500)
  const usage = {
    inputTokens,
    outputTokens,
    cachedTokens: random(inputTokens + 1),
    reasoningTokens: random(outputTokens + 1),
  }
  const finishReason = (['stop', 'length', 'content_filter'] as const)[random(3)]!
  if (random(3) > 0) return { text: TEXTS[random(TEXTS.length)]!, usage, finishReason }
  const names = ['weather', 'search', 'mail'].slice(0, 1 + random(3))
  return { usage, toolCalls: names.map((name, index) => ({ id: `call_${index}`, name, arguments: { index } })) }
}

/** What LangChain tells the application of an answer's tokens. */
interface Told {
  readonly input_tokens: number
  readonly output_tokens: number
  readonly input_token_details?: { readonly cache_read?: number }
}

it('a chunk of a stream has LangChain make the one context that it makes without us, and none for callbacks', async () => {
  const contexts = contextsForCallbacks()
  const beyondChunks = async (words: number): Promise<number> => {
    langchain.answer(() => ({ text: 'word '.repeat(words) }))
    contexts.made = 0
    const chunks = await Array.fromAsync(await langchain.model().stream('go'))
    expect(chunks.length).toBeGreaterThan(words)
    return contexts.made - chunks.length
  }
  const [short, long] = [await beyondChunks(1), await beyondChunks(50)]
  contexts.restore()
  expect(long).toBe(short)
})

/** Counts the empty contexts that LangChain makes, in which it runs callbacks too. */
function contextsForCallbacks() {
  const key = Symbol.for('ls:tracing_async_local_storage')
  const holder = globalThis as unknown as Record<symbol, AsyncLocalStorage<unknown> | undefined>
  const before = holder[key]
  const counted = { made: 0, restore: () => void (holder[key] = before) }
  const storage = new AsyncLocalStorage<unknown>()
  const run = storage.run.bind(storage) as (...args: unknown[]) => never
  storage.run = (store: unknown, ...more: unknown[]) => {
    if (store === undefined) counted.made++
    return run(store, ...more)
  }
  holder[key] = storage
  return counted
}

it.each(Array.from({ length: 40 }, (_, seed) => seed))(
  'a streamed call gives the span of the unstreamed one, and its cost is OpenAI’s bill (seed %i)',
  async (seed) => {
    langchain.capture('SPAN_ONLY')
    const reply = randomReply(randomFrom(seed + 1))
    langchain.answer(() => reply)
    const { usage_metadata: told } = await langchain.model().invoke('go')
    for await (const _chunk of await langchain.model().stream('go'));
    const [whole, streamed, ...more] = langchain.telemetry.spans()
    expect(more).toEqual([])
    expect(comparableToStreamed(streamed!.attributes)).toEqual(comparableToStreamed(whole!.attributes))
    const usage = told as unknown as Told
    const cached = usage.input_token_details?.cache_read ?? 0
    const bill = (usage.input_tokens - cached) * 2.5e-6 + cached * 1.25e-6 + usage.output_tokens * 1e-5
    expect(whole!.attributes['agentel.cost.amount']).toBeCloseTo(bill, 10)
  },
)
