import { createRequire } from 'node:module'
import { OpenAIInstrumentation } from '../../packages/instrumentations/openai/src/index.ts'
import { type BenchModel, localAnswer } from './local-answer.ts'
import { events, whole } from './openai-answer.ts'

const require = createRequire(new URL('../../packages/instrumentations/openai/package.json', import.meta.url))
type Openai = typeof import('../../packages/instrumentations/openai/node_modules/openai/index.js')

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
