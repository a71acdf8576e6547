import type Anthropic from '@anthropic-ai/sdk'
import type { Scenario } from '@agentel/testing/contract'
import { CHAT, clientWith, readAll, say, weatherTool } from './requests.ts'
import type { Sdk } from './suite.ts'

/** Calls that succeed without a stream. */
export const callScenarios: readonly Scenario<Anthropic, Sdk>[] = [
  {
    name: 'the classes and their prototypes',
    spans: [],
    run: ({ sdk, client, see }) => {
      for (const [name, resource] of Object.entries({ messages: client.messages, beta: client.beta.messages })) {
        see(`${name} keys`, Reflect.ownKeys(resource))
        see(`${name} prototype`, Object.getPrototypeOf(resource))
      }
      see('exports', Object.keys(sdk).toSorted())
    },
  },
  {
    name: 'a call',
    core: true,
    spans: [CHAT],
    run: async ({ client, settle }) => void (await settle('create', client.messages.create(say('count')))),
  },
  {
    name: 'a beta call',
    core: true,
    spans: [CHAT],
    run: async ({ client, settle }) =>
      void (await settle('create', client.beta.messages.create({ ...say('count'), betas: [] }))),
  },
  {
    name: 'the promise before and after it is awaited',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const promise = client.messages.create(say('count'))
      see('before', promise)
      const answer = await promise
      see('same answer when awaited again', answer === (await promise))
      see('own keys', Object.keys(promise))
    },
  },
  {
    name: 'create().withResponse()',
    core: true,
    spans: [CHAT],
    run: async ({ client, see }) => {
      const { data, response, request_id } = await client.messages.create(say('count')).withResponse()
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
      const response = await client.messages.create(say('count')).asResponse()
      see('body used', response.bodyUsed)
      see('body', await response.json())
    },
  },
  {
    name: '_thenUnwrap()',
    core: true,
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const promise = client.messages.create(say('count'))
      const derived = promise._thenUnwrap((answer) => ({ reason: answer.stop_reason }))
      see('derived', derived)
      await settle('derived', derived)
      see('with response', (await derived.withResponse()).response.status)
    },
  },
  {
    name: 'a message with thinking',
    spans: [CHAT],
    run: async ({ client, settle }) => void (await settle('create', client.messages.create(say('think hard')))),
  },
  {
    name: 'a tool call',
    shows: ['tools'],
    spans: [{ ...CHAT, attributes: { 'gen_ai.response.finish_reasons': ['tool_call'] } }],
    run: async ({ client, settle }) => {
      const { type, name, input_schema } = weatherTool()
      await settle('create', client.messages.create(say('call weather', { tools: [{ type, name, input_schema }] })))
    },
  },
  {
    name: 'toolRunner()',
    shows: ['tools'],
    spans: [CHAT, CHAT],
    // The client makes spans of the loop and of each tool too.
    spansIn: {
      1: [
        { ...CHAT, parent: 'invoke_agent' },
        { name: 'execute_tool weather', parent: 'invoke_agent' },
        { ...CHAT, parent: 'invoke_agent' },
        { name: 'invoke_agent' },
      ],
    },
    run: async ({ client, settle }) => {
      const runner = client.beta.messages.toolRunner({ ...say('call weather'), tools: [weatherTool()] })
      await settle('until done', runner.runUntilDone())
    },
  },
  {
    name: 'toolRunner(), read message by message',
    spans: [CHAT, CHAT],
    spansIn: { 1: [CHAT, { name: 'execute_tool weather' }, CHAT, { name: 'invoke_agent' }] },
    run: async ({ client, see }) => {
      const runner = client.beta.messages.toolRunner({ ...say('call weather'), tools: [weatherTool()] })
      see('messages', await readAll(runner))
    },
  },
  {
    name: 'two calls at once, the later one answered first',
    spans: [CHAT, CHAT],
    run: async ({ client, see }) => {
      const slow = client.messages.create(say('slowly 60')).then(() => see('done', 'slow'))
      const fast = client.messages.create(say('count')).then(() => see('done', 'fast'))
      await Promise.all([slow, fast])
    },
  },
  {
    name: 'handlers on one promise, in their order',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const promise = client.messages.create(say('count'))
      const all = ['first', 'second', 'third'].map((name) => promise.then(() => see('handler', name)))
      await Promise.all(all)
    },
  },
  {
    name: 'a client with other options, and one that makes no spans itself',
    spans: [CHAT, CHAT],
    run: async ({ client, settle }) => {
      await settle('timeout', client.withOptions({ timeout: 5000 }).messages.create(say('count')))
      // An older client takes no notice of it.
      const silent = clientWith(client, { openTelemetry: false } as never)
      await settle('silent', silent.messages.create(say('count')))
    },
  },
  {
    name: 'what is no model call',
    spans: [],
    // The client makes a span of it all the same; it is left alone.
    spansIn: { 1: [{ name: 'anthropic.messages.count_tokens' }] },
    run: async ({ client, settle }) => {
      const { model, messages } = say('count')
      await settle('count tokens', client.messages.countTokens({ model, messages }))
    },
  },
]
