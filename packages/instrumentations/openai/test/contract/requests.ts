import type OpenAI from 'openai'

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
