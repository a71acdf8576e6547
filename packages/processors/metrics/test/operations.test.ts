import { SpanKind, trace } from '@opentelemetry/api'
import { afterEach, expect, it } from 'vitest'
import { CHAT, type MetricsSetUp, setUp, span, START } from './spans.ts'

let test: MetricsSetUp | undefined
afterEach(() => test?.telemetry.shutdown())

const AGENT = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' }
const TOOL = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search', 'gen_ai.tool.type': 'function' }

it('counts the inferences and tools that an agent called itself, failed ones included, but not those of its sub-agents', async () => {
  test = setUp()
  span('invoke_agent planner', AGENT, { seconds: 5 }, (agent) => {
    span('chat', CHAT, { parent: agent, kind: SpanKind.CLIENT })
    span('chat', { ...CHAT, 'error.type': '500' }, { parent: agent, kind: SpanKind.CLIENT })
    span('http', { 'http.request.method': 'GET' }, { parent: agent }, (http) => span('chat', CHAT, { parent: http }))
    span('execute_tool search', TOOL, { parent: agent }, (tool) => {
      span(
        'tools/call search',
        { 'gen_ai.operation.name': 'execute_tool', 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'search' },
        { parent: tool, kind: SpanKind.CLIENT },
      )
      span('invoke_agent helper', { ...AGENT, 'gen_ai.agent.name': 'helper' }, { parent: tool }, (helper) => {
        span('chat', CHAT, { parent: helper })
      })
    })
  })
  const planner = { 'gen_ai.agent.name': 'planner' }
  const helper = { 'gen_ai.agent.name': 'helper' }
  expect(await test.points('gen_ai.invoke_agent.inference_calls')).toEqual([
    { attributes: helper, value: { count: 1, sum: 1 } },
    { attributes: planner, value: { count: 1, sum: 3 } },
  ])
  expect(await test.points('gen_ai.invoke_agent.tool_calls')).toEqual([
    { attributes: helper, value: { count: 1, sum: 0 } },
    { attributes: planner, value: { count: 1, sum: 1 } },
  ])
  expect(await test.points('gen_ai.invoke_agent.duration')).toEqual([
    { attributes: helper, value: { count: 1, sum: 1 } },
    { attributes: planner, value: { count: 1, sum: 5 } },
  ])
  expect(await test.points('gen_ai.execute_tool.duration')).toEqual([
    { attributes: { 'gen_ai.tool.name': 'search', 'gen_ai.tool.type': 'function' }, value: { count: 1, sum: 1 } },
  ])
  expect(await test.points('mcp.client.operation.duration')).toEqual([
    {
      attributes: {
        'mcp.method.name': 'tools/call',
        'gen_ai.tool.name': 'search',
        'gen_ai.operation.name': 'execute_tool',
      },
      value: { count: 1, sum: 1 },
    },
  ])
})

it('tells a remote agent as a client operation, a workflow and the server side of MCP each as its own', async () => {
  test = setUp()
  span('invoke_agent remote', { ...AGENT, 'gen_ai.provider.name': 'openai' }, { kind: SpanKind.CLIENT })
  span('invoke_workflow desk', {
    'gen_ai.operation.name': 'invoke_workflow',
    'gen_ai.workflow.name': 'desk',
    'error.type': 'timeout',
  })
  span('tools/list', { 'mcp.method.name': 'tools/list' }, { kind: SpanKind.SERVER })
  expect(await test.points('gen_ai.client.operation.duration')).toEqual([
    {
      attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.provider.name': 'openai' },
      value: { count: 1, sum: 1 },
    },
  ])
  expect(await test.points('gen_ai.invoke_workflow.duration')).toEqual([
    { attributes: { 'gen_ai.workflow.name': 'desk', 'error.type': 'timeout' }, value: { count: 1, sum: 1 } },
  ])
  expect(await test.points('mcp.server.operation.duration')).toEqual([
    { attributes: { 'mcp.method.name': 'tools/list' }, value: { count: 1, sum: 1 } },
  ])
  expect((await test.names()).filter((name) => name.startsWith('gen_ai.invoke_agent.'))).toEqual([])
})

