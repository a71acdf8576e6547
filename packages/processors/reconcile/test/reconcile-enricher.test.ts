import { context, SpanStatusCode, trace } from '@opentelemetry/api'
import { withInnerSpanReceiver } from '@agentel/api'
import type { Attributes, Span } from '@opentelemetry/api'
import { enricherProcessor } from '@agentel/processor-kit'
import { type TestTelemetry, createTestTelemetry } from '@agentel/testing/telemetry'
import { afterEach, describe, expect, it } from 'vitest'
import { type ReconcileEnricherOptions, reconcileEnricher } from '../src/index.ts'

let telemetry: TestTelemetry | undefined
afterEach(async () => {
  await telemetry?.shutdown()
  telemetry = undefined
})

function start(options?: ReconcileEnricherOptions): void {
  telemetry = createTestTelemetry({ spanProcessors: [enricherProcessor([reconcileEnricher(options)])] })
}
const open = (name: string, scope: string, attributes: Attributes, parent?: Span): Span =>
  trace
    .getTracer(scope)
    .startSpan(name, { attributes }, parent === undefined ? context.active() : trace.setSpan(context.active(), parent))
const attributesOf = (name: string): Attributes => telemetry!.span(name).attributes

const openInference = {
  'openinference.span.kind': 'LLM',
  'llm.model_name': 'gpt-4o',
  'llm.system': 'openai',
  'llm.token_count.prompt': 12,
  'llm.token_count.completion': 3,
  'llm.input_messages.0.message.role': 'user',
  'llm.input_messages.0.message.content': 'Hello',
}
const ours = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.provider.name': 'openai',
  'gen_ai.usage.input_tokens': 12,
  'gen_ai.usage.output_tokens': 3,
}

describe('a span of another convention', () => {
  it('gets our names beside its own, and no second copy of its content', () => {
    start()
    open('llm', 'openinference', openInference).end()
    expect(attributesOf('llm')).toEqual({ ...openInference, ...ours })
  })

  it('gets its content under our names too when asked, as a JSON text', () => {
    start({ content: true })
    open('llm', 'openinference', openInference).end()
    expect(attributesOf('llm')).toEqual({
      ...openInference,
      ...ours,
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]',
    })
  })

  it('keeps the texts of tools and searches where they are', () => {
    start()
    const tool = { 'openinference.span.kind': 'TOOL', 'tool.name': 'search', 'output.value': 'three secret hits' }
    open('search', 'openinference', tool).end()
    expect(attributesOf('search')).toEqual({
      ...tool,
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
    })
  })

  it('is made whole where it was told otherwise: counts without what was cached', () => {
    start()
    const older = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'anthropic',
      'gen_ai.usage.input_tokens': 5,
      'gen_ai.usage.cache_read.input_tokens': 100,
    }
    open('chat', 'x', older).end()
    expect(attributesOf('chat')).toEqual({
      ...older,
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.usage.input_tokens': 105,
    })
  })

  it('gives its messages from span events when content is asked for', () => {
    start({ content: true })
    const span = open('chat', 'x', { 'gen_ai.system': 'openai', 'gen_ai.operation.name': 'chat' })
    span.addEvent('gen_ai.user.message', { content: 'Hi' })
    span.end()
    expect(attributesOf('chat')['gen_ai.input.messages']).toBe(
      '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]',
    )
  })
})

it('leaves spans in our names, and spans without generative AI, exactly as they are', () => {
  start({ content: true })
  open('chat gpt-4o', 'x', ours).end()
  const http = { 'http.request.method': 'GET', 'url.full': 'https://example.com' }
  open('GET', 'http', http).end()
  expect(attributesOf('chat gpt-4o')).toEqual(ours)
  expect(attributesOf('GET')).toEqual(http)
})

