import type OpenAI from 'openai'
import type { Scenario } from '@agentel/testing/contract'
import { CHAT } from './requests.ts'
import type { Sdk } from './suite.ts'

const FETCH = { name: 'fetch_response' }
const request = { model: 'gpt-4o', input: 'count' }
const format = {
  type: 'json_schema',
  name: 'city',
  strict: true,
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
} as const

async function readAll(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const events: unknown[] = []
  for await (const event of stream) events.push(event)
  return events
}

/** The Responses API. */
export const responsesScenarios: readonly Scenario<OpenAI, Sdk>[] = [
  {
    name: 'a response',
    core: true,
    spans: [CHAT],
    run: async ({ client, settle }) => void (await settle('create', client.responses.create(request))),
  },
  {
    name: 'a response with its HTTP response',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const { data, response } = await client.responses.create(request).withResponse()
      see('text', data.output_text)
      see('status', response.status)
    },
  },
  {
    name: 'a streamed response',
    shows: ['streaming'],
    core: true,
    spans: [CHAT],
    run: async ({ client, see }) => {
      const stream = await client.responses.create({ ...request, stream: true })
      see('stream', stream)
      see('events', await readAll(stream))
    },
  },
  {
    name: 'a streamed response that is left early',
    spans: [CHAT],
    run: async ({ client, see }) => {
      for await (const event of await client.responses.create({ ...request, stream: true })) {
        see('event', event.type)
        if (event.type === 'response.output_text.delta') break
      }
    },
  },
  {
    name: 'the stream() helper of responses',
    core: true,
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const helper = client.responses.stream(request)
      helper.on('response.output_text.delta', (event) => see('delta', event.delta))
      await settle('final', helper.finalResponse())
    },
  },
  {
    name: 'parse() of responses',
    core: true,
    spans: [CHAT],
    run: async ({ client, settle }) =>
      void (await settle('parse', client.responses.parse({ ...request, input: 'city', text: { format } }))),
  },
  {
    name: 'a response with a tool call',
    shows: ['tools'],
    spans: [CHAT],
    run: async ({ client, settle }) => {
      const tools = [{ type: 'function' as const, name: 'weather', strict: false, parameters: { type: 'object' } }]
      await settle('create', client.responses.create({ ...request, input: 'call weather', tools }))
    },
  },
  {
    name: 'a response fetched again',
    spans: [CHAT, FETCH],
    run: async ({ client, settle }) => {
      const made = await client.responses.create(request)
      await settle('retrieve', client.responses.retrieve(made.id))
    },
  },
  {
    name: 'a response fetched again as a stream',
    spans: [CHAT, FETCH],
    run: async ({ client, see }) => {
      const made = await client.responses.create({ ...request, background: true })
      see('events', await readAll(await client.responses.retrieve(made.id, { stream: true })))
    },
  },
  {
    name: 'a response that does not exist',
    spans: [{ ...FETCH, error: '404' }],
    run: async ({ client, settle }) => void (await settle('retrieve', client.responses.retrieve('resp_none'))),
  },
  {
    name: 'a refused response',
    spans: [{ ...CHAT, error: '400' }],
    run: async ({ client, settle }) =>
      void (await settle('create', client.responses.create({ ...request, input: 'fault invalid_request' }))),
  },
  {
    name: 'a failing response that nobody awaits',
    spans: [{ ...CHAT, error: '400' }],
    run: async ({ client, unhandled }) => {
      void client.responses.create({ ...request, input: 'fault invalid_request' })
      await unhandled()
    },
  },
  {
    name: 'refused embeddings',
    spans: [{ name: 'embeddings text-embedding-3-small', error: '400' }],
    run: async ({ client, settle }) =>
      void (await settle(
        'create',
        client.embeddings.create({ model: 'text-embedding-3-small', input: 'fault invalid_request' }),
      )),
  },
]
