/** What arrives from elsewhere is text, however it is made: nothing of it runs, nothing of it is lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  BROKEN_TRACE,
  brokenSpans,
  DEEP_TRACE,
  deepSpans,
  HOSTILE_TRACE,
  hostileGauge,
  hostileLogs,
  hostileSpans,
  LARGE_TRACE,
  largeSpans,
  MARK,
} from './hostile-run.ts'
import { openBench, textOf, type Bench } from './open-console.ts'
import type { WatchedPage } from './open-browser.ts'
import { sendGauges, sendLogs, sendSpans } from './otlp-json.ts'

let bench: Bench

beforeAll(async () => {
  bench = await openBench()
  const now = Date.now()
  await sendSpans(bench.url, hostileSpans(now), '<script>window.broken=1</script>')
  await sendLogs(bench.url, hostileLogs(now))
  await sendGauges(bench.url, [hostileGauge(now)])
  await sendSpans(bench.url, deepSpans(now))
  await sendSpans(bench.url, brokenSpans(now))
  await sendSpans(bench.url, largeSpans(now))
})
afterAll(() => bench.close())

/** What must be true of a page that has shown hostile things. */
async function harm(watched: WatchedPage) {
  const ran = await watched.page.evaluate((mark) => mark in globalThis, MARK)
  const foreign = await watched.page
    .locator('main script, main iframe, main object, main img:not([src^="/assets/"])')
    .count()
  return { ran, foreign, strays: watched.strays, faults: watched.faults }
}
const NO_HARM = { ran: false, foreign: 0, strays: [], faults: [] }

const encoded = encodeURIComponent('<img src=x onerror="window.broken=1">')
const PATHS: readonly (readonly [string, string])[] = [
  ['the overview', '/'],
  ['the list', '/runs'],
  ['the waterfall', `/runs/${HOSTILE_TRACE}`],
  ['a model call', `/runs/${HOSTILE_TRACE}?span=0000000000000002`],
  ['the steps', `/runs/${HOSTILE_TRACE}?view=steps`],
  ['the conversation', `/runs/${HOSTILE_TRACE}?view=conversation`],
  ['the graph of the run', `/runs/${HOSTILE_TRACE}?view=graph`],
  ['the logs of the run', `/runs/${HOSTILE_TRACE}?view=logs`],
  ['the raw OTLP', `/runs/${HOSTILE_TRACE}?view=raw`],
  ['the agents', '/agents'],
  ['one agent', `/agents/${encoded}`],
  ['the cost', '/cost?by=user'],
  ['the sessions', '/sessions'],
  ['the users', '/users'],
  ['all logs', '/logs'],
  ['the signals', '/signals'],
  ['the health', '/health'],
  ['the metrics', '/metrics'],
  ['a metric', `/metrics?name=${encodeURIComponent('<script>window.broken=1</script>')}`],
  ['the workers', '/workers'],
  ['the business', '/business'],
  ['the alerts', '/alerts'],
  ['the anomalies', '/anomalies'],
  ['the feedback', '/feedback'],
  ['the audit log', '/audit'],
  ['the settings', '/settings'],
  ['a comparison', `/compare?a=${HOSTILE_TRACE}&b=${DEEP_TRACE}`],
  ['a filter from the URL', `/runs?agent=${encoded}&text=${encoded}`],
]

describe('a run with scripts in every field', () => {
  it.each(PATHS)('runs nothing on %s', async (_, path) => {
    const watched = await bench.open(path)
    await watched.page.waitForTimeout(300)
    expect(await harm(watched)).toEqual(NO_HARM)
    await watched.context.close()
  })

  it('shows the scripts as the text that they are', async () => {
    const watched = await bench.open(`/runs/${HOSTILE_TRACE}?span=0000000000000002`)
    await watched.page.locator('.facts').waitFor()
    expect(await textOf(watched, '.span-panel')).toContain('<img src=x onerror="window.broken=1">')
    expect(await watched.page.locator('.virtual .line').count()).toBe(5)
    await watched.context.close()
  })

  it('cuts an attribute of a megabyte, and opens all of it without laying it out', async () => {
    const watched = await bench.open(`/runs/${HOSTILE_TRACE}?span=0000000000000001`)
    await watched.page.getByText(/^Attributes/).click()
    await watched.page.getByRole('button', { name: 'Open all 1,000,000 characters' }).click()
    await watched.page.locator('.viewer-line').first().waitFor()
    expect(await textOf(watched, '.viewer-head .soft')).toContain('1.00 MB')
    expect(await watched.page.locator('.viewer-line').count()).toBeLessThan(120)
    await watched.context.close()
  })
})

describe('runs of an odd form', () => {
  it('shows 400 levels, the deeper ones with their number', async () => {
    const watched = await bench.open(`/runs/${DEEP_TRACE}`)
    await watched.page.locator('.waterfall .virtual').evaluate((rows) => rows.scrollTo(0, 1e6))
    await watched.page.getByText('level 399').waitFor()
    expect(await textOf(watched, '.virtual .line:last-child .depth')).toBe('399')
    await watched.context.close()
  })

  it('shows a cycle, an orphan and a clock that is behind, each with its mark', async () => {
    const watched = await bench.open(`/runs/${BROKEN_TRACE}`)
    const marked = await watched.page
      .locator('.virtual .line')
      .evaluateAll((lines) =>
        lines.filter((line) => line.querySelector('.odd')).map((line) => line.querySelector('.name')?.textContent),
      )
    expect(new Set(marked)).toEqual(new Set(['clock behind', 'cycle one', 'orphan', 'own parent']))
    expect(await watched.page.locator('.virtual .line').count()).toBe(7)
    await watched.context.close()
  })

  it('draws 10,000 spans with fewer than 3,000 nodes, folded, with the failure in sight', async () => {
    const watched = await bench.open(`/runs/${LARGE_TRACE}`)
    await watched.page.locator('.line.selected').waitFor()
    expect(await textOf(watched, '.line.selected .name')).toBe('execute_tool fetch_page')
    expect(await textOf(watched, '.failure')).toContain('permission denied: /archive/7000')
    const folds = await watched.page.locator('.line.fold .tree b').allInnerTexts()
    expect(folds).toEqual(['× 3,333', '× 3,332', '× 3,333'])
    await watched.page.locator('.line.fold').first().click()
    await watched.page.locator('.waterfall .virtual').evaluate((rows) => rows.scrollTo(0, 60_000))
    await watched.page.waitForTimeout(200)
    expect(await watched.page.locator('*').count()).toBeLessThan(3000)
    expect(await watched.page.locator('.virtual .line').count()).toBeGreaterThan(15)
    await watched.context.close()
  })

  it('keeps a late span: the page shows it without being loaded again', async () => {
    const watched = await bench.open(`/runs/${BROKEN_TRACE}`)
    await watched.page.getByText('orphan', { exact: true }).waitFor()
    await sendSpans(bench.url, [
      { traceId: BROKEN_TRACE, spanId: '00000000000013ff', name: 'late span', start: Date.now() - 4_000, duration: 5 },
    ])
    await watched.page.getByText('late span', { exact: true }).waitFor()
    await watched.context.close()
  })
})
