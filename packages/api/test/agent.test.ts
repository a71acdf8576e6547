import { SpanKind } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import {
  agent,
  configureContent,
  generation,
  plan,
  span,
  startAgent,
  task,
  tool,
  worker,
  workflow,
} from '../src/index.ts'
import { useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()

describe('agent', () => {
  it('is named on its span and on what happens inside, and says who called it', async () => {
    await workflow('desk', () =>
      agent(
        { name: 'planner', description: 'Plans', tools: ['search'], capabilities: ['plan'], model: 'm1' },
        async () => {
          plan({}, () => undefined)
          await agent('writer', async () => span({ name: 'render', type: 'render' }, () => undefined))
        },
      ),
    )
    expect(telemetry.spans().map(({ name, kind, attributes }) => [name, kind, attributes])).toEqual([
      ['plan planner', SpanKind.INTERNAL, { 'gen_ai.operation.name': 'plan', 'gen_ai.agent.name': 'planner' }],
      ['render', SpanKind.INTERNAL, { 'agentel.span.type': 'render', 'gen_ai.agent.name': 'writer' }],
      [
        'invoke_agent writer',
        SpanKind.INTERNAL,
        {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.name': 'writer',
          'agentel.caller.type': 'agent',
          'agentel.caller.name': 'planner',
        },
      ],
      [
        'invoke_agent planner',
        SpanKind.INTERNAL,
        {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.name': 'planner',
          'gen_ai.agent.description': 'Plans',
          'gen_ai.request.model': 'm1',
          'agentel.agent.tools': ['search'],
          'agentel.agent.capabilities': ['plan'],
          'agentel.caller.type': 'workflow',
          'agentel.caller.name': 'desk',
        },
      ],
      [
        'invoke_workflow desk',
        SpanKind.INTERNAL,
        { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': 'desk' },
      ],
    ])
  })

  it('that runs elsewhere is a client span', () => {
    const remote = { provider: 'openai', id: 'asst_1', version: '2', address: 'agents.example', port: 443 }
    agent({ name: 'helper', remote }, () => undefined)
    const found = telemetry.span('invoke_agent helper')
    expect(found.kind).toBe(SpanKind.CLIENT)
    expect(found.attributes).toEqual({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': 'openai',
      'gen_ai.agent.name': 'helper',
      'gen_ai.agent.id': 'asst_1',
      'gen_ai.agent.version': '2',
      'server.address': 'agents.example',
      'server.port': 443,
    })
  })

  it('adds up its own model calls, and leaves those of the agents that it calls to them', async () => {
    const ask = (inputTokens: number, outputTokens: number, reason: string): void =>
      generation({ provider: 'p', model: 'm' }, (call) =>
        call.response({ finishReasons: [reason], usage: { inputTokens, outputTokens } }),
      )
    await agent('planner', async () => {
      ask(10, 1, 'tool_call')
      await tool('search', async () => agent('writer', () => ask(1000, 100, 'length')))
      task('inside a task too', () => ask(20, 2, 'stop'))
    })
    agent('idle', () => undefined)
    const usageOf = (name: string): unknown[] =>
      ['gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens', 'gen_ai.response.finish_reasons'].map(
        (key) => telemetry.span(`invoke_agent ${name}`).attributes[key],
      )
    expect(usageOf('planner')).toEqual([30, 3, ['stop']])
    expect(usageOf('writer')).toEqual([1000, 100, ['length']])
    expect(usageOf('idle')).toEqual([undefined, undefined, undefined])
  })

  it('records usage always, and messages only when content is captured', () => {
    const messages = [{ role: 'user', parts: [{ type: 'text', content: 'hello' }] }]
    const run = (name: string): Record<string, unknown> => {
      const handle = startAgent(name)
      handle.input(messages, [{ type: 'text', content: 'be kind' }])
      handle.output(messages)
      handle.usage({ inputTokens: 10, outputTokens: 2 })
      handle.end()
      return telemetry.span(`invoke_agent ${name}`).attributes
    }
    const known = (name: string): Record<string, unknown> => ({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': name,
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 2,
    })
    expect(run('a')).toEqual(known('a'))
    configureContent({ capture: 'SPAN_AND_EVENT' })
    const text = JSON.stringify(messages)
    expect(run('b')).toEqual({
      ...known('b'),
      'gen_ai.input.messages': text,
      'gen_ai.output.messages': text,
      'gen_ai.system_instructions': '[{"type":"text","content":"be kind"}]',
    })
    configureContent({ spanEncoding: 'structured' })
    expect(run('c')['gen_ai.input.messages']).toEqual(messages)
  })
})

describe('worker', () => {
  it('is a span with name and id', () => {
    worker({ name: 'indexer', id: 'indexer-3' }, () => undefined)
    expect(telemetry.span('execute indexer').attributes).toEqual({
      'agentel.worker.name': 'indexer',
      'agentel.worker.id': 'indexer-3',
    })
  })
})

describe('plan', () => {
  it('has no name of its own outside an agent', () => {
    plan({}, () => undefined)
    expect(telemetry.span('plan').attributes).toEqual({ 'gen_ai.operation.name': 'plan' })
    tool('t', () => undefined)
    expect(telemetry.span('execute_tool t').attributes).not.toHaveProperty('gen_ai.agent.name')
  })
})
