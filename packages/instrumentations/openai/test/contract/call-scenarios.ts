import type OpenAI from 'openai'
import type { Scenario } from '@agentel/testing/contract'
import { CHAT, CITY, clientWith, helpersOf, say, weatherTool } from './requests.ts'
import { readAll } from './read-stream.ts'
import type { Sdk } from './suite.ts'

/** The same client, and when its first answer's headers have come. */
function watchAnswers(client: OpenAI): [OpenAI, Promise<void>] {
  let answer = (): void => undefined
  const answered = new Promise<void>((resolve) => (answer = resolve))
  const watching = async (...args: Parameters<typeof fetch>): Promise<Response> => {
    const response = await fetch(...args)
    setTimeout(answer, 1)
    return response
  }
  return [clientWith(client, { fetch: watching }), answered]
}

/** Calls that succeed without a stream. */
export const callScenarios: readonly Scenario<OpenAI, Sdk>[] = [
  {
    name: 'the classes and their prototypes',
    spans: [],
    run: ({ sdk, client, see }) => {
      for (const [name, resource] of Object.entries({
        completions: client.chat.completions,
        responses: client.responses,
        embeddings: client.embeddings,
      })) {
        see(`${name} keys`, Reflect.ownKeys(resource))
        see(`${name} prototype`, Object.getPrototypeOf(resource))
      }
      see('APIPromise', sdk.APIPromise.prototype)
      see('exports', Object.keys(sdk).toSorted())
    },
  },
  {
    name: 'a call',
    core: true,
    spans: [CHAT],
    run: async ({ client, settle }) => void (await settle('create', client.chat.completions.create(say('count')))),
  },
  {
    name: 'the promise before and after it is awaited',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const promise = client.chat.completions.create(say('count'))
      see('before', promise)
      const answer = await promise
      see('after', promise)
      see('same answer when awaited again', answer === (await promise))
      see('own keys', Object.keys(promise))
    },
  },
  {
    name: 'then, catch and finally in a chain',
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const promise = client.chat.completions.create(say('count'))
      const chain = promise
        .then((answer) => answer.choices[0]?.message.content)
        .catch((error: unknown) => error)
        .finally(() => see('finally', true))
      see('class of the chain', chain.constructor.name)
      await settle('chain', chain)
    },
  },
  {
    name: 'create().withResponse()',
    core: true,
    spans: [CHAT],
    run: async ({ client, see }) => {
      const { data, response, request_id } = await client.chat.completions.create(say('count')).withResponse()
      see('data', data)
      see('status', response.status)
      see('body used', response.bodyUsed)
      see('request id', request_id)
    },
  },
  {
    name: 'create().asResponse(), the body read by the caller',
    core: true,
    spans: [CHAT],
    run: async ({ client, see }) => {
      const response = await client.chat.completions.create(say('count')).asResponse()
      see('body used', response.bodyUsed)
      see('body', await response.json())
    },
  },
  {
    name: 'asResponse() and then the answer as well',
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const promise = client.chat.completions.create(say('count'))
      see('status', (await promise.asResponse()).status)
      await settle('answer', promise)
    },
  },
  {
    name: '_thenUnwrap()',
    core: true,
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const promise = client.chat.completions.create(say('count'))
      const derived = promise._thenUnwrap((answer) => ({ text: answer.choices[0]?.message.content }))
      see('derived', derived)
      await settle('derived', derived)
      see('with response', (await derived.withResponse()).response.status)
      await settle('first', promise)
    },
  },
  {
    name: '_thenUnwrap() with a transform that throws',
    spans: [{ ...CHAT, error: 'RangeError' }],
    run: async ({ client, settle }) => {
      const derived = client.chat.completions.create(say('count'))._thenUnwrap(() => {
        throw new RangeError('no')
      })
      await settle('derived', derived)
    },
  },
  {
    name: 'parse()',
    core: true,
    spans: [CHAT],
    run: async ({ client, settle }) =>
      void (await settle('parse', helpersOf(client).parse(say('city', { response_format: CITY })))),
  },
  {
    name: 'parse().withResponse()',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const { data, response } = await helpersOf(client)
        .parse(say('city', { response_format: CITY }))
        .withResponse()
      see('data', data)
      see('status', response.status)
    },
  },
  {
    name: 'parse() of an answer that was cut',
    spans: [{ ...CHAT, error: 'LengthFinishReasonError' }],
    run: async ({ client, settle }) =>
      void (await settle('parse', helpersOf(client).parse(say('cut', { response_format: CITY })))),
  },
  {
    name: 'parse() of a refusal',
    spans: [CHAT],
    run: async ({ client, settle }) =>
      void (await settle('parse', helpersOf(client).parse(say('refuse', { response_format: CITY })))),
  },
  {
    name: 'several choices',
    spans: [CHAT],
    run: async ({ client, settle }) =>
      void (await settle('create', client.chat.completions.create(say('count', { n: 3 })))),
  },
  {
    name: 'a tool call',
    shows: ['tools'],
    spans: [CHAT],
    run: async ({ client, settle }) => {
      const { type, function: tool } = weatherTool()
      const tools = [{ type, function: { name: tool.name, parameters: tool.parameters } }]
      await settle('create', client.chat.completions.create(say('call weather', { tools })))
    },
  },
  {
    name: 'runTools()',
    shows: ['tools'],
    spans: [CHAT, CHAT],
    run: async ({ client, see, settle }) => {
      const runner = helpersOf(client).runTools({ ...say('call weather'), tools: [weatherTool()] })
      runner.on('message', (message) => see('message', message))
      await settle('final content', runner.finalContent())
      await settle('usage', runner.totalUsage())
    },
  },
  {
    name: 'two calls at once, the later one answered first',
    spans: [CHAT, CHAT],
    run: async ({ client, see }) => {
      const slow = client.chat.completions.create(say('slowly 300')).then(() => see('done', 'slow'))
      const fast = client.chat.completions.create(say('count')).then(() => see('done', 'fast'))
      await Promise.all([slow, fast])
    },
  },
  {
    name: 'handlers on one promise, in their order',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const promise = client.chat.completions.create(say('count'))
      const all = ['first', 'second', 'third'].map((name) => promise.then(() => see('handler', name)))
      await Promise.all(all)
    },
  },
  {
    name: 'a call that is awaited late',
    spans: [CHAT],
    run: async ({ client, settle, collectGarbage }) => {
      const [watched, answered] = watchAnswers(client)
      const promise = watched.chat.completions.create(say('count'))
      await answered
      await collectGarbage()
      await settle('late', promise)
    },
  },
  {
    name: 'a call whose answer nobody wants',
    spans: [CHAT],
    run: async ({ client, collectGarbage }) => {
      const [watched, answered] = watchAnswers(client)
      void watched.chat.completions.create(say('count'))
      await answered
      await collectGarbage()
    },
  },
  {
    name: 'a client with other options, and a subclass',
    majors: [5, 6, 7],
    spans: [CHAT, CHAT],
    run: async ({ client, sdk, settle }) => {
      await settle('withOptions', client.withOptions({ timeout: 5000 }).chat.completions.create(say('count')))
      class OwnClient extends sdk.OpenAI {}
      const own = new OwnClient({ apiKey: 'sk-test', baseURL: client.baseURL })
      await settle('subclass', own.chat.completions.create(say('count')))
    },
  },
  {
    name: 'embeddings',
    core: true,
    spans: [{ name: 'embeddings text-embedding-3-small' }],
    run: async ({ client, settle }) =>
      void (await settle(
        'create',
        client.embeddings.create({ model: 'text-embedding-3-small', input: 'a', dimensions: 4 }),
      )),
  },
  {
    name: 'embeddings as base64 and as floats',
    spans: [{ name: 'embeddings text-embedding-3-small' }, { name: 'embeddings text-embedding-3-small' }],
    run: async ({ client, settle }) => {
      const request = { model: 'text-embedding-3-small', input: ['a', 'b'], dimensions: 4 }
      await settle('base64', client.embeddings.create({ ...request, encoding_format: 'base64' }))
      await settle('float', client.embeddings.create({ ...request, encoding_format: 'float' }))
    },
  },
  {
    name: 'a text that is continued, streamed too',
    spans: [
      { name: 'text_completion gpt-3.5-turbo-instruct', attributes: { 'gen_ai.usage.input_tokens': 5 } },
      { name: 'text_completion gpt-3.5-turbo-instruct' },
    ],
    run: async ({ client, settle, see }) => {
      const request = { model: 'gpt-3.5-turbo-instruct', prompt: 'usage 5 2 0' }
      await settle('create', client.completions.create(request))
      see('stream', await readAll(await client.completions.create({ ...request, stream: true })))
    },
  },
  {
    name: 'what is no model call',
    spans: [],
    run: async ({ client, settle }) => {
      await settle('models', client.models.list())
    },
  },
]
