/** Filters that a person keeps, on every page that has some: back with a click, only there, and gone when they are forgotten. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deskRuns } from './desk-runs.ts'
import { openBench, settled, textOf, type Bench } from './open-console.ts'
import { sendGauges, sendLogs, sendSpans } from './otlp-json.ts'

let bench: Bench

beforeAll(async () => {
  bench = await openBench()
  const now = Date.now()
  for (const run of deskRuns(6, now)) await sendSpans(bench.url, run.spans)
  await sendLogs(bench.url, [
    { time: now - 3_000, severity: 9, body: 'all is well' },
    { time: now - 2_000, severity: 17, body: 'it broke' },
  ])
  const series = [{ attributes: {}, points: [{ time: now, value: 1 }] }]
  await sendGauges(bench.url, [
    { name: 'queue.length', unit: '{item}', series },
    { name: 'other.thing', unit: 's', series },
  ])
})
afterAll(() => bench.close())

it.each([
  ['/logs', 'minSeverity=17', 'minSeverity: 17', '.log-lines > li'],
  ['/metrics', 'pattern=queue.*', 'pattern: queue.*', '.metric'],
])('keeps a filter of %s, in this browser', async (path, filter, name, rows) => {
  const watched = await bench.open(`${path}?${filter}`)
  const { page } = watched
  const open = () => page.locator('.saved-filters > summary').click()
  const listed = (n: number) =>
    page.waitForFunction(([selector, many]) => document.querySelectorAll(selector).length === many, [rows, n] as const)
  await listed(1)
  await open()
  await page.getByRole('button', { name: 'Save this filter' }).click()
  await page.goto(path)
  await settled(watched)
  await listed(2)
  await open()
  await page.getByRole('link', { name }).click()
  await listed(1)
  expect(new URL(page.url()).search.slice(1)).toBe(filter)
  await page.goto('/runs')
  await settled(watched)
  expect(await page.getByRole('navigation', { name: 'Saved filters' }).count()).toBe(0)
  await page.goto(path)
  await settled(watched)
  await open()
  await page.getByRole('button', { name: `Forget ${name}` }).click()
  await page.locator('.saved-filters').waitFor({ state: 'detached' })
  expect(watched.faults).toEqual([])
  await watched.context.close()
})

it('keeps a filter of the runs beside their facets, where the keyboard reaches it', async () => {
  const watched = await bench.open('/runs?status=error')
  const { page } = watched
  await page.getByTitle('Keep these filters, in this browser').click()
  await page.goto('/runs')
  await settled(watched)
  await page.waitForFunction(() => document.querySelectorAll('.run-item').length === 6)
  await page.getByRole('navigation', { name: 'Saved filters' }).getByRole('link', { name: 'status: error' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.querySelectorAll('.run-item').length === 1)
  expect(await textOf(watched, '.chips')).toContain('status: error')
  await watched.context.close()
})
