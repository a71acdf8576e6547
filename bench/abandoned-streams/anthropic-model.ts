import { createRequire } from 'node:module'
import { AnthropicInstrumentation } from '../../packages/instrumentations/anthropic/src/index.ts'
import { type BenchModel, localAnswer } from './local-answer.ts'

const require = createRequire(new URL('../../packages/instrumentations/anthropic/package.json', import.meta.url))
type Sdk = typeof import('../../packages/instrumentations/anthropic/node_modules/@anthropic-ai/sdk/index.js')

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5',
  content: [{ type: 'text', text: 'one' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 1 },
}
const events = [
  { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ...['one', ' two', ' three'].map((text) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text },
  })),
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)

/** Anthropic's client, told to make no spans itself: ours are the ones that could leak. */
export function anthropicModel(bare: boolean): BenchModel {
  const sdk = require('@anthropic-ai/sdk') as Sdk
  if (!bare) new AnthropicInstrumentation({ enabled: false }).manuallyInstrument(sdk)
  const fetch = localAnswer(message, events)
  const options = { apiKey: 'k', baseURL: 'http://127.0.0.1', fetch, maxRetries: 0 }
  const client = new sdk.Anthropic({ ...options, openTelemetry: false })
  const request = { model: 'claude-haiku-4-5', max_tokens: 9, messages: [{ role: 'user' as const, content: 'count' }] }
  return {
    call: () => client.messages.create(request),
    stream: () => client.messages.create({ ...request, stream: true }),
  }
}
