import type OpenAI from 'openai'
import type { Scenario, ScenarioContext } from '@agentel/testing/contract'
import { CHAT, CITY, helpersOf, sayStreamed, weatherTool } from './requests.ts'
import { readAll, readSome } from './read-stream.ts'
import type { Sdk } from './suite.ts'

async function throwInto({ client, settle }: ScenarioContext<OpenAI, Sdk>): Promise<void> {
  const iterator = (await client.chat.completions.create(sayStreamed('count')))[Symbol.asyncIterator]()
  await iterator.next()
  await settle('throw', iterator.throw!(new RangeError('enough')))
}

/** Streams of chat completions, read in every way. */
export const streamScenarios: readonly Scenario<OpenAI, Sdk>[] = [
  {
    name: 'a stream',
    shows: ['streaming'],
    core: true,
    spans: [CHAT],
    run: async ({ client, see }) => {
      const stream = await client.chat.completions.create(sayStreamed('count'))
      see('stream', stream)
      see('chunks', await readAll(stream))
      see('aborted', stream.controller.signal.aborted)
    },
  },
  {
    name: 'a stream with its response',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const { data, response } = await client.chat.completions.create(sayStreamed('count')).withResponse()
      see('type', response.headers.get('content-type'))
      see('chunks', (await readAll(data)).length)
    },
  },
  {
    name: 'a stream as raw response',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const response = await client.chat.completions.create(sayStreamed('count')).asResponse()
      see('body used', response.bodyUsed)
      see('body', await response.text())
    },
  },
  {
    name: 'a stream without usage',
    spans: [CHAT],
    run: async ({ client, see }) =>
      see(
        'chunks',
        await readAll(await client.chat.completions.create({ ...sayStreamed('count'), stream_options: null })),
      ),
  },
  {
    name: 'the iterator of a stream',
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const stream = await client.chat.completions.create(sayStreamed('count'))
      const iterator = stream[Symbol.asyncIterator]()
      see('text', Object.prototype.toString.call(iterator))
      see('own keys', Reflect.ownKeys(iterator))
      see('iterates itself', iterator[Symbol.asyncIterator as never] !== undefined)
      see('methods', [typeof iterator.next, typeof iterator.return, typeof iterator.throw])
      const promise = iterator.next()
      see('next is a promise', promise instanceof Promise && promise.constructor === Promise)
      await settle('next', promise)
      await settle('return', iterator.return!('left'))
      await settle('next after return', iterator.next())
    },
  },
  {
    name: 'several next() at once',
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const iterator = (await client.chat.completions.create(sayStreamed('count')))[Symbol.asyncIterator]()
      see('three', await Promise.all([iterator.next(), iterator.next(), iterator.next()]))
      await settle('return', iterator.return!())
    },
  },
  {
    name: 'throw() into the iterator',
    spans: [{ ...CHAT, error: 'RangeError' }],
    majors: [6],
    run: throwInto,
  },
  {
    // The client's own generator stands before the tapped one, and leaves that by return().
    name: 'throw() into the iterator',
    spans: [CHAT],
    majors: [7],
    run: throwInto,
  },
  {
    name: 'a stream that is left early',
    shows: ['streaming'],
    core: true,
    spans: [CHAT],
    run: async ({ client, see }) => {
      const stream = await client.chat.completions.create(sayStreamed('count'))
      see('read', await readSome(stream, 2))
      see('aborted', stream.controller.signal.aborted)
    },
  },
  {
    name: 'an error thrown in the loop over a stream',
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const stream = await client.chat.completions.create(sayStreamed('count'))
      const loop = async (): Promise<void> => {
        for await (const chunk of stream) throw new RangeError(`at ${chunk.object}`)
      }
      await settle('loop', loop())
      see('aborted', stream.controller.signal.aborted)
    },
  },
  {
    name: 'a stream read twice',
    core: true,
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const stream = await client.chat.completions.create(sayStreamed('count'))
      see('first', (await readAll(stream)).length)
      await settle('second', readAll(stream))
    },
  },
  {
    name: 'tee(), both branches read',
    core: true,
    spans: [CHAT],
    run: async ({ client, see }) => {
      const branches = (await client.chat.completions.create(sayStreamed('count'))).tee()
      see('branches', branches)
      see('chunks', await Promise.all(branches.map((branch) => readAll(branch))))
    },
  },
  {
    name: 'tee(), one branch left early',
    spans: [CHAT],
    run: async ({ client, see }) => {
      const [left, right] = (await client.chat.completions.create(sayStreamed('count'))).tee()
      see('left', await readSome(left, 1))
      see('right', (await readAll(right)).length)
    },
  },
  {
    name: 'tee(), both branches left early',
    spans: [CHAT],
    run: async ({ client, see, collectGarbage }) => {
      await (async () => {
        const [left, right] = (await client.chat.completions.create(sayStreamed('count'))).tee()
        see('left', await readSome(left, 1))
        see('right', await readSome(right, 2))
      })()
      await collectGarbage()
    },
  },
  {
    name: 'toReadableStream()',
    core: true,
    spans: [CHAT],
    run: async ({ client, see }) => {
      const readable = (await client.chat.completions.create(sayStreamed('count'))).toReadableStream()
      see('text', await new Response(readable).text())
    },
  },
  {
    name: 'toReadableStream(), cancelled',
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const reader = (await client.chat.completions.create(sayStreamed('count'))).toReadableStream().getReader()
      see('first', ((await reader.read()).value as Uint8Array).byteLength > 0)
      await settle('cancel', reader.cancel())
    },
  },
  {
    name: 'a stream aborted by its controller',
    spans: [{ ...CHAT, error: 'cancelled' }],
    run: async ({ client, see, settle }) => {
      const stream = await client.chat.completions.create(sayStreamed('hang after 3'))
      const loop = async (): Promise<number> => {
        let read = 0
        for await (const _chunk of stream) if (++read === 2) stream.controller.abort()
        return read
      }
      await settle('loop', loop())
      see('aborted', stream.controller.signal.aborted)
    },
  },
  {
    name: 'a stream that nobody reads',
    spans: [CHAT],
    run: async ({ client, see, collectGarbage }) => {
      await (async () => see('class', (await client.chat.completions.create(sayStreamed('count'))).constructor.name))()
      await collectGarbage()
    },
  },
  {
    name: 'a stream whose reader walks away',
    spans: [CHAT],
    run: async ({ client, see, collectGarbage }) => {
      await (async () => {
        const iterator = (await client.chat.completions.create(sayStreamed('count')))[Symbol.asyncIterator]()
        see('first', (await iterator.next()).done)
      })()
      await collectGarbage()
    },
  },
  {
    name: 'the stream() helper',
    shows: ['streaming'],
    core: true,
    spans: [CHAT],
    run: async ({ client, see, settle }) => {
      const helper = helpersOf(client).stream(sayStreamed('count'))
      helper.on('content', (delta) => see('content', delta))
      await settle('final', helper.finalChatCompletion())
    },
  },
  {
    name: 'the stream() helper, read as a stream',
    spans: [CHAT],
    run: async ({ client, see }) => see('chunks', await readAll(helpersOf(client).stream(sayStreamed('count')))),
  },
  {
    name: 'the stream() helper, left early',
    spans: [{ ...CHAT, error: 'cancelled' }],
    run: async ({ client, see, collectGarbage }) => {
      see('read', await readSome(helpersOf(client).stream(sayStreamed('hang after 4')), 2))
      await collectGarbage()
    },
  },
  {
    name: 'the stream() helper with a wanted format',
    spans: [CHAT],
    run: async ({ client, settle }) => {
      const helper = helpersOf(client).stream({ ...sayStreamed('city'), response_format: CITY })
      await settle('final', helper.finalChatCompletion())
    },
  },
  {
    name: 'runTools(), streamed',
    shows: ['streaming', 'tools'],
    spans: [CHAT, CHAT],
    run: async ({ client, settle }) => {
      const runner = helpersOf(client).runTools({ ...sayStreamed('call weather'), tools: [weatherTool()] })
      await settle('final content', runner.finalContent())
    },
  },
]
