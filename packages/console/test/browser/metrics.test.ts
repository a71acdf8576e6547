/** Metrics that were sent: found by pattern, drawn, with their trend; budgets among the cost. */
import {
  ATTR_AGENTEL_BUDGET_NAME,
  ATTR_AGENTEL_BUDGET_SCOPE,
  METRIC_AGENTEL_BUDGET_COST_LIMIT,
  METRIC_AGENTEL_BUDGET_COST_USAGE,
} from '@agentel/semconv'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deskRun } from './desk-runs.ts'
import { openBench, textOf, type Bench } from './open-console.ts'
import { sendGauges, sendIncrease, sendSpans } from './otlp-json.ts'

let bench: Bench

beforeAll(async () => {
  bench = await openBench()
  const now = Date.now()
  await sendSpans(bench.url, deskRun(1, now - 30_000).spans)
  // Twelve minutes, one point each: the queue of one worker grows, that of the other stands.
  const minutes = Array.from({ length: 12 }, (_, i) => now - (12 - i) * 60_000)
  const budget = { [ATTR_AGENTEL_BUDGET_NAME]: 'team', [ATTR_AGENTEL_BUDGET_SCOPE]: 'total' }
  await sendGauges(bench.url, [
    {
      name: 'queue.length',
      unit: '{item}',
      series: [
        { attributes: { worker: 'growing' }, points: minutes.map((time, i) => ({ time, value: 10 + i * 10 })) },
        { attributes: { worker: 'still' }, points: minutes.map((time) => ({ time, value: 7 })) },
      ],
    },
    { name: 'other.thing', unit: 's', series: [{ attributes: {}, points: [{ time: now, value: 1.5 }] }] },
    {
      name: METRIC_AGENTEL_BUDGET_COST_LIMIT,
      unit: '{USD}',
      series: [{ attributes: budget, points: [{ time: now, value: 10 }] }],
    },
    {
      name: METRIC_AGENTEL_BUDGET_COST_USAGE,
      unit: '{USD}',
      series: [{ attributes: budget, points: [{ time: now, value: 8.5 }] }],
    },
  ])
})
afterAll(() => bench.close())

it('lists metrics by a pattern and draws the chosen one', async () => {
  const watched = await bench.open('/metrics')
  await watched.page.getByLabel('Name pattern').fill('queue.*')
  await watched.page.waitForFunction(() => document.querySelectorAll('.metric').length === 1)
  await watched.page.locator('.metric').click()
  await watched.page.locator('.line-chart canvas').waitFor()
  expect(await textOf(watched, '.metrics-chosen')).toContain('queue.length')
  expect(new URL(watched.page.url()).searchParams.get('name')).toBe('queue.length')
  expect(watched.faults).toEqual([])
  await watched.context.close()
})

it('names each series by what tells it apart, with its newest value and where it is going', async () => {
  const watched = await bench.open('/metrics?name=queue.length')
  await watched.page.locator('.legend-list li').nth(1).waitFor()
  const series = await watched.page
    .locator('.legend-list li')
    .evaluateAll((items) =>
      items.map((item) => [
        item.children[1]?.textContent,
        item.children[2]?.getAttribute('title')?.split(' ')[0],
        item.children[3]?.textContent,
      ]),
    )
  expect(series).toEqual(
    expect.arrayContaining([
      ['growing', 'rising', '120'],
      ['still', 'steady', '7'],
    ]),
  )
  await watched.context.close()
})

it('leaves what matters at least so much, and keeps that in the URL', async () => {
  const watched = await bench.open('/metrics')
  await watched.page.getByLabel('Importance').selectOption({ label: 'warning and up' })
  await watched.page.waitForFunction(() => document.querySelectorAll('.metric').length === 2)
  const shown = await watched.page.locator('.metric').allInnerTexts()
  expect(shown.map((text) => text.split('\n'))).toEqual([
    [METRIC_AGENTEL_BUDGET_COST_LIMIT, 'gauge, 1 series, warning'],
    [METRIC_AGENTEL_BUDGET_COST_USAGE, 'gauge, 1 series, warning'],
  ])
  expect(new URL(watched.page.url()).searchParams.get('importance')).toBe('warning')
  await watched.page.getByLabel('Importance').selectOption({ label: 'critical only' })
  await watched.page.waitForFunction(() => document.querySelectorAll('.metric').length === 0)
  expect(await textOf(watched, '.page-head .sub')).toBe('0 metrics')
  await watched.context.close()
})

it('sums up the window: of a gauge its values, of a counter what it gained', async () => {
  await sendIncrease(bench.url, 'jobs.done', { time: Date.now() - 1000, value: 1240, attributes: {} })
  const summary = async (name: string) => {
    const watched = await bench.open(`/metrics?name=${name}`)
    const text = await textOf(watched, '.summary')
    await watched.context.close()
    return text
  }
  expect(await summary('queue.length')).toBe(
    'points 24 min 7 max 120 mean 36 median 7 std. dev. 37.9 p90 100 p95 110 p99 120',
  )
  expect(await summary('jobs.done')).toMatch(/^points 1 sum 1\.24k min 1\.24k/)
})

it('shows a budget with what is used and what is left, and warns from 80 % on', async () => {
  const watched = await bench.open('/cost')
  await watched.page.locator('.budget').waitFor()
  expect(await textOf(watched, '.budget')).toBe('team total $8.50 of $10.00, 85 % $1.50 left')
  expect(await watched.page.locator('.budget.near').count()).toBe(1)
  await watched.context.close()
})

it('draws in a browser whose language is none', async () => {
  const watched = await bench.open('/metrics')
  await watched.context.addInitScript(() =>
    Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true }),
  )
  await watched.page.reload()
  await watched.page.getByLabel('Name pattern').fill('queue.*')
  await watched.page.locator('.metric').first().click()
  await watched.page.locator('.line-chart canvas').waitFor()
  expect(watched.faults).toEqual([])
  await watched.context.close()
})
