/**
 * The page of a run with 10,000 spans in a real browser: time to its rows, nodes, frames while it is scrolled; and the
 * size of the first load. Writes bench/results/console-page.json.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { startConsole } from '../../packages/console/src/start-console.ts'
import { LARGE_TRACE, largeSpans } from '../../packages/console/test/browser/hostile-run.ts'
import { openBrowser, openPage } from '../../packages/console/test/browser/open-browser.ts'
import { sendSpans } from '../../packages/console/test/browser/otlp-json.ts'
import { bundlePage, firstLoadKilobytes } from '../../packages/console/ui/build.ts'

const OPENINGS = 10
const FRAMES = 180

const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1))
}

const folder = await mkdtemp(join(tmpdir(), 'agentel-bench-page-'))
const console_ = await startConsole({ port: 0, grpcPort: false, dataFile: join(folder, 'console.db') })
const browser = await openBrowser()
try {
  await sendSpans(console_.url, largeSpans(Date.now()))
  const opened: number[] = []
  for (let i = 0; i < OPENINGS; i++) {
    const { page, context } = await openPage(browser, console_.url)
    await page.goto('/runs')
    await page.locator('.run-item').first().waitFor()
    const began = performance.now()
    await page.locator('a.run-row').first().click()
    await page.locator('.line.selected').waitFor()
    opened.push(performance.now() - began)
    await context.close()
  }
  const { page } = await openPage(browser, console_.url)
  await page.goto(`/runs/${LARGE_TRACE}`)
  await page.locator('.line.fold').first().click()
  const frames = await page.locator('.waterfall .virtual').evaluate(async (rows, count) => {
    const times: number[] = []
    let last = await new Promise<number>(requestAnimationFrame)
    for (let i = 0; i < count; i++) {
      rows.scrollTop += 400
      const now = await new Promise<number>(requestAnimationFrame)
      times.push(now - last)
      last = now
    }
    return times
  }, FRAMES)
  const result = {
    date: new Date().toISOString(),
    load: loadavg().map((value) => Number(value.toFixed(1))),
    browser: browser.version(),
    spans: 10_000,
    firstLoadKilobytesGzip: Number(firstLoadKilobytes(await bundlePage({ minify: true })).toFixed(1)),
    openMilliseconds: { p50: quantile(opened, 0.5), p95: quantile(opened, 0.95), runs: OPENINGS },
    nodes: await page.locator('*').count(),
    scrollFrameMilliseconds: { p50: quantile(frames, 0.5), p95: quantile(frames, 0.95), frames: FRAMES },
  }
  console.log(result)
  await writeFile(join(import.meta.dirname, '../results/console-page.json'), `${JSON.stringify(result, null, 2)}\n`)
} finally {
  await browser.close()
  await console_.stop()
  await rm(folder, { recursive: true, force: true })
}
