import { describe, expect, it } from 'vitest'
import { checkConformance } from '../../src/conformance.ts'
import type { CheckedSpan, ConformanceOptions } from '../../src/conformance.ts'

const internal = 0
const client = 2
const chat: CheckedSpan = {
  name: 'chat gpt-4o',
  kind: client,
  status: { code: 0 },
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.request.temperature': 0.5,
    'gen_ai.response.id': 'chatcmpl-1',
    'gen_ai.response.model': 'gpt-4o-2024-08-06',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': 10,
    'gen_ai.usage.output_tokens': 5,
    'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
    'server.address': 'api.openai.com',
    'server.port': 443,
    'agentel.cost.amount': 0.01,
    'agentel.metadata.team': 'blue',
    'app.own': true,
  },
}

function findingsOf(span: CheckedSpan, options?: ConformanceOptions): string[] {
  return checkConformance({ spans: [span] }, options).map(({ rule, message }) => `${rule}: ${message}`)
}
const withAttributes = (attributes: object, base = chat): CheckedSpan => ({
  ...base,
  attributes: Object.fromEntries(
    Object.entries({ ...base.attributes, ...attributes }).filter(([, value]) => value !== undefined),
  ),
})

describe('a span that conforms', () => {
  it('has no findings, in either profile', () => {
    expect(findingsOf(chat)).toEqual([])
    expect(findingsOf(chat, { profile: 'v1_41' })).toEqual([])
  })

  it('may be of another library altogether', () => {
    expect(findingsOf({ name: 'GET', kind: client, status: { code: 1 }, attributes: { 'error.type': '500' } })).toEqual(
      [],
    )
  })

  it('may be one of ours, with the name and the kind of its type', () => {
    const decision = {
      name: 'decide route',
      kind: internal,
      status: { code: 0 },
      attributes: { 'agentel.decision.name': 'route' },
    }
    expect(findingsOf(decision)).toEqual([])
    expect(findingsOf({ ...decision, name: 'choose', kind: client })).toEqual([
      'span_kind: kind is client, not internal',
      'span_name: name is not decide route',
    ])
  })

  it('may carry MCP beside the tool that it executes', () => {
    const attributes = {
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'add',
    }
    expect(findingsOf({ name: 'tools/call add', kind: client, status: { code: 0 }, attributes })).toEqual([])
  })

  it('may give a text as the result of a tool, for which there is no object', () => {
    const tool = {
      name: 'execute_tool add',
      kind: internal,
      status: { code: 0 },
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'add',
        'gen_ai.tool.type': 'function',
        'gen_ai.tool.call.id': 'c1',
        'gen_ai.tool.call.arguments': '{"a":1}',
        'gen_ai.tool.call.result': 'three',
      },
    }
    expect(findingsOf(tool)).toEqual([])
    expect(findingsOf(withAttributes({ 'gen_ai.tool.call.result': '"three"' }, tool))).toEqual([])
    expect(findingsOf(withAttributes({ 'gen_ai.tool.call.result': '[3]' }, tool))).toEqual([
      'content_schema: gen_ai.tool.call.result is not an object',
    ])
  })

  it('may be freely named when it is custom', () => {
    const custom = {
      name: 'render page',
      kind: internal,
      status: { code: 0 },
      attributes: { 'agentel.span.type': 'render' },
    }
    expect(findingsOf(custom)).toEqual([])
  })
})

