/** Anthropic's answers, canned, as answers.ts has OpenAI's. */
import { localAnswer } from '../abandoned-streams/local-answer.ts'

const usage = { input_tokens: 556, cache_read_input_tokens: 256, cache_creation_input_tokens: 0, output_tokens: 143 }
const text = 'Vector stores differ in how they index, filter and persist. '.repeat(12)
const message = {
  id: 'msg_bench',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5-20251001',
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage,
}

/** 52 events: start, 47 of text, ends. */
const events = [
  { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ...Array.from({ length: 47 }, (_, index) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: `word${index} ` },
  })),
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 143 } },
  { type: 'message_stop' },
].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)

/** Answers as the API does, at once. */
export const cannedFetch = localAnswer(message, events)

const request = {
  model: 'claude-haiku-4-5',
  max_tokens: 400,
  system: 'You are a research assistant. Answer briefly, cite your sources.',
  messages: [{ role: 'user', content: 'Compare three vector stores for legal text. '.repeat(20) }],
}

/** One call of each kind; resolves to the milliseconds until the first chunk, if there are chunks. */
export const operations: Record<string, (client: any) => Promise<number | undefined>> = {
  async messages(client) {
    await client.messages.create(request)
    return undefined
  },
  async 'message stream'(client) {
    const started = performance.now()
    let first: number | undefined
    for await (const _ of await client.messages.create({ ...request, stream: true }))
      first ??= performance.now() - started
    return first
  },
}
