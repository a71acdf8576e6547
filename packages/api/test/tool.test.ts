import { SpanKind } from '@opentelemetry/api'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type CallRequest,
  GateError,
  addGate,
  agent,
  configureContent,
  faultCounts,
  handoff,
  markHandoff,
  recordToolDecision,
  startHandoff,
  tool,
  withIdentity,
  wrapTool,
} from '../src/index.ts'
import { eventsOf, useTelemetry } from './telemetry.ts'

const telemetry = useTelemetry()
const seconds = expect.toSatisfy((value: unknown) => typeof value === 'number' && value >= 0 && value < 60)
let removeGate = (): void => undefined
afterEach(() => removeGate())

describe('tool', () => {
  it('is a span and an event, with the length of the result though content is off', async () => {
    await agent('researcher', () =>
      tool({ name: 'search', callId: 'call_1', description: 'Searches', arguments: { q: 'otel' } }, async () => ({
        hits: 2,
      })),
    )
    const span = telemetry.span('execute_tool search')
    expect(span.kind).toBe(SpanKind.INTERNAL)
    expect(span.attributes).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      'gen_ai.tool.type': 'function',
      'gen_ai.tool.call.id': 'call_1',
      'gen_ai.tool.description': 'Searches',
      'gen_ai.agent.name': 'researcher',
    })
    expect(eventsOf(telemetry)).toEqual([
      [
        'agentel.tool.called',
        9,
        {
          'gen_ai.agent.name': 'researcher',
          'gen_ai.tool.name': 'search',
          'gen_ai.tool.call.id': 'call_1',
          'agentel.duration': seconds,
          'agentel.content.length': 10,
        },
      ],
    ])
  })

  it('records arguments and result, cyclic or not, when content is on', async () => {
    configureContent({ capture: 'SPAN_AND_EVENT' })
    const node: Record<string, unknown> = { name: 'a', big: 10n }
    node.self = node
    const search = wrapTool((_query: { q: string }) => node, { name: 'search' })
    expect(search({ q: 'otel' })).toBe(node)
    const { attributes } = telemetry.span('execute_tool search')
    expect(attributes['gen_ai.tool.call.arguments']).toBe('{"q":"otel"}')
    expect(attributes['gen_ai.tool.call.result']).toBe('{"name":"a","big":"10","self":"[circular]"}')
    expect(telemetry.logs()[0]!.attributes).toMatchObject({
      'agentel.content.length': 43,
      'agentel.content.preview': '{"name":"a","big":"10","self":"[circular]"}',
    })
  })

  it('that fails is an error of category tool, in the span and in the event', async () => {
    const search = wrapTool(async () => Promise.reject(new RangeError('no index')), { name: 'search' })
    await expect(search()).rejects.toThrow('no index')
    expect(telemetry.span('execute_tool search').attributes).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      'gen_ai.tool.type': 'function',
      'error.type': 'RangeError',
      'agentel.error.category': 'tool',
    })
    expect(telemetry.logs().find(({ eventName }) => eventName === 'agentel.tool.called')?.attributes).toEqual({
      'gen_ai.tool.name': 'search',
      'agentel.duration': seconds,
      'error.type': 'RangeError',
    })
  })

  it('is stopped by a gate before anything runs', () => {
    const seen: CallRequest[] = []
    removeGate = addGate((request) => {
      seen.push(request)
      throw new GateError('budget', 'the budget is spent')
    })
    let ran = false
    const search = wrapTool(() => (ran = true), { name: 'search' })
    expect(() => withIdentity({ userId: 'u1' }, () => agent('a', search))).toThrow(GateError)
    expect(ran).toBe(false)
    expect(seen).toEqual([{ operation: 'execute_tool', tool: 'search', agent: 'a', context: expect.anything() }])
    expect(telemetry.spans().map(({ name }) => name)).toEqual(['invoke_agent a'])
  })

  it('goes on when a gate fails, and counts the fault', () => {
    removeGate = addGate(() => {
      throw new TypeError('a bug in the gate')
    })
    expect(tool('t', () => 1)).toBe(1)
    expect(faultCounts()).toEqual({ gate: 1 })
  })
})

describe('recordToolDecision', () => {
  it('says what was decided and by whom', () => {
    recordToolDecision({ tool: 'rm', callId: 'c1', outcome: 'deny', approver: 'human' })
    expect(eventsOf(telemetry)).toEqual([
      [
        'agentel.tool.call.decision',
        9,
        {
          'gen_ai.tool.name': 'rm',
          'gen_ai.tool.call.id': 'c1',
          'agentel.tool.call.decision.outcome': 'deny',
          'agentel.approver.type': 'human',
        },
      ],
    ])
  })
})

describe('handoff', () => {
  it('names both agents, and holds the context only when content is on', () => {
    agent('triage', () => handoff({ target: 'refunds', mode: 'pass_control', context: { order: 1 } }, () => undefined))
    const attributes = {
      'gen_ai.agent.name': 'triage',
      'agentel.transfer.source.name': 'triage',
      'agentel.transfer.target.name': 'refunds',
      'agentel.transfer.mode': 'pass_control',
    }
    expect(telemetry.span('transfer refunds').attributes).toEqual(attributes)
    telemetry.reset()
    configureContent({ capture: 'SPAN_ONLY' })
    agent('triage', () => startHandoff({ target: 'refunds', mode: 'pass_control', context: { order: 1 } }).end())
    expect(telemetry.span('transfer refunds').attributes).toEqual({
      ...attributes,
      'agentel.transfer.context': '{"order":1}',
    })
  })

  it('that a tool call does is on its span, and no second one', () => {
    agent('triage', () =>
      tool('to_refunds', (call) => markHandoff(call, { target: 'refunds', mode: 'return_to_caller' })),
    )
    expect(telemetry.span('execute_tool to_refunds').attributes).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'to_refunds',
      'gen_ai.tool.type': 'function',
      'gen_ai.agent.name': 'triage',
      'agentel.transfer.source.name': 'triage',
      'agentel.transfer.target.name': 'refunds',
      'agentel.transfer.mode': 'return_to_caller',
    })
    expect(telemetry.spans()).toHaveLength(2)
  })
})