it('shows the operations that are under way, and none once they have ended', async () => {
  test = setUp()
  let during: unknown
  span('invoke_agent planner', AGENT, {}, () => (during = test?.points('agentel.operation.active')))
  expect(await during).toEqual([{ attributes: AGENT, value: 1 }])
  expect(await test.points('agentel.operation.active')).toEqual([{ attributes: AGENT, value: 0 }])
})

it('tells tasks, decisions, transfers, messages, guardrails, workers and events by their own metrics', async () => {
  test = setUp()
  span(
    'task plan',
    { 'agentel.task.name': 'plan', 'gen_ai.agent.name': 'planner', 'error.type': 'timeout' },
    { seconds: 2 },
  )
  span('decide route', {
    'agentel.decision.name': 'route',
    'agentel.decision.confidence': 0.5,
    'agentel.decision.option_count': 3,
  })
  span('transfer writer', { 'agentel.transfer.source.name': 'planner', 'agentel.transfer.target.name': 'writer' })
  const message = {
    'agentel.message.type': 'ask',
    'agentel.message.source.name': 'planner',
    'agentel.message.target.name': 'critic',
  }
  span('send critic', { ...message, 'agentel.message.body.size': 120 }, { kind: SpanKind.PRODUCER })
  for (const kind of [SpanKind.CONSUMER, SpanKind.SERVER])
    span('process planner', { ...message, 'agentel.message.body.size': 120 }, { kind })
  span('apply_guardrail pii', {
    'agentel.guardrail.name': 'pii',
    'agentel.guardrail.result.type': 'block',
    'agentel.guardrail.triggered': true,
  })
  span('execute indexer', { 'agentel.worker.name': 'indexer' }, { seconds: 3 })
  span(
    'process order',
    { 'agentel.event.type': 'order', 'agentel.event.stage': 'received' },
    { kind: SpanKind.CONSUMER },
  )

  const one = (attributes: Record<string, unknown>, sum?: number) => [
    { attributes, value: sum === undefined ? 1 : { count: 1, sum } },
  ]
  expect(await test.points('agentel.task.duration')).toEqual(
    one({ 'agentel.task.name': 'plan', 'gen_ai.agent.name': 'planner', 'error.type': 'timeout' }, 2),
  )
  expect(await test.points('agentel.decision.duration')).toEqual(one({ 'agentel.decision.name': 'route' }, 1))
  expect(await test.points('agentel.decision.confidence')).toEqual(one({ 'agentel.decision.name': 'route' }, 0.5))
  expect(await test.points('agentel.decision.option_count')).toEqual(one({ 'agentel.decision.name': 'route' }, 3))
  expect(await test.points('agentel.transfers')).toEqual(
    one({ 'agentel.transfer.source.name': 'planner', 'agentel.transfer.target.name': 'writer' }),
  )
  expect(await test.points('agentel.messages')).toEqual(one(message))
  expect(await test.points('agentel.message.body.size')).toEqual(one(message, 120))
  expect(await test.points('agentel.guardrail.results')).toEqual(
    one({
      'agentel.guardrail.name': 'pii',
      'agentel.guardrail.result.type': 'block',
      'agentel.guardrail.triggered': true,
    }),
  )
  expect(await test.points('agentel.worker.execution.duration')).toEqual(one({ 'agentel.worker.name': 'indexer' }, 3))
  expect(await test.points('agentel.events')).toEqual(
    one({ 'agentel.event.type': 'order', 'agentel.event.stage': 'received' }),
  )
  expect(await test.points('agentel.event.duration')).toEqual(
    one({ 'agentel.event.type': 'order', 'agentel.event.stage': 'received' }, 1),
  )
})

