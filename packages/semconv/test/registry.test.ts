import { describe, expect, it } from 'vitest'
import * as names from '../src/index.ts'
import {
  attributeDefinitions,
  eventDefinitions,
  findAttribute,
  findEvent,
  findMetric,
  findSpan,
  metricDefinitions,
  spanDefinitions,
  spanName,
  spansOfOperation,
} from '../src/registry.ts'

describe('the constants', () => {
  it('follow the naming of OpenTelemetry', () => {
    expect(names.ATTR_GEN_AI_REQUEST_MODEL).toBe('gen_ai.request.model')
    expect(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION).toBe('gen_ai.client.inference.duration')
    expect(names.EVENT_GEN_AI_EVALUATION_RESULT).toBe('gen_ai.evaluation.result')
    expect(names.GEN_AI_OPERATION_NAME_VALUE_CHAT).toBe('chat')
    expect(names.ATTR_GEN_AI_PROMPT_VARIABLE('city')).toBe('gen_ai.prompt.variable.city')
    expect(names.ATTR_AGENTEL_COST_AMOUNT).toBe('agentel.cost.amount')
  })

  it('name everything that the registry defines, and nothing else', () => {
    const named = Object.entries(names)
      .filter(([constant]) => /^(ATTR|METRIC|EVENT)_/.test(constant))
      .map(([, value]) => (typeof value === 'function' ? value('').slice(0, -1) : value))
    const defined = [
      ...attributeDefinitions.map((definition) => definition.key),
      ...metricDefinitions.map((definition) => definition.name),
      ...eventDefinitions.map((definition) => definition.name),
    ]
    expect(named.toSorted()).toEqual(defined.toSorted())
  })
})

describe('the definitions', () => {
  it('carry unit, buckets, value type and attributes of a metric', () => {
    expect(findMetric('agentel.client.inference.operation.cost')).toEqual({
      name: 'agentel.client.inference.operation.cost',
      instrument: 'histogram',
      unit: '{USD}',
      valueType: 'double',
      buckets: [0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
      brief: 'Cost of one inference.',
      stability: 'development',
      attributes: [
        { key: 'gen_ai.operation.name', level: 'required' },
        { key: 'gen_ai.provider.name', level: 'required' },
        { key: 'gen_ai.request.model', level: 'conditionally_required', condition: 'If available.' },
        { key: 'server.port', level: 'conditionally_required', condition: 'If server.address is set.' },
        { key: 'gen_ai.response.model', level: 'recommended' },
        { key: 'server.address', level: 'recommended' },
      ],
    })
  })

  it('give every histogram of ours and of GenAI its buckets', () => {
    const without = metricDefinitions.filter(
      (metric) => metric.instrument === 'histogram' && metric.buckets === undefined,
    )
    expect(without.map((metric) => metric.name)).toEqual(['otel.sdk.exporter.operation.duration'])
  })

  it('put no id and no content on a metric', () => {
    const forbidden =
      /(^|\.)(conversation|session|user|call|trace|message|task|event|transaction|worker|response)\.id$|\.messages$/
    const found = metricDefinitions.flatMap((metric) =>
      metric.attributes
        .filter(({ key }) => forbidden.test(key) || findAttribute(key)?.type === 'any')
        .map(({ key }) => `${metric.name} ${key}`),
    )
    expect(found).toEqual([])
  })

  it('find an attribute, and the template that a key belongs to', () => {
    expect(findAttribute('gen_ai.usage.input_tokens')?.type).toBe('int')
    expect(findAttribute('gen_ai.prompt.variable.city')).toMatchObject({ template: true, type: 'string' })
    expect(findAttribute('gen_ai.prompt.variable')).toBeUndefined()
    expect(findAttribute('gen_ai.nonsense')).toBeUndefined()
  })

  it('say what an older name became', () => {
    expect(findAttribute('gen_ai.system')?.deprecated).toEqual({ reason: 'renamed', renamedTo: 'gen_ai.provider.name' })
  })

  it('carry the severity of an event', () => {
    expect(findEvent('gen_ai.client.operation.exception')?.severity).toBe('WARN')
    expect(findEvent('agentel.task.failed')?.severity).toBe('ERROR')
    expect(findEvent('gen_ai.evaluation.result')?.severity).toBeUndefined()
  })

  it('mark what samplers look at', () => {
    const relevant = findSpan('gen_ai.client.inference')?.attributes.filter((attribute) => attribute.samplingRelevant)
    expect(relevant?.map((attribute) => attribute.key)).toEqual([
      'gen_ai.operation.name',
      'gen_ai.provider.name',
      'gen_ai.request.model',
      'server.address',
      'server.port',
    ])
  })

  it('let a refinement add to its span', () => {
    const openai = findSpan('openai.client.inference')
    expect(openai?.refines).toBe('gen_ai.client.inference')
    expect(openai?.attributes.find(({ key }) => key === 'gen_ai.request.model')?.level).toBe('required')
    expect(openai?.attributes.some(({ key }) => key === 'gen_ai.usage.input_tokens')).toBe(true)
  })

  it('know a span type for every operation', () => {
    const operations = findAttribute('gen_ai.operation.name')?.values ?? []
    expect(operations.filter((operation) => spansOfOperation(String(operation)).length === 0)).toEqual([])
    expect(spansOfOperation('invoke_agent').map((span) => span.type)).toEqual([
      'gen_ai.invoke_agent.client',
      'gen_ai.invoke_agent.internal',
    ])
  })

  it('refer only to attributes that exist', () => {
    const uses = [...spanDefinitions, ...metricDefinitions, ...eventDefinitions].flatMap(
      (definition) => definition.attributes,
    )
    const keys = new Set(attributeDefinitions.map((definition) => definition.key))
    expect(uses.filter(({ key }) => !keys.has(key))).toEqual([])
  })
})

describe('spanName', () => {
  it('fills the places and leaves out those without a value', () => {
    const pattern = '{gen_ai.operation.name} {gen_ai.request.model}'
    expect(spanName(pattern, { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' })).toBe('chat gpt-4o')
    expect(spanName(pattern, { 'gen_ai.operation.name': 'chat' })).toBe('chat')
  })

  it('takes the first of several attributes that is there', () => {
    const pattern = '{mcp.method.name} {gen_ai.tool.name|gen_ai.prompt.name}'
    expect(spanName(pattern, { 'mcp.method.name': 'prompts/get', 'gen_ai.prompt.name': 'p' })).toBe('prompts/get p')
  })
})