describe('a model call that has two spans', () => {
  it('is counted by the inner one: the outer one is no model call any more', () => {
    start()
    const outer = open('ChatOpenAI', 'openinference', openInference)
    open('chat gpt-4o', 'x', ours, outer).end()
    outer.end()
    const { 'gen_ai.operation.name': _, ...facts } = ours
    expect(attributesOf('chat gpt-4o')).toEqual(ours)
    expect(attributesOf('ChatOpenAI')).toEqual({
      ...openInference,
      ...facts,
      'agentel.span.type': 'model_call_wrapper',
    })
  })

  it.each(['@opentelemetry/instrumentation-openai', '@agentel/instrumentation-openai'])(
    'is counted once also when both have our names, of which the inner is %s',
    (inner) => {
      start()
      const outer = open('outer', '@opentelemetry/instrumentation-openai', ours)
      open('inner', inner, ours, outer).end()
      outer.end()
      const { 'gen_ai.operation.name': _, ...facts } = ours
      expect(attributesOf('inner')).toEqual(ours)
      expect(attributesOf('outer')).toEqual({ ...facts, 'agentel.span.type': 'model_call_wrapper' })
    },
  )

  it('is counted by ours around that of another library, which completes it', () => {
    start()
    const known = { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 12 }
    const outer = open('outer', '@agentel/instrumentation-langchain', known)
    const told = { ...ours, 'gen_ai.usage.input_tokens': 99, 'gen_ai.response.id': 'resp_1', 'server.port': 443 }
    const inner = open('inner', '@opentelemetry/instrumentation-openai', told, outer)
    open('again', 'openinference', openInference, inner).end()
    inner.end()
    outer.end()
    expect(attributesOf('outer')).toEqual({
      ...known,
      'gen_ai.usage.output_tokens': 3,
      'gen_ai.response.id': 'resp_1',
      'server.port': 443,
    })
    const { 'gen_ai.operation.name': _, ...facts } = told
    expect(attributesOf('inner')).toEqual({ ...facts, 'agentel.span.type': 'model_call_inside' })
  })

  it('is not what two calls in a row are, nor one that is made after ours has ended', () => {
    start()
    const first = open('first', '@agentel/instrumentation-openai', ours)
    first.end()
    open('second', 'openinference', openInference, first).end()
    expect(attributesOf('first')).toEqual(ours)
    expect(attributesOf('second')['gen_ai.operation.name']).toBe('chat')
  })

  it('is not what an agent with a model call inside is', () => {
    start()
    const agent = open('researcher', 'openinference', { 'openinference.span.kind': 'AGENT' })
    open('chat gpt-4o', 'x', ours, agent).end()
    agent.end()
    expect(attributesOf('researcher')).toEqual({
      'openinference.span.kind': 'AGENT',
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'researcher',
    })
  })
})

describe("a span that Anthropic's client makes itself", () => {
  const scope = 'com.anthropic.sdk.typescript'
  const call = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'claude-haiku-4-5',
    'anthropic.message.stop_reason': 'tool_use',
  }

  it('gets our name and finish reasons, and its success leaves the status unset', () => {
    start()
    const span = open('anthropic.messages.create', scope, call)
    span.setStatus({ code: SpanStatusCode.OK })
    span.end()
    expect(telemetry!.span('chat claude-haiku-4-5').status).toEqual({ code: SpanStatusCode.UNSET })
    expect(attributesOf('chat claude-haiku-4-5')['gen_ai.response.finish_reasons']).toEqual(['tool_call'])
  })

  it('keeps the status of a failure, and its own name where we have none for it', () => {
    start()
    const span = open('anthropic.messages.count_tokens', scope, {})
    span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
    expect(telemetry!.span('anthropic.messages.count_tokens').status).toEqual({ code: SpanStatusCode.ERROR })
  })

  it('is handed to the call that waits for it, once, and to no other scope', () => {
    start()
    const received: unknown[] = []
    const waiting = withInnerSpanReceiver(context.active(), { scope, receive: (span) => received.push(span) })
    const startIn = (name: string): Span => trace.getTracer(name).startSpan('s', {}, waiting)
    startIn('application')
    const first = startIn(scope)
    startIn(scope)
    expect(received).toEqual([first])
  })
})
