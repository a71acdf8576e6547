/** What arrives shows by itself; a pause loses nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deskRun } from './desk-runs.ts'
import { openBench, textOf, type Bench } from './open-console.ts'
import { sendSpans } from './otlp-json.ts'

let bench: Bench

beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

const send = (n: number) => sendSpans(bench.url, deskRun(n, Date.now() - 5_000 + n).spans)

it('shows the first span without a reload, then each further run', async () => {
  const watched = await bench.open('/runs')
  await watched.page.getByText('No runs yet').waitFor()
  await send(0)
  await watched.page.locator('.run-item').waitFor()
  await send(1)
  await watched.page.waitForFunction(() => document.querySelectorAll('.run-item').length === 2)
  expect(await textOf(watched, '.connection')).toContain('live')
  await watched.context.close()
})

it('stands still while paused, counts what came, and shows all of it when it goes on', async () => {
  const watched = await bench.open('/runs')
  await watched.page.locator('.run-item').first().waitFor()
  await watched.page.waitForFunction(() => document.querySelector('.connection')?.textContent?.includes('live'))
  await watched.page.keyboard.press(' ')
  for (const n of [2, 3, 4]) await send(n)
  await watched.page.waitForFunction(() => document.querySelector('.connection')?.textContent?.includes('3 new'))
  expect(await watched.page.locator('.run-item').count()).toBe(2)
  await watched.page.keyboard.press(' ')
  await watched.page.waitForFunction(() => document.querySelectorAll('.run-item').length === 5)
  await watched.context.close()
})

it('does not move rows under the pointer: new runs wait behind a pill', async () => {
  const watched = await bench.open('/runs')
  await watched.page.locator('.run-item').first().hover()
  await send(5)
  const pill = watched.page.getByRole('button', { name: /1 new run/ })
  await pill.waitFor()
  expect(await watched.page.locator('.run-item').count()).toBe(5)
  await pill.press('Enter')
  await watched.page.waitForFunction(() => document.querySelectorAll('.run-item').length === 6)
  await watched.context.close()
})