describe('a violation of a span', () => {
  it.each<[string, CheckedSpan, string[]]>([
    [
      'an unregistered name',
      withAttributes({ 'gen_ai.usage.total': 1 }),
      ['unregistered: attribute gen_ai.usage.total is not in the registry'],
    ],
    [
      'an unregistered name of ours',
      withAttributes({ 'agentel.nonsense': 1 }),
      ['unregistered: attribute agentel.nonsense is not in the registry'],
    ],
    [
      'a deprecated name',
      withAttributes({ 'gen_ai.system': 'openai' }),
      ['deprecated: attribute gen_ai.system is deprecated: use gen_ai.provider.name'],
    ],
    [
      'a wrong type',
      withAttributes({ 'gen_ai.usage.input_tokens': '10' }),
      ['type: attribute gen_ai.usage.input_tokens is no int: "10"'],
    ],
    [
      'a fraction for an int',
      withAttributes({ 'server.port': 443.5 }),
      ['type: attribute server.port is no int: 443.5'],
    ],
    [
      'a text for a list',
      withAttributes({ 'gen_ai.response.finish_reasons': 'stop' }),
      ['type: attribute gen_ai.response.finish_reasons is no string[]: "stop"'],
    ],
    ['a wrong name', { ...chat, name: 'openai.chat' }, ['span_name: name is not chat gpt-4o']],
    ['a wrong kind', { ...chat, kind: 3 }, ['span_kind: kind is producer, not client or internal']],
    [
      'an unknown operation',
      withAttributes({ 'gen_ai.operation.name': 'converse' }),
      ['unknown_operation: operation converse is not a well-known one'],
    ],
    [
      'status OK',
      { ...chat, status: { code: 1 } },
      ['status_ok: status is OK; an instrumentation leaves it unset on success'],
    ],
    [
      'an error without error.type',
      { ...chat, status: { code: 2 } },
      ['error_type_missing: status is ERROR, without error.type'],
    ],
    [
      'an error.type without error',
      withAttributes({ 'error.type': '429' }),
      ['error_type_without_error: error.type is 429, but the status is not ERROR'],
    ],
    [
      'a missing required attribute',
      withAttributes({ 'gen_ai.provider.name': undefined }),
      [
        'required_missing: required attribute gen_ai.provider.name is missing',
        'expected_missing: expected attribute gen_ai.provider.name is missing on a successful span',
      ],
    ],
    [
      'a missing expected attribute',
      withAttributes({ 'gen_ai.response.id': undefined }),
      ['expected_missing: expected attribute gen_ai.response.id is missing on a successful span'],
    ],
    [
      'content that is no JSON',
      withAttributes({ 'gen_ai.output.messages': 'Hi' }),
      ['content_schema: attribute gen_ai.output.messages is a text that is not JSON: "Hi"'],
    ],
    [
      'messages without parts',
      withAttributes({ 'gen_ai.input.messages': '[{"role":"user","content":"hi"}]' }),
      ['content_schema: gen_ai.input.messages[0].parts is not a list'],
    ],
    [
      'a part without its content',
      withAttributes({ 'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }] }),
      ['content_schema: gen_ai.input.messages[0].parts[0].content is missing'],
    ],
    [
      'a data address in a uri',
      withAttributes({
        'gen_ai.input.messages': [
          { role: 'user', parts: [{ type: 'uri', modality: 'image', uri: 'data:image/png;base64,A' }] },
        ],
      }),
      ['content_schema: gen_ai.input.messages[0].parts[0].uri is a data address; that is a blob'],
    ],
    [
      'tool definitions without a name',
      withAttributes({ 'gen_ai.tool.definitions': '[{"type":"function"}]' }),
      ['content_schema: gen_ai.tool.definitions[0].name is missing'],
    ],
  ])('is found: %s', (_, span, findings) => {
    expect(findingsOf(span)).toEqual(findings)
  })

  it('is not that a failed span lacks what only a response has', () => {
    const failed = withAttributes({
      'gen_ai.response.id': undefined,
      'gen_ai.usage.output_tokens': undefined,
      'error.type': '500',
    })
    expect(findingsOf({ ...failed, status: { code: 2 } })).toEqual([])
  })

  it('is not that an inference in this process has no server', () => {
    expect(findingsOf({ ...withAttributes({ 'server.address': undefined }), kind: internal })).toEqual([])
  })

  it('of what is only expected can be left out', () => {
    expect(findingsOf(withAttributes({ 'gen_ai.response.id': undefined }), { expected: false })).toEqual([])
  })

  it('tells tools, agents and embeddings what they are expected to have', () => {
    const of = (attributes: Record<string, unknown>, name: string, kind: number): string[] =>
      findingsOf({ name, kind, status: { code: 0 }, attributes })
    expect(
      of({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'add' }, 'execute_tool add', internal),
    ).toEqual([
      'expected_missing: expected attribute gen_ai.tool.call.id is missing on a successful span',
      'expected_missing: expected attribute gen_ai.tool.type is missing on a successful span',
    ])
    expect(
      of({ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'a' }, 'invoke_agent a', internal),
    ).toEqual([
      'expected_missing: expected attribute gen_ai.response.finish_reasons is missing on a successful span',
      'expected_missing: expected attribute gen_ai.usage.input_tokens is missing on a successful span',
      'expected_missing: expected attribute gen_ai.usage.output_tokens is missing on a successful span',
    ])
    const embeddings = of(
      {
        'gen_ai.operation.name': 'embeddings',
        'gen_ai.provider.name': 'openai',
        'gen_ai.response.model': 'm',
        'gen_ai.usage.input_tokens': 3,
        'server.address': 'h',
      },
      'embeddings',
      client,
    )
    expect(embeddings).toEqual([
      'expected_missing: expected attribute gen_ai.embeddings.dimension.count is missing on a successful span',
      'expected_missing: expected attribute gen_ai.request.encoding_formats is missing on a successful span',
    ])
  })

  it('in profile v1_41 is a name that is newer, and not one that was current then', () => {
    const span = withAttributes({ 'gen_ai.usage.cache_write.input_tokens': 3, 'gen_ai.usage.text.input_tokens': 3 })
    expect(findingsOf(span, { profile: 'v1_41' })).toEqual([
      'not_in_profile: attribute gen_ai.usage.cache_write.input_tokens is not in 1.41',
      'not_in_profile: attribute gen_ai.usage.text.input_tokens is not in 1.41',
    ])
    const older = withAttributes({ 'gen_ai.usage.cache_creation.input_tokens': 3 })
    expect(findingsOf(older, { profile: 'v1_41' })).toEqual([])
    expect(findingsOf(older)).toEqual([
      'deprecated: attribute gen_ai.usage.cache_creation.input_tokens is deprecated: use gen_ai.usage.cache_write.input_tokens',
    ])
  })
})
