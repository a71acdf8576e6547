import { trace } from '@opentelemetry/api'
import type { Scenario } from '@agentel/testing/contract'
import { CHAT, WEATHER } from './expected-spans.ts'
import { type Client, MODEL, type Sdk, weatherTool } from './sdk.ts'

const CALL = { type: 'tool_call', id: 'call_1', name: 'weather', args: { city: 'Paris' } } as const

/** Sequences, tools and retrievers. */
export const chainScenarios: readonly Scenario<Client, Sdk>[] = [
  {
    name: 'a sequence of a prompt and a model',
    core: true,
    spans: [{ ...CHAT, parent: 'invoke_workflow' }, { name: 'invoke_workflow' }],
    run: async ({ client, sdk, settle }) => {
      const prompt = sdk.m2.ChatPromptTemplate.fromTemplate('{word}')
      await settle('invoke', prompt.pipe(client.model).invoke({ word: 'hello' }))
    },
  },
  {
    name: 'a sequence with a name, streamed',
    spans: [{ ...CHAT, parent: 'invoke_workflow answer' }, { name: 'invoke_workflow answer' }],
    run: async ({ client, sdk, see }) => {
      const prompt = sdk.m2.ChatPromptTemplate.fromTemplate('{word}')
      const stream = await prompt.pipe(client.model).stream({ word: 'hello' }, { runName: 'answer' })
      for await (const chunk of stream) see('chunk', chunk.content)
    },
  },
  {
    name: 'steps of the application’s own, with spans of its own',
    shows: ['propagation'],
    spans: [
      { ...CHAT, parent: 'inside' },
      { name: 'inside', parent: 'invoke_workflow steps' },
      { name: 'invoke_workflow steps', parent: 'outside' },
      { name: 'outside' },
    ],
    run: async ({ client, sdk, settle }) => {
      const tracer = trace.getTracer('application')
      const first = sdk.m3.RunnableLambda.from((text: string) => text.trim())
      const second = sdk.m3.RunnableLambda.from((text: string) =>
        tracer.startActiveSpan('inside', async (span) => {
          const answer = await client.model.invoke(text)
          span.end()
          return answer.content
        }),
      )
      await tracer.startActiveSpan('outside', async (span) => {
        await settle('invoke', first.pipe(second).invoke(' hello ', { runName: 'steps' }))
        span.end()
      })
    },
  },
  {
    name: 'a model that another one stands in for',
    spans: [{ name: `chat ${MODEL}`, error: '400' }, CHAT],
    run: async ({ client, settle }) => {
      const broken = client.modelWith({ fetch: () => Promise.resolve(new Response('{}', { status: 400 })) })
      await settle('invoke', broken.withFallbacks([client.model]).invoke('hello'))
    },
  },
  {
    name: 'a tool, with a model call inside',
    core: true,
    shows: ['tools', 'propagation'],
    spans: [{ ...CHAT, parent: 'execute_tool weather' }, WEATHER],
    run: async ({ client, sdk, settle }) => {
      const tool = weatherTool(sdk, async ({ city }) => (await client.model.invoke(city)).content)
      await settle('invoke', tool.invoke(CALL))
    },
  },
  {
    name: 'two tools at the same time, one of which throws',
    spans: [{ ...WEATHER, error: 'Error' }, WEATHER],
    run: async ({ sdk, settle }) => {
      let calls = 0
      const tool = weatherTool(sdk, async () => {
        if (++calls === 1) throw new Error('no weather')
        await new Promise((resolve) => setTimeout(resolve, 5))
        return 'sunny'
      })
      await Promise.all([settle('first', tool.invoke(CALL)), settle('second', tool.invoke(CALL))])
    },
  },
  {
    name: 'a tool of a class',
    spans: [{ name: 'execute_tool clock', attributes: { 'gen_ai.tool.name': 'clock' } }],
    run: async ({ sdk, settle, see }) => {
      class Clock extends sdk.m4.Tool {
        name = 'clock'
        description = 'The time.'
        _call(input: string) {
          return Promise.resolve(`${input}: noon`)
        }
      }
      const clock = new Clock()
      await settle('invoke', clock.invoke('Paris'))
      see('clock', clock)
    },
  },
  {
    name: 'a retriever',
    core: true,
    spans: [{ name: 'retrieval', attributes: { 'gen_ai.operation.name': 'retrieval' } }],
    run: async ({ sdk, settle }) => {
      const retriever = new sdk.m6.FakeRetriever()
      await settle('invoke', retriever.invoke('what'))
    },
  },
  {
    name: 'a retriever that fails',
    spans: [{ name: 'retrieval', error: 'TypeError' }],
    run: async ({ sdk, settle }) => {
      class Broken extends sdk.m5.BaseRetriever {
        lc_namespace = ['test']
        override _getRelevantDocuments(): never {
          throw new TypeError('no index')
        }
      }
      await settle('invoke', new Broken().invoke('what'))
    },
  },
]
