import type Anthropic from '@anthropic-ai/sdk'
import type { Scenario } from '@agentel/testing/contract'
import { CHAT, clientWith, readAll, say, sayStreamed } from './requests.ts'
import type { Sdk } from './suite.ts'

/** A failure by our word for it, and by the client's own where it makes the span. */
function failing(error: string, native: string): Pick<Scenario, 'spans' | 'spansIn'> {
  return { spans: [{ ...CHAT, error }], spansIn: { 1: [{ ...CHAT, error: native }] } }
}

/** Calls that fail. */
export const errorScenarios: readonly Scenario<Anthropic, Sdk>[] = [
  {
    name: 'a call that is refused with 400',
    core: true,
    ...failing('400', 'invalid_request_error'),
    run: async ({ client, settle }) =>
      void (await settle('create', client.messages.create(say('fault invalid_request')))),
  },
  {
    name: 'a refused call with its response',
    ...failing('400', 'invalid_request_error'),
    run: async ({ client, settle }) =>
      void (await settle('create', client.messages.create(say('fault invalid_request')).withResponse())),
  },
  {
    name: 'a refused stream',
    ...failing('529', 'overloaded_error'),
    run: async ({ client, settle }) =>
      void (await settle('create', client.messages.create(sayStreamed('fault overloaded')))),
  },
  {
    name: 'a refused stream() helper',
    ...failing('529', 'overloaded_error'),
    run: async ({ client, settle }) =>
      void (await settle('final', client.messages.stream(say('fault overloaded')).finalMessage())),
  },
  {
    name: 'a rate limit that retrying gets over',
    spans: [CHAT],
    run: async ({ client, settle }) =>
      void (await settle('create', clientWith(client, { maxRetries: 2 }).messages.create(say('limit once')))),
  },
  {
    name: 'a rate limit that stays',
    ...failing('429', 'rate_limit_error'),
    run: async ({ client, settle }) => void (await settle('create', client.messages.create(say('fault rate_limit')))),
  },
  {
    name: 'a connection that breaks before the answer',
    ...failing('APIConnectionError', 'connection_error'),
    run: async ({ client, settle }) => void (await settle('create', client.messages.create(say('silence drop')))),
  },
  {
    name: 'an error in the middle of a stream',
    core: true,
    ...failing('overloaded_error', 'overloaded_error'),
    run: async ({ client, settle }) => {
      const stream = await client.messages.create(sayStreamed('error after 4'))
      await settle('read', readAll(stream))
    },
  },
  {
    name: 'an answer that is no JSON',
    ...failing('SyntaxError', 'client_error'),
    run: async ({ client, settle }) => void (await settle('create', client.messages.create(say('broken')))),
  },
  {
    name: 'a call aborted while it waits',
    spans: [{ ...CHAT, error: 'cancelled' }],
    // For the client it is no failure.
    spansIn: { 1: [CHAT] },
    run: async ({ client, settle }) => {
      const controller = new AbortController()
      const promise = client.messages.create(say('silence hang'), { signal: controller.signal })
      setTimeout(() => controller.abort(), 20)
      await settle('create', promise)
    },
  },
  {
    name: 'a call that takes too long',
    ...failing('timeout', 'client_timeout_error'),
    run: async ({ client, settle }) =>
      void (await settle('create', client.messages.create(say('silence hang'), { timeout: 50 }))),
  },
  {
    name: 'a failing call that nobody awaits',
    ...failing('400', 'invalid_request_error'),
    run: async ({ client, unhandled }) => {
      void client.messages.create(say('fault invalid_request'))
      await unhandled()
    },
  },
]
