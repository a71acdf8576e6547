import { Document } from '@langchain/core/documents'
import { BaseRetriever } from '@langchain/core/retrievers'
import { RunnableLambda } from '@langchain/core/runnables'
import { Tool } from '@langchain/core/tools'
import { FakeListChatModel, FakeLLM, FakeStreamingLLM } from '@langchain/core/utils/testing'
import { context, trace } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { expect, it } from 'vitest'
import { useLangChain } from './langchain-harness.ts'

const langchain = useLangChain()

/** What the application does, with a span of its own. */
const work = (): void => trace.getTracer('application').startSpan('work').end()

/** The parent's name, by the span's. */
function parents(): (readonly [string, string | undefined])[] {
  const spans = langchain.telemetry.spans()
  return spans.map(({ name, parentSpanContext }) => [
    name,
    spans.find((one) => one.spanContext().spanId === parentSpanContext?.spanId)?.name,
  ])
}

it('a step of a sequence runs inside the sequence’s span', async () => {
  await RunnableLambda.from(() => work())
    .pipe(() => 'done')
    .invoke('', { runName: 'steps' })
  expect(parents()).toEqual([
    ['work', 'invoke_workflow steps'],
    ['invoke_workflow steps', undefined],
  ])
})

it('a retriever works inside its span, which says of what kind the store is', async () => {
  class Shelf extends BaseRetriever {
    override lc_namespace = ['test']
    readonly k = 3
    _vectorstoreType(): string {
      return 'shelf'
    }
    override async _getRelevantDocuments() {
      work()
      return [new Document({ pageContent: 'text', id: 'd1' })]
    }
  }
  await new Shelf().invoke('what?')
  expect(parents()).toEqual([
    ['work', 'retrieval'],
    ['retrieval', undefined],
  ])
  expect(langchain.telemetry.span('retrieval').attributes).toEqual({
    'gen_ai.operation.name': 'retrieval',
    'gen_ai.provider.name': 'shelf',
    'gen_ai.retrieval.top_k': 3,
  })
})

it('a tool works inside its span, also one that starts no run of its own inside', async () => {
  class Clock extends Tool {
    name = 'clock'
    description = 'The time.'
    override async _call(): Promise<string> {
      work()
      return 'noon'
    }
  }
  await new Clock().invoke('Paris')
  expect(parents()).toEqual([
    ['work', 'execute_tool clock'],
    ['execute_tool clock', undefined],
  ])
})

it('a model of texts works inside its span, and its stream is one', async () => {
  class Working extends FakeStreamingLLM {
    override async *_streamResponseChunks(...args: Parameters<FakeStreamingLLM['_streamResponseChunks']>) {
      work()
      yield* super._streamResponseChunks(...args)
    }
  }
  for await (const _text of await new Working({ responses: ['ab'] }).stream('begun'));
  expect(parents()).toEqual([
    ['work', 'text_completion'],
    ['text_completion', undefined],
  ])
  expect(langchain.telemetry.span('text_completion').attributes['gen_ai.request.stream']).toBe(true)
})

it.each([
  ['chat', () => new FakeListChatModel({ responses: ['one'], cache: true })],
  ['text_completion', () => new FakeLLM({ response: 'one', cache: true })],
])('an answer that is kept is one %s, as is the one that was not yet', async (name, model) => {
  const asked = model()
  await asked.invoke('kept in context.test.ts')
  await asked.invoke('kept in context.test.ts')
  expect(parents()).toEqual([
    [name, undefined],
    [name, undefined],
  ])
})

it('of several prompts of a model of texts the one that is not kept is asked, and each is a span', async () => {
  const model = new FakeLLM({ response: 'one', cache: true })
  await model.invoke('kept with another')
  await model.generate(['kept with another', 'not kept'])
  expect(parents()).toEqual([
    ['text_completion', undefined],
    ['text_completion', undefined],
    ['text_completion', undefined],
  ])
})

it('where tracing is suppressed, nothing is recorded', async () => {
  await context.with(suppressTracing(context.active()), () => langchain.model().invoke('hello'))
  expect(langchain.telemetry.spans()).toEqual([])
})

it('runs that never end are let go, the oldest first', async () => {
  const never = RunnableLambda.from(() => new Promise<string>(() => undefined)).pipe((text: string) => text)
  for (let started = 0; started < 5001; started++) void never.invoke('', { runName: 'stuck' })
  await RunnableLambda.from(() => 'done').invoke('')
  const names = new Set(langchain.telemetry.spans().map(({ name }) => name))
  expect(names).toEqual(new Set(['invoke_workflow stuck']))
})
