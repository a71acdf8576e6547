import { expect, it } from 'vitest'
import { importanceOf, isImportant } from '../src/importance.ts'
import { metricDefinitions } from '../src/metric-registry.ts'

it.each([
  ['agentel.alert.active', 'critical'],
  ['agentel.budget.crossings', 'critical'],
  ['agentel.errors', 'error'],
  ['agentel.retries', 'warning'],
  ['agentel.anomalies', 'warning'],
  ['agentel.budget.utilization', 'warning'],
  ['gen_ai.client.inference.duration', 'info'],
  ['process.cpu.utilization', 'info'],
  ['a.metric.of.the.application', 'info'],
  ['v8js.memory.heap.used', 'debug'],
  ['otel.sdk.span.live', 'debug'],
])('%s is of importance %s', (name, importance) => {
  expect(importanceOf(name)).toBe(importance)
})

it('asks for a level and what is above it', () => {
  const names = metricDefinitions.map(({ name }) => name)
  const count = (least: Parameters<typeof isImportant>[1]) => names.filter((name) => isImportant(name, least)).length
  expect(count('debug')).toBe(names.length)
  const counts = (['debug', 'info', 'warning', 'error', 'critical'] as const).map(count)
  expect(counts).toEqual(counts.toSorted((a, b) => b - a))
  expect(new Set(counts).size).toBe(5)
})
