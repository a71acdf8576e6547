import type OpenAI from 'openai'
import type { Scenario } from '@agentel/testing/contract'
import { CHAT, CITY, clientWith, helpersOf, say, sayStreamed } from './requests.ts'
import type { Sdk } from './suite.ts'

const BAD = { ...CHAT, error: '400' }

/** Calls that fail, each in a way that shows how the application would learn of it. */
export const errorScenarios: readonly Scenario<OpenAI, Sdk>[] = [
  {
    name: 'a call that is refused with 400',
    core: true,
    spans: [BAD],
    run: async ({ client, settle }) =>
      void (await settle('create', client.chat.completions.create(say('fault invalid_request')))),
  },
  {
    name: 'a refused call, caught in a chain',
    spans: [BAD],
    run: async ({ client, see }) =>
      see(
        'caught',
        await client.chat.completions.create(say('fault invalid_request')).catch((error: unknown) => error),
      ),
  },
  {
    name: 'a refused call, as raw response',
    spans: [BAD],
    run: async ({ client, settle }) =>
      void (await settle('asResponse', client.chat.completions.create(say('fault invalid_request')).asResponse())),
  },
  {
    name: 'a refused call with its response',
    spans: [BAD],
    run: async ({ client, settle }) =>
      void (await settle('withResponse', client.chat.completions.create(say('fault invalid_request')).withResponse())),
  },
  {
    name: 'a refused parse()',
    core: true,
    spans: [BAD],
    run: async ({ client, settle }) =>
      void (await settle('parse', helpersOf(client).parse(say('fault invalid_request', { response_format: CITY })))),
  },
  {
    name: 'a refused stream',
    spans: [BAD],
    run: async ({ client, settle }) =>
      void (await settle('create', client.chat.completions.create(sayStreamed('fault invalid_request')))),
  },
  {
    name: 'a refused stream() helper',
    spans: [BAD],
    run: async ({ client, settle }) =>
      void (await settle('final', helpersOf(client).stream(sayStreamed('fault invalid_request')).finalMessage())),
  },
  {
    name: 'a wrong key, an unknown model, a fault of the server',
    spans: [
      { ...CHAT, error: '401' },
      { ...CHAT, error: '404' },
      { ...CHAT, error: '500' },
    ],
    run: async ({ client, settle }) => {
      for (const kind of ['unauthorized', 'not_found', 'server']) {
        await settle(kind, client.chat.completions.create(say(`fault ${kind}`)))
      }
    },
  },
  {
    name: 'a rate limit that retrying gets over',
    spans: [CHAT],
    run: async ({ client, settle }) =>
      void (await settle('create', clientWith(client, { maxRetries: 2 }).chat.completions.create(say('limit')))),
  },
  {
    name: 'a rate limit that stays',
    spans: [{ ...CHAT, error: '429' }],
    run: async ({ client, settle }) =>
      void (await settle('create', client.chat.completions.create(say('fault rate_limit')))),
  },
  {
    name: 'a connection that breaks before the answer',
    spansIn: { 4: [{ ...CHAT, error: 'ECONNRESET' }] },
    spans: [{ ...CHAT, error: 'APIConnectionError' }],
    run: async ({ client, settle }) =>
      void (await settle(
        'create',
        client.chat.completions.create(say('silence drop')).catch((error: Error) => error.message),
      )),
  },
  {
    name: 'a connection that breaks in the middle of a stream',
    spansIn: { 4: [{ ...CHAT, error: 'ERR_STREAM_PREMATURE_CLOSE' }] },
    core: true,
    spans: [{ ...CHAT, error: 'UND_ERR_SOCKET' }],
    run: async ({ client, see }) => {
      const stream = await client.chat.completions.create(sayStreamed('drop after 3'))
      let read = 0
      try {
        for await (const _chunk of stream) read++
      } catch (error) {
        see('error', [(error as Error).constructor.name, (error as Error).message])
      }
      see('read', read)
    },
  },
  {
    name: 'an error in the middle of a stream',
    spans: [{ ...CHAT, error: 'server_error' }],
    run: async ({ client, see, settle }) => {
      const stream = await client.chat.completions.create(sayStreamed('error after 3'))
      let read = 0
      const loop = async (): Promise<void> => {
        for await (const _chunk of stream) read++
      }
      await settle('loop', loop())
      see('read', read)
    },
  },
  {
    name: 'an answer that is no JSON',
    spansIn: { 4: [{ ...CHAT, error: 'FetchError' }] },
    spans: [{ ...CHAT, error: 'SyntaxError' }],
    run: async ({ client, settle }) => void (await settle('create', client.chat.completions.create(say('broken')))),
  },
  {
    name: 'a call aborted while it waits',
    spans: [{ ...CHAT, error: 'cancelled' }],
    run: async ({ client, settle }) => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 30)
      await settle('create', client.chat.completions.create(say('silence hang'), { signal: controller.signal }))
    },
  },
  {
    name: 'a call aborted before it is made',
    spans: [{ ...CHAT, error: 'cancelled' }],
    run: async ({ client, settle }) =>
      void (await settle('create', client.chat.completions.create(say('count'), { signal: AbortSignal.abort() }))),
  },
  {
    name: 'a stream aborted by the caller’s signal',
    spans: [{ ...CHAT, error: 'cancelled' }],
    run: async ({ client, see, settle }) => {
      const controller = new AbortController()
      const stream = await client.chat.completions.create(sayStreamed('hang after 3'), { signal: controller.signal })
      let read = 0
      const loop = async (): Promise<void> => {
        for await (const _chunk of stream) if (++read === 2) controller.abort()
      }
      await settle('loop', loop())
      see('read', read)
    },
  },
  {
    name: 'a call that takes too long',
    spans: [{ ...CHAT, error: 'timeout' }],
    run: async ({ client, settle }) =>
      void (await settle('create', client.chat.completions.create(say('silence hang'), { timeout: 40 }))),
  },
  {
    name: 'a failing call that nobody awaits',
    core: true,
    spans: [BAD],
    run: async ({ client, unhandled }) => {
      void client.chat.completions.create(say('fault invalid_request'))
      await unhandled()
    },
  },
  {
    name: 'a failing parse() that nobody awaits',
    spans: [BAD],
    run: async ({ client, unhandled }) => {
      void helpersOf(client).parse(say('fault invalid_request', { response_format: CITY }))
      await unhandled()
    },
  },
  {
    name: 'a failing _thenUnwrap() that nobody awaits',
    spans: [BAD],
    run: async ({ client, unhandled }) => {
      void client.chat.completions.create(say('fault invalid_request'))._thenUnwrap((answer) => answer)
      await unhandled()
    },
  },
  {
    name: 'a failing call of which only the response is wanted, by nobody',
    spans: [BAD],
    run: async ({ client, unhandled }) => {
      void client.chat.completions.create(say('fault invalid_request')).asResponse()
      await unhandled()
    },
  },
  {
    name: 'a body that is missing',
    spans: [{ name: 'chat', error: 'TypeError' }],
    run: async ({ client, attempt, settle }) => {
      const promise = attempt('create', () => client.chat.completions.create(undefined as never))
      if (promise !== undefined) await settle('promise', promise)
    },
  },
  {
    name: 'a body whose getter throws',
    spans: [{ name: 'chat', error: 'RangeError' }],
    run: async ({ client, attempt, settle }) => {
      const body = Object.defineProperty(say('count'), 'model', {
        enumerable: true,
        get: () => {
          throw new RangeError('not readable')
        },
      })
      const promise = attempt('create', () => client.chat.completions.create(body))
      if (promise !== undefined) await settle('promise', promise)
    },
  },
  {
    name: 'a frozen body with null everywhere',
    spans: [CHAT],
    run: async ({ client, settle }) => {
      const body = { ...say('count'), temperature: null, stop: null, seed: null, n: null, stream: null }
      await settle('create', client.chat.completions.create(Object.freeze(body) as never))
    },
  },
]