it('counts errors by category, and finds the category on spans of others', async () => {
  test = setUp()
  span('task plan', { 'agentel.task.name': 'plan', 'error.type': 'ZodError', 'agentel.error.category': 'validation' })
  span('chat', { ...CHAT, 'error.type': '429' }, { kind: SpanKind.CLIENT })
  span('chat', { ...CHAT, 'error.type': '500' }, { kind: SpanKind.CLIENT })
  span('chat', { ...CHAT, 'error.type': 'timeout' }, { kind: SpanKind.CLIENT })
  span('invoke_agent planner', { ...AGENT, 'error.type': 'Error' })
  span('execute_tool search', { ...TOOL, 'error.type': 'Error' })
  span('http', { 'error.type': '500', 'agentel.tenant.id': 't1' })
  const chat = { 'gen_ai.operation.name': 'chat' }
  expect(await test.points('agentel.errors')).toEqual([
    { attributes: { 'agentel.error.category': 'validation', 'error.type': 'ZodError' }, value: 1 },
    { attributes: { 'agentel.error.category': 'rate_limit', ...chat, 'error.type': '429' }, value: 1 },
    { attributes: { 'agentel.error.category': 'api', ...chat, 'error.type': '500' }, value: 1 },
    { attributes: { 'agentel.error.category': 'timeout', ...chat, 'error.type': 'timeout' }, value: 1 },
    {
      attributes: { 'agentel.error.category': 'other', ...AGENT, 'error.type': 'Error' },
      value: 1,
    },
    {
      attributes: { 'agentel.error.category': 'tool', 'gen_ai.operation.name': 'execute_tool', 'error.type': 'Error' },
      value: 1,
    },
  ])
})

it('counts all retries that a model call holds, and one for each other span of an attempt', async () => {
  test = setUp()
  span('chat', { ...CHAT, 'agentel.retry.attempt': 2, 'agentel.error.category': 'rate_limit' })
  span('task plan', { 'agentel.task.name': 'plan', 'agentel.retry.attempt': 2 })
  expect(await test.points('agentel.retries')).toEqual([
    { attributes: { 'agentel.error.category': 'rate_limit', 'gen_ai.operation.name': 'chat' }, value: 2 },
    { attributes: { 'agentel.error.category': 'other' }, value: 1 },
  ])
  expect(await test.names()).not.toContain('agentel.errors')
})

it('tells duration and size of a trace that has an operation of an agent in it, and of no other', async () => {
  test = setUp()
  span('GET /health', { 'http.route': '/health' })
  span('invoke_agent planner', AGENT, { seconds: 4 }, (agent) => {
    span('chat', CHAT, { parent: agent })
    span('http', { 'http.request.method': 'GET' }, { parent: agent })
  })
  expect(await test.points('agentel.trace.duration')).toEqual([{ attributes: AGENT, value: { count: 1, sum: 4 } }])
  expect(await test.points('agentel.trace.spans')).toEqual([{ attributes: AGENT, value: { count: 1, sum: 3 } }])
})

it('ends a session when it is told to or when it was idle, with its duration, queries and cost', async () => {
  test = setUp({})
  for (const seconds of [10, 20]) {
    span('invoke_agent planner', { ...AGENT, 'session.id': 's1' }, { seconds }, (agent) => {
      span('chat', { ...CHAT, 'session.id': 's1', 'agentel.cost.amount': 0.25 }, { parent: agent })
    })
  }
  span('invoke_agent planner', { ...AGENT, 'session.id': 's2' })
  expect(await test.points('agentel.session.active')).toEqual([{ attributes: {}, value: 2 }])
  expect(test.metrics.endSession('s1')).toBe(true)
  expect(test.metrics.endSession('s1')).toBe(false)
  expect(await test.points('agentel.session.active')).toEqual([{ attributes: {}, value: 1 }])
  expect(await test.points('agentel.session.duration')).toEqual([{ attributes: {}, value: { count: 1, sum: 20 } }])
  expect(await test.points('agentel.session.queries')).toEqual([{ attributes: {}, value: { count: 1, sum: 2 } }])
  expect(await test.points('agentel.session.cost')).toEqual([{ attributes: {}, value: { count: 1, sum: 0.5 } }])
})

it('counts from the first start to the last end, though what is inside ends before what is around it', async () => {
  test = setUp()
  span('invoke_agent planner', { ...AGENT, 'session.id': 's1' }, { seconds: 20 }, (agent) => {
    const chat = trace
      .getTracer('test')
      .startSpan('chat', { attributes: { ...CHAT, 'session.id': 's1' }, startTime: START + 12_000 }, agent)
    chat.end(START + 15_000)
  })
  test.metrics.endSession('s1')
  expect(await test.points('agentel.session.duration')).toEqual([{ attributes: {}, value: { count: 1, sum: 20 } }])
})

