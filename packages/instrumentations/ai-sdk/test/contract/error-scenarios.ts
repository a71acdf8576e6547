import type { Scenario } from '@agentel/testing/contract'
import { answerOf, CHAT, readAll, say, withWeather } from './requests.ts'
import type { Client, Sdk } from './suite.ts'

/** Calls that fail. */
export const errorScenarios: readonly Scenario<Client, Sdk>[] = [
  {
    name: 'a call that is refused with 400',
    core: true,
    spans: [{ ...CHAT, error: '400' }],
    run: async ({ client, sdk, settle }) =>
      void (await settle('answer', answerOf(sdk.m0.generateText(say(client, 'fault invalid_request')) as never))),
  },
  {
    name: 'a refused stream',
    spans: [{ ...CHAT, error: '400' }],
    run: async ({ client, sdk, see }) => {
      const onError = ({ error }: { error: unknown }) => see('error', error)
      const { fullStream } = sdk.m0.streamText({ ...say(client, 'fault invalid_request'), onError })
      see('parts', await readAll(fullStream))
    },
  },
  {
    name: 'a refused object',
    spans: [{ ...CHAT, error: '400' }],
    run: async ({ client, sdk, settle }) => {
      const schema = sdk.m2.object({ city: sdk.m2.string() })
      const call = sdk.m0.generateObject({ ...say(client, 'fault invalid_request'), schema })
      await settle('answer', call)
    },
  },
  {
    name: 'an object that is none',
    // Reading it is no part of the model's call.
    spans: [CHAT],
    run: async ({ client, sdk, settle }) => {
      const schema = sdk.m2.object({ city: sdk.m2.string() })
      const call = sdk.m0.generateObject({ ...say(client, 'count'), schema })
      await settle(
        'answer',
        call.catch((error: Error) => error.name),
      )
    },
  },
  {
    name: 'a refused embedding',
    spans: [{ name: 'embeddings text-embedding-3-small', error: '400' }],
    run: async ({ client, sdk, settle }) => {
      const call = sdk.m0.embed({ model: client.embedding, value: 'fault invalid_request', maxRetries: 0 })
      await settle('answer', call)
    },
  },
  {
    name: 'a call aborted while it waits',
    spans: [{ ...CHAT, error: 'cancelled' }],
    run: async ({ client, sdk, settle }) => {
      const controller = new AbortController()
      const call = sdk.m0.generateText({ ...say(client, 'silence hang'), abortSignal: controller.signal })
      setTimeout(() => controller.abort(), 20)
      await settle(
        'answer',
        call.catch((error: Error) => error.name),
      )
    },
  },
  {
    name: 'an error in the middle of a stream',
    core: true,
    spans: [{ ...CHAT, error: '_OTHER' }],
    run: async ({ client, sdk, see }) => {
      const { fullStream } = sdk.m0.streamText({ ...say(client, 'error after 4'), onError: () => undefined })
      see('parts', await readAll(fullStream))
    },
  },
  {
    name: 'a connection that breaks in the middle of a stream',
    spans: [{ ...CHAT, error: 'AI_APICallError' }],
    run: async ({ client, sdk, settle }) => {
      const { fullStream } = sdk.m0.streamText({ ...say(client, 'drop after 4'), onError: () => undefined })
      await settle('parts', readAll(fullStream))
    },
  },
  {
    name: 'a loop whose second call is refused',
    spans: [
      { ...CHAT, parent: 'invoke_agent generateText' },
      { name: 'execute_tool weather', parent: 'invoke_agent generateText' },
      { ...CHAT, error: '400', parent: 'invoke_agent generateText' },
      { name: 'invoke_agent generateText', error: '400' },
    ],
    run: async ({ client, sdk, settle }) => {
      const request = { ...say(client, 'call weather then fault'), ...withWeather(sdk, () => 'blue') }
      await settle('answer', answerOf(sdk.m0.generateText(request) as never))
    },
  },
  {
    name: 'a failing call that nobody awaits',
    spans: [{ ...CHAT, error: '400' }],
    run: async ({ client, sdk, unhandled }) => {
      void sdk.m0.generateText(say(client, 'fault invalid_request'))
      await unhandled()
    },
  },
]
