/** A newcomer's walk, in clicks from the first page. The best of the other viewers need 0, 3, 1, cannot, cannot, 1. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { money } from '../../ui/format/quantity.ts'
import { deskRuns, type DeskRun } from './desk-runs.ts'
import { openBench, textOf, type Bench } from './open-console.ts'
import type { WatchedPage } from './open-browser.ts'
import { sendSpans } from './otlp-json.ts'

let bench: Bench
let failed: DeskRun

beforeAll(async () => {
  bench = await openBench()
  const runs = deskRuns(12, Date.now())
  failed = runs.find((run) => run.failed)!
  for (const run of runs) await sendSpans(bench.url, run.spans)
})
afterAll(() => bench.close())

/** The failed run's row on the first page. */
const failedRow = (watched: WatchedPage) => watched.page.locator(`.run-row[href*="${failed.traceId}"]`).first()

it('sees which run failed, and what it cost, without a click', async () => {
  const watched = await bench.open('/')
  const row = await failedRow(watched).innerText()
  expect(row).toContain(failed.title)
  expect(row).toContain(money(failed.cost))
  await watched.context.close()
})

it('knows why after one click', async () => {
  const watched = await bench.open('/')
  await failedRow(watched).click()
  await watched.page.locator('.failure').waitFor()
  expect(await textOf(watched, '.verdict')).toContain('execute_tool fetch_page: timed out after 30 000 ms')
  expect(await textOf(watched, '.failure')).toContain('at fetchPage (web.ts:41:11)')
  await watched.context.close()
})

it('sees who hands over to whom after one click', async () => {
  const watched = await bench.open('/')
  await watched.page.getByRole('link', { name: 'Agents', exact: true }).click()
  await watched.page.locator('.edge.handoff').first().waitFor()
  expect(await watched.page.locator('.edge.handoff').count()).toBe(3)
  await watched.context.close()
})

it('reads the conversation of a run after one click', async () => {
  const watched = await bench.open('/')
  await failedRow(watched).hover()
  await watched.page
    .getByRole('link', { name: `Conversation of ${failed.title}` })
    .first()
    .click()
  await watched.page.locator('.turn').first().waitFor()
  expect(await textOf(watched, '.conversation')).toContain(failed.title)
  await watched.context.close()
})

it('compares two runs with two clicks', async () => {
  const watched = await bench.open('/')
  const rows = watched.page.locator('.stack:last-child .run-row')
  await rows.nth(0).click({ modifiers: ['Shift'] })
  await rows.nth(3).click({ modifiers: ['Shift'] })
  await watched.page.locator('.compare-row.first').waitFor()
  await watched.context.close()
})