it('counts as a query what an agent does first, be it below the request of a server or not', async () => {
  test = setUp()
  for (const route of ['/ask', '/ask-again']) {
    span('POST', { 'http.route': route, 'session.id': 's1' }, {}, (request) => {
      span('invoke_agent planner', { ...AGENT, 'session.id': 's1' }, { parent: request }, (agent) => {
        span('GET', { 'http.request.method': 'GET' }, { parent: agent }, (fetch) => {
          span('chat', { ...CHAT, 'session.id': 's1' }, { parent: fetch })
        })
      })
    })
  }
  test.metrics.endSession('s1')
  expect(await test.points('agentel.session.queries')).toEqual([{ attributes: {}, value: { count: 1, sum: 2 } }])
})

it('takes no amount for a cost that cannot be one, and says that such a call has no price', async () => {
  test = setUp()
  for (const amount of [0.25, Number.NaN, Number.POSITIVE_INFINITY, -1]) {
    span('chat', { ...CHAT, 'session.id': 's1', 'agentel.cost.amount': amount })
  }
  test.metrics.endSession('s1')
  expect(await test.points('agentel.session.cost')).toEqual([{ attributes: {}, value: { count: 1, sum: 0.25 } }])
  expect((await test.points('agentel.client.inference.operation.cost')).map(({ value }) => value)).toEqual([
    { count: 1, sum: 0.25 },
  ])
  expect((await test.points('agentel.client.inference.unpriced')).map(({ value }) => value)).toEqual([3])
})

it('never counts the sum on an agent as the cost of a session', async () => {
  test = setUp()
  span('invoke_agent planner', { ...AGENT, 'session.id': 's1', 'agentel.cost.sum': 5, 'agentel.cost.amount': 5 })
  test.metrics.endSession('s1')
  expect(await test.points('agentel.session.cost')).toEqual([{ attributes: {}, value: { count: 1, sum: 0 } }])
})

it('begins a session anew that goes on after its end', async () => {
  test = setUp()
  for (const amount of [0.25, 0.5]) {
    span('chat', { ...CHAT, 'session.id': 's1', 'agentel.cost.amount': amount })
    test.metrics.endSession('s1')
  }
  expect(await test.points('agentel.session.cost')).toEqual([{ attributes: {}, value: { count: 2, sum: 0.75 } }])
  expect(await test.points('agentel.session.active')).toEqual([{ attributes: {}, value: 0 }])
})

it('tells sessions apart by ids of any length', async () => {
  test = setUp()
  const long = 'x'.repeat(100_000)
  for (const id of [`${long}1`, `${long}2`]) span('chat', { ...CHAT, 'session.id': id })
  expect(await test.points('agentel.session.active')).toEqual([{ attributes: {}, value: 2 }])
  expect(test.metrics.endSession(`${long}1`)).toBe(true)
  expect(test.metrics.endSession(`${long}1`)).toBe(false)
  expect(await test.points('agentel.session.active')).toEqual([{ attributes: {}, value: 1 }])
})

it('ends the session that was idle longest when there are too many, and all at shutdown', async () => {
  test = setUp({ maxSessions: 2 })
  for (const id of ['a', 'b', 'c']) span('invoke_agent planner', { ...AGENT, 'session.id': id })
  expect(test.metrics.endSession('a')).toBe(false)
  expect(await test.points('agentel.session.active')).toEqual([{ attributes: {}, value: 2 }])
  await test.metrics.shutdown?.()
  expect(await test.points('agentel.session.active')).toEqual([{ attributes: {}, value: 0 }])
})

it('ends idle sessions when metrics are collected', async () => {
  test = setUp({ sessionIdleTimeout: 0 })
  span('invoke_agent planner', { ...AGENT, 'session.id': 'old' })
  expect(await test.points('agentel.session.active')).toEqual([{ attributes: {}, value: 0 }])
})
