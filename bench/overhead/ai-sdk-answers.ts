/** The AI SDK over the canned answers of answers.ts: a text, and its stream. */
import { cannedFetch } from './answers.ts'

/** The modules that an application loads, and that instrumentations are given. */
export function load(require: NodeJS.Require): any {
  return { ai: require('ai'), openai: require('@ai-sdk/openai') }
}

/** What a call is made of; no texts are recorded by anybody. */
export function createClient({ ai, openai }: any): any {
  const model = openai.createOpenAI({ apiKey: 'bench', fetch: cannedFetch }).chat('gpt-4o')
  const telemetry = { recordInputs: false, recordOutputs: false }
  return { ai, call: { model, prompt, temperature: 0.2, maxOutputTokens: 400, maxRetries: 0, telemetry } }
}

const prompt = 'Compare three vector stores for legal text. '.repeat(20)

/** One call of each kind; resolves to the milliseconds until the first chunk, if there are chunks. */
export const operations: Record<string, (client: any) => Promise<number | undefined>> = {
  async generate({ ai, call }) {
    await ai.generateText(call)
    return undefined
  },
  async 'text stream'({ ai, call }) {
    const started = performance.now()
    let first: number | undefined
    for await (const _ of ai.streamText(call).textStream) first ??= performance.now() - started
    return first
  },
}
