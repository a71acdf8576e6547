import type Anthropic from '@anthropic-ai/sdk'
import type { Scenario } from '@agentel/testing/contract'
import { CHAT, readAll, readSome, say, sayStreamed, weatherTool } from './requests.ts'
import type { Sdk } from './suite.ts'

/** Streams, read in every way. */
export const streamScenarios: readonly Scenario<Anthropic, Sdk>[] = [
  {
    name: 'a stream',
    shows: ['streaming'],
    core: true,
    spans: [CHAT],
    run: async ({ client, see }) => {
      const stream = await client.messages.create(sayStreamed('count'))
      see('class', stream.constructor.name)
      see('events', await readAll(stream))
      see('aborted', stream.controller.signal.aborted)
    },
  },
  {
    name: 'a beta stream',
    spans: [CHAT],
    run: async ({ client, see }) =>
      see('events', await readAll(await client.beta.messages.create({ ...say('count'), stream: true }))),
  },
  {
    name: 'a stream with its response',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const { data, response } = await client.messages.create(sayStreamed('count')).withResponse()
      see('type', response.headers.get('content-type'))
      see('events', (await readAll(data)).length)
    },
  },
  {
    name: 'a stream as raw response',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const response = await client.messages.create(sayStreamed('count')).asResponse()
      see('body', await response.text())
    },
  },
  {
    name: 'a stream that is left early',
    shows: ['streaming'],
    core: true,
    spans: [CHAT],
    run: async ({ client, see }) => {
      const stream = await client.messages.create(sayStreamed('count'))
      see('read', await readSome(stream, 4))
      see('aborted', stream.controller.signal.aborted)
    },
  },
  {
    name: 'an error thrown in the loop over a stream',
    spans: [CHAT],
    run: async ({ client, see }) => {
      try {
        for await (const _event of await client.messages.create(sayStreamed('count'))) throw new RangeError('enough')
      } catch (error) {
        see('thrown', error)
      }
    },
  },
  {
    name: 'a stream read twice',
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const stream = await client.messages.create(sayStreamed('count'))
      see('events', (await readAll(stream)).length)
      await settle('again', readAll(stream))
    },
  },
  {
    name: 'tee(), both branches read',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const [left, right] = (await client.messages.create(sayStreamed('count'))).tee()
      see('left', (await readAll(left)).length)
      see('right', (await readAll(right)).length)
    },
  },
  {
    name: 'toReadableStream()',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const readable = (await client.messages.create(sayStreamed('count'))).toReadableStream()
      see('text', await new Response(readable as ReadableStream).text())
    },
  },
  {
    name: 'the stream() helper',
    shows: ['streaming'],
    core: true,
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const stream = client.messages.stream(say('count'))
      stream.on('text', (delta) => see('text', delta))
      await settle('final message', stream.finalMessage())
      await settle('final text', stream.finalText())
    },
  },
  {
    name: 'the beta stream() helper',
    spans: [CHAT],
    run: async ({ client, settle }) =>
      void (await settle('final message', client.beta.messages.stream(say('count')).finalMessage())),
  },
  {
    name: 'the stream() helper, read as a stream',
    spans: [CHAT],
    run: async ({ client, see }) => see('events', (await readAll(client.messages.stream(say('count')))).length),
  },
  {
    name: 'the stream() helper, left early',
    // The helper aborts its request.
    spans: [{ ...CHAT, error: 'cancelled' }],
    // For the client that is no failure.
    spansIn: { 1: [CHAT] },
    run: async ({ client, see }) => see('read', await readSome(client.messages.stream(say('count')), 3)),
  },
  {
    name: 'a streamed tool call',
    shows: ['streaming', 'tools'],
    spans: [{ ...CHAT, attributes: { 'gen_ai.response.finish_reasons': ['tool_call'] } }],
    run: async ({ client, settle }) => {
      const { type, name, input_schema } = weatherTool()
      const stream = client.messages.stream(say('call weather', { tools: [{ type, name, input_schema }] }))
      await settle('final message', stream.finalMessage())
    },
  },
  {
    name: 'a stream that nobody reads',
    spans: [CHAT],
    // A client that makes the span itself never ends it.
    majors: [0],
    run: async ({ client, collectGarbage }) => {
      await client.messages.create(sayStreamed('count'))
      await collectGarbage()
    },
  },
]
