import { createTestTelemetry } from '@agentel/testing/telemetry'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { recordBusinessMetric, recordServiceLevel } from '../src/index.ts'

let telemetry: ReturnType<typeof createTestTelemetry>
beforeEach(() => {
  telemetry = createTestTelemetry()
})
afterEach(() => telemetry.shutdown())

async function points(name: string) {
  const metric = (await telemetry.metrics()).find(({ descriptor }) => descriptor.name === name)
  return {
    unit: metric?.descriptor.unit,
    points: metric?.dataPoints.map(({ value, attributes }) => [
      typeof value === 'number' ? value : (value as { sum?: number }).sum,
      attributes,
    ]),
  }
}

it('records figures of the business with their unit and tags, added up or spread', async () => {
  recordBusinessMetric({ name: 'orders', value: 2, unit: '{order}', attributes: { plan: 'pro' } })
  recordBusinessMetric({ name: 'orders', value: 3, attributes: { plan: 'pro' } })
  recordBusinessMetric({ name: 'revenue_per_task', value: 12.5, unit: '{USD}', kind: 'distribution' })
  expect(await points('agentel.business.orders')).toEqual({ unit: '{order}', points: [[5, { plan: 'pro' }]] })
  expect(await points('agentel.business.revenue_per_task')).toEqual({ unit: '{USD}', points: [[12.5, {}]] })
})

it('keeps the latest value of a gauge', async () => {
  for (const value of [7, 4])
    recordBusinessMetric({ name: 'open_orders', value, unit: '{order}', kind: 'gauge', attributes: { plan: 'pro' } })
  expect(await points('agentel.business.open_orders')).toEqual({ unit: '{order}', points: [[4, { plan: 'pro' }]] })
})

it('counts service levels that were met and those that were not', async () => {
  recordServiceLevel('first_answer', true)
  recordServiceLevel('first_answer', false)
  recordServiceLevel('first_answer', false)
  expect(await points('agentel.sla.results')).toEqual({
    unit: '{result}',
    points: [
      [1, { 'agentel.sla.name': 'first_answer', 'agentel.sla.met': true }],
      [2, { 'agentel.sla.name': 'first_answer', 'agentel.sla.met': false }],
    ],
  })
})
