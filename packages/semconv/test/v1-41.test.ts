import { describe, expect, it } from 'vitest'
import { attributeNameV141, attributesToV141, attributesV141, metricV141, metricsV141 } from '../src/v1-41.ts'
import { findAttribute, findMetric } from '../src/registry.ts'

describe('the profile v1_41', () => {
  it('renames what was renamed, drops what it does not know, keeps the rest', () => {
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.usage.cache_write.input_tokens': 5,
      'gen_ai.usage.text.input_tokens': 7,
      'gen_ai.prompt.variable.city': 'Berlin',
      'agentel.cost.amount': 0.1,
    }
    expect(attributesToV141(attributes)).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.usage.cache_creation.input_tokens': 5,
      'agentel.cost.amount': 0.1,
    })
    expect(Object.keys(attributes)).toHaveLength(5)
  })

  it('is not fooled by names that objects have by birth', () => {
    expect(attributeNameV141('constructor')).toBe('constructor')
    expect(metricV141('toString')).toEqual({ name: 'toString' })
  })

  it('gives token use as one histogram with a direction', () => {
    expect(metricV141('gen_ai.client.inference.operation.input_tokens')).toEqual({
      name: 'gen_ai.client.token.usage',
      attributes: { 'gen_ai.token.type': 'input' },
    })
    expect(metricV141('gen_ai.client.inference.usage.input_tokens')).toBeNull()
    expect(metricV141('agentel.errors')).toEqual({ name: 'agentel.errors' })
  })

  it('names only attributes and metrics of the registry', () => {
    const attributes = Object.entries(attributesV141)
      .flat()
      .filter((key) => key !== null)
    expect(attributes.filter((key) => findAttribute(key) === undefined)).toEqual([])
    const metrics = Object.entries(metricsV141).flatMap(([name, old]) => (old === null ? [name] : [name, old.name]))
    expect(metrics.filter((name) => findMetric(name) === undefined)).toEqual([])
  })
})
