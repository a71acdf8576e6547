import { trace } from '@opentelemetry/api'
import type Anthropic from '@anthropic-ai/sdk'
import type { Scenario } from '@agentel/testing/contract'
import { CHAT, clientWith, readAll, say, sayStreamed } from './requests.ts'
import type { Sdk } from './suite.ts'

/**
 * What `usage 1000 200 400 100` costs of claude-haiku-4-5, in US dollars: 500 tokens as they are, 400 out of the cache
 * at a tenth, 100 into it at five quarters, 200 out.
 */
const BILL = 500 * 1e-6 + 400 * 1e-7 + 100 * 1.25e-6 + 200 * 5e-6
const BILLED = {
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.cache_read.input_tokens': 400,
  'gen_ai.usage.cache_write.input_tokens': 100,
  'gen_ai.usage.output_tokens': 200,
  'agentel.cost.amount': BILL,
}

/** What the table of supported SDKs says beside spans and streams. */
export const supportScenarios: readonly Scenario<Anthropic, Sdk>[] = [
  {
    name: 'a call with its bill',
    shows: ['tokens', 'cost'],
    spans: [{ ...CHAT, attributes: BILLED }],
    run: async ({ client, settle }) =>
      void (await settle('create', client.messages.create(say('usage 1000 200 400 100')))),
  },
  {
    name: 'a stream with its bill',
    shows: ['streaming', 'tokens', 'cost'],
    spans: [{ ...CHAT, attributes: BILLED }],
    run: async ({ client, see }) =>
      see('events', await readAll(await client.messages.create(sayStreamed('usage 1000 200 400 100')))),
  },
  {
    name: 'a call inside a span, and a span inside the call',
    shows: ['propagation'],
    spans: [{ name: 'request', parent: CHAT.name }, { ...CHAT, parent: 'work' }, { name: 'work' }],
    run: async ({ client, settle }) => {
      const tracer = trace.getTracer('application')
      const traced = (...args: Parameters<typeof fetch>): Promise<Response> =>
        tracer.startActiveSpan('request', (span) => fetch(...args).finally(() => span.end()))
      await tracer.startActiveSpan('work', async (span) => {
        await settle('create', clientWith(client, { fetch: traced }).messages.create(say('count')))
        span.end()
      })
    },
  },
]
