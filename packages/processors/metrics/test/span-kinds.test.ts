import { SpanKind } from '@opentelemetry/api'
import { afterEach, expect, it } from 'vitest'
import { CHAT, type MetricsSetUp, setUp, span } from './spans.ts'

let test: MetricsSetUp | undefined
afterEach(() => test?.telemetry.shutdown())

const AGENT = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' }
const TOOL = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' }

it('keeps what a metric has on demand alone, such as the address of a resource, off its points', async () => {
  test = setUp()
  const read = { 'mcp.method.name': 'resources/read' }
  span('resources/read', { ...read, 'mcp.resource.uri': 'file:///home/ann/secret' }, { kind: SpanKind.CLIENT })
  expect(await test.points('mcp.client.operation.duration')).toEqual([
    { attributes: read, value: { count: 1, sum: 1 } },
  ])
})

it('takes the span of a tool that runs over MCP for the tool, and the plan of a remote agent for a client operation', async () => {
  test = setUp()
  span('execute_tool search', { ...TOOL, 'mcp.method.name': 'tools/call' }, { seconds: 2 })
  for (const kind of [SpanKind.INTERNAL, SpanKind.CLIENT]) {
    span('plan', { 'gen_ai.operation.name': 'plan' }, { kind, seconds: kind === SpanKind.CLIENT ? 4 : 3 })
  }
  span('retrieval docs', { 'gen_ai.operation.name': 'retrieval' }, { seconds: 5 })
  expect(await test.points('gen_ai.execute_tool.duration')).toEqual([
    { attributes: { 'gen_ai.tool.name': 'search' }, value: { count: 1, sum: 2 } },
  ])
  expect(await test.points('gen_ai.client.operation.duration')).toEqual([
    { attributes: { 'gen_ai.operation.name': 'plan' }, value: { count: 1, sum: 4 } },
    { attributes: { 'gen_ai.operation.name': 'retrieval' }, value: { count: 1, sum: 5 } },
  ])
})

it('does not count the tool that a server in the same process runs for an agent as the call of the agent', async () => {
  test = setUp()
  span('invoke_agent planner', AGENT, {}, (agent) => {
    span('POST', { 'http.request.method': 'POST' }, { parent: agent }, (request) => {
      span(
        'tools/call search',
        { ...TOOL, 'mcp.method.name': 'tools/call' },
        { parent: request, kind: SpanKind.SERVER },
      )
    })
  })
  expect(await test.points('gen_ai.invoke_agent.tool_calls')).toEqual([
    { attributes: { 'gen_ai.agent.name': 'planner' }, value: { count: 1, sum: 0 } },
  ])
})

it('takes what names a receiver or a type for a message', async () => {
  test = setUp()
  const [named, typed] = [{ 'agentel.message.target.name': 'critic' }, { 'agentel.message.type': 'ask' }]
  for (const attributes of [named, typed]) span('send', attributes, { kind: SpanKind.PRODUCER })
  expect(await test.points('agentel.messages')).toEqual([
    { attributes: named, value: 1 },
    { attributes: typed, value: 1 },
  ])
})

it('tells duration and size of a trace also where what is around the operation of an agent is none', async () => {
  test = setUp()
  span('POST /ask', { 'http.route': '/ask' }, { seconds: 4 }, (request) => {
    span('chat', CHAT, { parent: request })
    span('http', { 'http.request.method': 'GET' }, { parent: request })
  })
  expect(await test.points('agentel.trace.duration')).toEqual([{ attributes: {}, value: { count: 1, sum: 4 } }])
  expect(await test.points('agentel.trace.spans')).toEqual([{ attributes: {}, value: { count: 1, sum: 3 } }])
})
