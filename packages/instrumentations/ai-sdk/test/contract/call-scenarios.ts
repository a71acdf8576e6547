import { trace } from '@opentelemetry/api'
import type { ExpectedSpan, Scenario } from '@agentel/testing/contract'
import { answerOf, CHAT, say } from './requests.ts'
import type { Client, Sdk } from './suite.ts'

/** What `usage 1000 200 400 50` costs of gpt-4o, in US dollars: 600 tokens as they are, 400 cached at half, 200 out. */
export const BILLED = {
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.cache_read.input_tokens': 400,
  'gen_ai.usage.output_tokens': 200,
  'gen_ai.usage.reasoning.output_tokens': 50,
  'agentel.cost.amount': 600 * 2.5e-6 + 400 * 1.25e-6 + 200 * 1e-5,
}

const EMBEDDINGS: ExpectedSpan = { name: 'embeddings text-embedding-3-small' }

/** Calls that succeed without a stream or tools. */
export const callScenarios: readonly Scenario<Client, Sdk>[] = [
  {
    name: 'the exports',
    spans: [],
    run: ({ sdk, see }) => {
      see('exports', Object.keys(sdk.m0).toSorted())
      see('generateText', [sdk.m0.generateText.name, sdk.m0.generateText.length])
    },
  },
  {
    name: 'a call',
    core: true,
    shows: ['tokens', 'cost'],
    spans: [{ ...CHAT, attributes: BILLED }],
    run: async ({ client, sdk, settle }) =>
      void (await settle('answer', answerOf(sdk.m0.generateText(say(client, 'usage 1000 200 400 50')) as never))),
  },
  {
    name: 'a call over the responses API',
    shows: ['tokens', 'cost'],
    spans: [{ ...CHAT, attributes: { ...BILLED, 'gen_ai.provider.name': 'openai' } }],
    run: async ({ client, sdk, settle }) => {
      const request = { ...say(client, 'usage 1000 200 400 50'), model: client.responses }
      await settle('answer', answerOf(sdk.m0.generateText(request) as never))
    },
  },
  {
    name: 'a call with all its settings',
    spans: [
      {
        ...CHAT,
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.max_tokens': 50,
          'gen_ai.request.temperature': 0.5,
          'gen_ai.request.top_p': 0.9,
          'gen_ai.request.presence_penalty': 0.1,
          'gen_ai.request.frequency_penalty': 0.2,
          'gen_ai.request.seed': 7,
          'gen_ai.request.stop_sequences': ['eleven'],
          'gen_ai.response.finish_reasons': ['stop'],
        },
      },
    ],
    run: async ({ client, sdk, settle }) => {
      const settings = {
        maxOutputTokens: 50,
        temperature: 0.5,
        topP: 0.9,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        seed: 7,
        stopSequences: ['eleven'],
      }
      await settle('answer', answerOf(sdk.m0.generateText({ ...say(client, 'count'), ...settings }) as never))
    },
  },
  {
    name: 'a call that is named',
    spans: [
      { ...CHAT, parent: 'invoke_agent counter', attributes: { 'gen_ai.agent.name': 'counter' } },
      { name: 'invoke_agent counter' },
    ],
    // Before 7 the name is given where the SDK's own telemetry is switched on.
    majors: [7],
    run: async ({ client, sdk, settle }) => {
      const request = { ...say(client, 'count'), telemetry: { functionId: 'counter' } }
      await settle('answer', answerOf(sdk.m0.generateText(request) as never))
    },
  },
  {
    name: 'a call that wants no telemetry',
    spans: [],
    run: async ({ client, sdk, settle }) => {
      const silent = { isEnabled: false }
      const request = { ...say(client, 'count'), telemetry: silent, experimental_telemetry: silent }
      await settle('answer', answerOf(sdk.m0.generateText(request as never) as never))
    },
  },
  {
    name: 'generateObject()',
    core: true,
    spans: [{ ...CHAT, attributes: { 'gen_ai.output.type': 'json' } }],
    run: async ({ client, sdk, settle }) => {
      const schema = sdk.m2.object({ city: sdk.m2.string() })
      const call = sdk.m0.generateObject({ ...say(client, 'city'), schema })
      await settle(
        'answer',
        call.then(({ object, finishReason, usage }) => ({ object, finishReason, usage })),
      )
    },
  },
  {
    name: 'embed()',
    core: true,
    shows: ['tokens'],
    spans: [{ ...EMBEDDINGS, attributes: { 'gen_ai.usage.input_tokens': 2, 'gen_ai.provider.name': 'openai' } }],
    run: async ({ client, sdk, settle }) => {
      const call = sdk.m0.embed({ model: client.embedding, value: 'two words' })
      await settle(
        'answer',
        call.then(({ embedding, usage, value }) => ({ length: embedding.length, usage, value })),
      )
    },
  },
  {
    name: 'embedMany(), in one request',
    spans: [EMBEDDINGS],
    run: async ({ client, sdk, settle }) => {
      const call = sdk.m0.embedMany({ model: client.embedding, values: ['one', 'two words'] })
      await settle(
        'answer',
        call.then(({ embeddings, usage }) => ({ length: embeddings.length, usage })),
      )
    },
  },
  {
    name: 'embedMany(), in two requests',
    spans: [EMBEDDINGS, EMBEDDINGS],
    run: async ({ client, sdk, settle }) => {
      const values = Array.from({ length: 2049 }, (_, index) => `${index}`)
      const call = sdk.m0.embedMany({ model: client.embedding, values, maxParallelCalls: 1 })
      await settle(
        'answer',
        call.then(({ embeddings, usage }) => ({ length: embeddings.length, usage })),
      )
    },
  },
  {
    name: 'an agent of the SDK',
    spans: [CHAT],
    run: async ({ client, sdk, settle }) => {
      const Agent = sdk.m0.Experimental_Agent
      const agent = new Agent({ model: client.model, maxRetries: 0 })
      await settle('answer', answerOf(agent.generate({ prompt: 'count' }) as never))
    },
  },
  {
    name: 'two calls at once, the later one answered first',
    spans: [CHAT, CHAT],
    run: async ({ client, sdk, see }) => {
      const slow = sdk.m0.streamText(say(client, 'slowly 20'))
      const slowly = slow.consumeStream().then(() => see('done', 'slow'))
      await Promise.all([slowly, sdk.m0.generateText(say(client, 'count')).then(() => see('done', 'fast'))])
    },
  },
  {
    name: 'a call inside a span, and a span inside the call',
    shows: ['propagation'],
    spans: [{ name: 'request', parent: CHAT.name }, { ...CHAT, parent: 'work' }, { name: 'work' }],
    run: async ({ client, sdk, settle }) => {
      const tracer = trace.getTracer('application')
      const middleware = {
        specificationVersion: 'v3',
        wrapGenerate: ({ doGenerate }: { doGenerate: () => PromiseLike<unknown> }) =>
          tracer.startActiveSpan('request', async (span) => {
            const answer = await doGenerate()
            span.end()
            return answer
          }),
      }
      const model = sdk.m0.wrapLanguageModel({ model: client.model as never, middleware: middleware as never })
      await tracer.startActiveSpan('work', async (span) => {
        await settle('answer', answerOf(sdk.m0.generateText({ ...say(client, 'count'), model }) as never))
        span.end()
      })
    },
  },
]
