import type { Scenario } from '@agentel/testing/contract'
import { BILLED } from './call-scenarios.ts'
import { CHAT, readAll, say } from './requests.ts'
import type { Client, Sdk } from './suite.ts'

/** Streams, read in every way. */
export const streamScenarios: readonly Scenario<Client, Sdk>[] = [
  {
    name: 'a stream',
    core: true,
    shows: ['streaming', 'tokens', 'cost'],
    spans: [{ ...CHAT, attributes: { ...BILLED, 'gen_ai.request.stream': true } }],
    run: async ({ client, sdk, see, settle }) => {
      const result = sdk.m0.streamText(say(client, 'usage 1000 200 400 50'))
      see('class', result.constructor.name)
      see('parts', await readAll(result.fullStream))
      await settle('text', result.text)
      await settle('usage', result.usage)
      await settle('finish reason', result.finishReason)
    },
  },
  {
    name: 'a stream over the responses API',
    shows: ['streaming', 'tokens', 'cost'],
    spans: [{ ...CHAT, attributes: BILLED }],
    run: async ({ client, sdk, see }) => {
      const result = sdk.m0.streamText({ ...say(client, 'usage 1000 200 400 50'), model: client.responses })
      see('text', await readAll(result.textStream))
    },
  },
  {
    name: 'a stream of which only the text is awaited',
    spans: [CHAT],
    run: async ({ client, sdk, settle }) => void (await settle('text', sdk.m0.streamText(say(client, 'count')).text)),
  },
  {
    name: 'a stream sent on as a response',
    spans: [CHAT],
    run: async ({ client, sdk, see }) => {
      const response = sdk.m0.streamText(say(client, 'count')).toTextStreamResponse()
      see('type', response.headers.get('content-type'))
      see('body', await response.text())
    },
  },
  {
    name: 'two readers of one stream',
    spans: [CHAT],
    run: async ({ client, sdk, see }) => {
      const result = sdk.m0.streamText(say(client, 'count'))
      const [texts, parts] = await Promise.all([readAll(result.textStream), readAll(result.fullStream)])
      see('texts', texts)
      see('parts', parts)
    },
  },
  {
    name: 'a stream of an object',
    core: true,
    shows: ['streaming'],
    spans: [{ ...CHAT, attributes: { 'gen_ai.output.type': 'json', 'gen_ai.request.stream': true } }],
    run: async ({ client, sdk, see, settle }) => {
      const schema = sdk.m2.object({ city: sdk.m2.string() })
      const result = sdk.m0.streamObject({ ...say(client, 'city'), schema })
      for await (const part of result.partialObjectStream) see('part', part)
      await settle('object', result.object)
    },
  },
  {
    name: 'a stream that is aborted half-way',
    spans: [{ ...CHAT, error: 'cancelled' }],
    run: async ({ client, sdk, see }) => {
      const controller = new AbortController()
      const { fullStream } = sdk.m0.streamText({ ...say(client, 'slowly 10'), abortSignal: controller.signal })
      let last = ''
      // How much had come by then is a matter of time.
      for await (const { type } of fullStream) {
        last = type
        if (type === 'text-delta') controller.abort()
      }
      see('last part', last)
    },
  },
  {
    name: 'a stream that nobody reads',
    spans: [CHAT],
    run: async ({ client, sdk, collectGarbage }) => {
      sdk.m0.streamText(say(client, 'count'))
      await new Promise((resolve) => setTimeout(resolve, 50))
      await collectGarbage()
    },
  },
]
