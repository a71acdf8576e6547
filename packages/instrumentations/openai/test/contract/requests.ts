import type OpenAI from 'openai'
import type { ClientOptions } from 'openai'

type ChatParams = OpenAI.ChatCompletionCreateParamsNonStreaming

/** A chat request; what is said decides the answer (`reply.ts`). */
export function say(text: string, more: Partial<ChatParams> = {}): ChatParams {
  return { model: 'gpt-4o', messages: [{ role: 'user', content: text }], ...more }
}

/** The same, streamed with usage in the last chunk. */
export function sayStreamed(text: string): OpenAI.ChatCompletionCreateParamsStreaming {
  return { ...say(text), stream: true, stream_options: { include_usage: true } }
}

/** A wanted answer in JSON, as a schema. */
export const CITY = {
  type: 'json_schema',
  json_schema: {
    name: 'city',
    strict: true,
    schema: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
} as const satisfies OpenAI.ResponseFormatJSONSchema

/** The span of one chat call. */
export const CHAT = { name: 'chat gpt-4o' }

/** A tool that can be run. */
export function weatherTool() {
  return {
    type: 'function' as const,
    function: {
      name: 'weather',
      description: 'The weather in a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
      parse: JSON.parse,
      function: ({ city }: { city: string }) => `sunny in ${city}`,
    },
  }
}

/** Where `parse()`, `stream()` and `runTools()` are: openai 4 has them in `beta`. */
export function helpersOf(client: OpenAI): OpenAI['chat']['completions'] {
  const { completions } = client.chat
  if (typeof completions.parse === 'function') return completions
  return (client.beta as unknown as { chat: OpenAI['chat'] }).chat.completions
}

/** The same client with other options; `withOptions()` came with openai 5. */
export function clientWith(client: OpenAI, options: ClientOptions): OpenAI {
  const Client = client.constructor as typeof OpenAI
  return new Client({ apiKey: client.apiKey, baseURL: client.baseURL, maxRetries: 0, ...options })
}
