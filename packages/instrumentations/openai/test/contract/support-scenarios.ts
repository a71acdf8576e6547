import { trace } from '@opentelemetry/api'
import type OpenAI from 'openai'
import type { Scenario } from '@agentel/testing/contract'
import { CHAT, say, sayStreamed } from './requests.ts'
import type { Sdk } from './suite.ts'

/** What `usage 1000 200 400` costs of gpt-4o: 600 new and 400 cached tokens in, 200 out, in US dollars. */
const BILL = 600 * 2.5e-6 + 400 * 1.25e-6 + 200 * 1e-5
const BILLED = {
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.cache_read.input_tokens': 400,
  'gen_ai.usage.output_tokens': 200,
  'agentel.cost.amount': BILL,
}

/** What the table of supported SDKs says beside spans and streams. */
export const supportScenarios: readonly Scenario<OpenAI, Sdk>[] = [
  {
    name: 'a call with its bill',
    shows: ['tokens', 'cost'],
    spans: [{ ...CHAT, attributes: BILLED }],
    run: async ({ client, settle }) =>
      void (await settle('create', client.chat.completions.create(say('usage 1000 200 400')))),
  },
  {
    name: 'a stream with its bill',
    shows: ['streaming', 'tokens', 'cost'],
    spans: [{ ...CHAT, attributes: BILLED }],
    run: async ({ client, see }) => {
      const stream = await client.chat.completions.create(sayStreamed('usage 1000 200 400'))
      for await (const chunk of stream) see('usage', chunk.usage)
    },
  },
  {
    name: 'a call inside a span, and a span inside the call',
    shows: ['propagation'],
    spans: [{ name: 'request', parent: 'chat gpt-4o' }, { ...CHAT, parent: 'work' }, { name: 'work' }],
    run: async ({ client, sdk, settle }) => {
      const tracer = trace.getTracer('application')
      const traced = (...args: Parameters<typeof fetch>): Promise<Response> =>
        tracer.startActiveSpan('request', (span) => fetch(...args).finally(() => span.end()))
      const own = new sdk.OpenAI({ apiKey: 'sk-test', baseURL: client.baseURL, fetch: traced })
      await tracer.startActiveSpan('work', async (span) => {
        await settle('create', own.chat.completions.create(say('count')))
        span.end()
      })
    },
  },
]
