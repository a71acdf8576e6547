import type Anthropic from '@anthropic-ai/sdk'
import type { ClientOptions } from '@anthropic-ai/sdk'

type MessageParams = Anthropic.MessageCreateParamsNonStreaming

/** A request; what is said decides the answer (`reply.ts`). */
export function say(text: string, more: Partial<MessageParams> = {}): MessageParams {
  return { model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user', content: text }], ...more }
}

/** The same, streamed. */
export function sayStreamed(text: string): Anthropic.MessageCreateParamsStreaming {
  return { ...say(text), stream: true }
}

/** The span of one call. */
export const CHAT = { name: 'chat claude-haiku-4-5' }

/** The same client with other options. */
export function clientWith(client: Anthropic, options: ClientOptions): Anthropic {
  const Client = client.constructor as typeof Anthropic
  return new Client({ apiKey: client.apiKey, baseURL: client.baseURL, maxRetries: 0, ...options })
}

/** A tool that can be run. */
export function weatherTool() {
  return {
    type: 'custom' as const,
    name: 'weather',
    description: 'The weather in a city.',
    input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
    parse: (input: unknown) => input as { city: string },
    run: ({ city }: { city: string }) => `sunny in ${city}`,
  }
}

/** Reads a stream to its end. */
export async function readAll<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = []
  for await (const event of stream) events.push(event)
  return events
}

/** Reads so many events, then leaves. */
export async function readSome(stream: AsyncIterable<unknown>, count: number): Promise<number> {
  let read = 0
  for await (const _event of stream) if (++read === count) break
  return read
}
