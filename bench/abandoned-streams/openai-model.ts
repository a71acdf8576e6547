import { createRequire } from 'node:module'
import { OpenAIInstrumentation } from '../../packages/instrumentations/openai/src/index.ts'
import { type BenchModel, localAnswer } from './local-answer.ts'

const require = createRequire(new URL('../../packages/instrumentations/openai/package.json', import.meta.url))
type Openai = typeof import('../../packages/instrumentations/openai/node_modules/openai/index.js')

const frame = { id: 'chatcmpl-1', created: 1, model: 'gpt-4o' }
const whole = {
  ...frame,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'one' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
}
const chunk = (content: string | null) => ({
  ...frame,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: content === null ? {} : { content }, finish_reason: content === null ? 'stop' : null }],
})
const events = ['one', ' two', ' three', ' four', null].map((text) => `data: ${JSON.stringify(chunk(text))}\n\n`)

/** openai's client. */
export function openaiModel(bare: boolean): BenchModel {
  const sdk = require('openai') as Openai
  if (!bare) new OpenAIInstrumentation({ enabled: false }).manuallyInstrument(sdk)
  const fetch = localAnswer(whole, events)
  const client = new sdk.OpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1/v1', fetch, maxRetries: 0 })
  const request = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'count' }] }
  return {
    call: () => client.chat.completions.create(request),
    stream: () => client.chat.completions.create({ ...request, stream: true }),
  }
}
