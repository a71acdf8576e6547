import type { Scenario } from '@agentel/testing/contract'
import { CHAT, FAKE } from './expected-spans.ts'
import { type Client, MODEL, type Sdk } from './sdk.ts'

/** Calls of models, in every way that LangChain offers. */
export const modelScenarios: readonly Scenario<Client, Sdk>[] = [
  {
    name: 'a call over an instrumented client',
    core: true,
    shows: ['tokens', 'cost'],
    spans: [CHAT],
    run: async ({ client, settle }) => void (await settle('invoke', client.model.invoke('hello'))),
  },
  {
    name: 'a stream over an instrumented client',
    core: true,
    shows: ['streaming'],
    spans: [{ ...CHAT, attributes: { ...CHAT.attributes, 'gen_ai.request.stream': true } }],
    run: async ({ client, see }) => {
      const stream = await client.model.stream('hello')
      see('stream', stream)
      for await (const chunk of stream) see('chunk', chunk)
    },
  },
  {
    name: 'a stream that is left early',
    spans: [{ name: `chat ${MODEL}`, attributes: { 'gen_ai.request.stream': true } }],
    run: async ({ client, see }) => {
      for await (const chunk of await client.model.stream('hello')) {
        see('first', chunk.content)
        break
      }
    },
  },
  {
    name: 'several prompts at once',
    spans: [CHAT, CHAT, CHAT],
    run: async ({ client, settle, sdk }) => {
      const prompts = ['one', 'two', 'three'].map((text) => [new sdk.m1.HumanMessage(text)])
      await settle('generate', client.model.generate(prompts))
    },
  },
  {
    name: 'a batch',
    spans: [CHAT, CHAT],
    run: async ({ client, settle }) => void (await settle('batch', client.model.batch(['one', 'two']))),
  },
  {
    name: 'a model that answers on the second try',
    spans: [CHAT],
    run: async ({ client, settle }) => {
      let tries = 0
      const failing: typeof fetch = (...args) =>
        tries++ === 0 ? Promise.resolve(new Response('{}', { status: 500 })) : fetch(...args)
      const model = client.modelWith({ maxRetries: 1, fetch: failing })
      await settle('invoke', model.invoke('hello'))
    },
  },
  {
    name: 'a model that refuses',
    core: true,
    spans: [{ name: `chat ${MODEL}`, error: '400' }],
    run: async ({ client, settle }) => void (await settle('invoke', client.model.invoke('fault invalid_request'))),
  },
  {
    name: 'a stream that the model refuses',
    spans: [{ name: `chat ${MODEL}`, error: '400' }],
    run: async ({ client, settle }) => void (await settle('stream', client.model.stream('fault invalid_request'))),
  },
  {
    name: 'a call that is aborted',
    spans: [{ name: `chat ${MODEL}`, error: 'cancelled' }],
    run: async ({ client, settle }) => {
      const abort = new AbortController()
      const aborting: typeof fetch = (...args) => {
        abort.abort()
        return fetch(...args)
      }
      await settle('invoke', client.modelWith({ fetch: aborting }).invoke('hello', { signal: abort.signal }))
    },
  },
  {
    name: 'an answer that is kept, and one that is not',
    spans: [CHAT, { name: `chat ${MODEL}`, attributes: { 'gen_ai.usage.input_tokens': 0 } }, CHAT],
    run: async ({ client, settle }) => {
      const model = client.modelWith({ cache: true })
      await settle('asked', model.invoke('kept'))
      await settle('kept', model.invoke('kept'))
      await settle('other', model.invoke('other'))
    },
  },
  {
    name: 'answers that are kept, of a model without a client that we know',
    spans: [FAKE, FAKE],
    run: async ({ sdk, settle }) => {
      const model = new sdk.m6.FakeListChatModel({ responses: ['one', 'two'], cache: true })
      await settle('asked', model.invoke('kept here'))
      await settle('kept', model.invoke('kept here'))
    },
  },
  {
    name: 'a model without a client that we know',
    core: true,
    spans: [FAKE],
    run: async ({ sdk, settle, see }) => {
      const model = new sdk.m6.FakeListChatModel({ responses: ['one two'] })
      await settle('invoke', model.invoke('hello'))
      see('model', model)
    },
  },
  {
    name: 'its stream',
    core: true,
    spans: [{ ...FAKE, attributes: { ...FAKE.attributes, 'gen_ai.request.stream': true } }],
    run: async ({ sdk, see }) => {
      const model = new sdk.m6.FakeListChatModel({ responses: ['one'] })
      for await (const chunk of await model.stream('hello')) see('chunk', chunk)
    },
  },
  {
    name: 'its stream, left half-read by a reader that walks away',
    spans: [{ ...FAKE }],
    run: async ({ sdk, see, collectGarbage }) => {
      const read = async (): Promise<unknown> => {
        const model = new sdk.m6.FakeListChatModel({ responses: ['one'] })
        return (await (await model.stream('hello')).next()).value
      }
      see('first', await read())
      await collectGarbage()
    },
  },
  {
    name: 'a model of texts, with two prompts in one call',
    spans: [
      {
        name: 'text_completion',
        attributes: { 'gen_ai.operation.name': 'text_completion', 'gen_ai.provider.name': 'fake' },
      },
    ],
    run: async ({ sdk, settle }) => {
      const model = new sdk.m6.FakeLLM({ response: 'one' })
      await settle('generate', model.generate(['a', 'b']))
    },
  },
  {
    name: 'a listener of the application’s own',
    spans: [FAKE],
    run: async ({ sdk, settle, see }) => {
      const seen: string[] = []
      const handleLLMEnd = (): void => void seen.push('end')
      const model = new sdk.m6.FakeListChatModel({ responses: ['one'] })
      const answer = await model.invoke('hello', { callbacks: [{ handleLLMEnd }] })
      await settle('text', Promise.resolve(answer.content))
      see('named after the run', String(answer.id).startsWith('run-'))
      see('seen', seen)
    },
  },
]
