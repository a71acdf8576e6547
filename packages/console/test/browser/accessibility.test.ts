/** axe finds nothing serious on any page, in both themes, at both widths; nothing is wider than the window. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deskRuns } from './desk-runs.ts'
import { sendDeskSignals } from './desk-signals.ts'
import { openBench, type Bench } from './open-console.ts'
import type { Look } from './open-browser.ts'
import { sendLogs, sendSpans } from './otlp-json.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let bench: Bench
let empty: Bench

beforeAll(async () => {
  ;[bench, empty] = await Promise.all([openBench(), openBench()])
  const now = Date.now()
  const runs = deskRuns(20, now)
  for (const run of runs) await sendSpans(bench.url, run.spans)
  await sendDeskSignals(bench.url, now)
  await sendLogs(bench.url, [
    { time: now - 9_000, severity: 17, event: 'agentel.task.failed', body: 'it failed', traceId: runs[3]!.traceId },
    { time: now - 8_000, severity: 13, body: 'slow' },
  ])
})
afterAll(async () => {
  await bench.close()
  await empty.close()
})

const FAILED = '000000000000000000000000dec00003'
const GOOD = '000000000000000000000000dec00001'
const PATHS = [
  '/',
  '/runs',
  '/runs?status=error&minCost=0.001',
  `/runs/${FAILED}`,
  `/runs/${FAILED}?view=steps`,
  `/runs/${GOOD}?view=conversation`,
  `/runs/${GOOD}?view=graph`,
  `/runs/${FAILED}?view=logs`,
  `/runs/${GOOD}?view=raw`,
  `/compare?a=${GOOD}`,
  `/compare?a=${GOOD}&b=${FAILED}`,
  '/agents',
  '/agents?at=agent:researcher',
  '/agents/researcher',
  '/workers',
  '/business',
  '/feedback',
  '/anomalies',
  '/alerts',
  '/audit',
  '/sessions',
  '/sessions/session-1',
  '/users',
  '/cost',
  '/metrics',
  '/logs',
  '/signals',
  '/health',
  '/settings',
]

const LOOKS: readonly Look[] = [
  { theme: 'light', width: 1280, height: 800 },
  { theme: 'dark', width: 1280, height: 800 },
  { theme: 'light', width: 390, height: 844 },
  { theme: 'dark', width: 390, height: 844 },
]

/** Serious and critical findings, each as rule and places. */
async function findings(at: Bench, path: string, look: Look): Promise<readonly string[]> {
  const watched = await at.open(path, look)
  await watched.page.waitForTimeout(150)
  // Not as a script element: the page's policy forbids those, and that is as it should be.
  await watched.page.evaluate(axe)
  const results = await watched.page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  const wide = await watched.page.evaluate(() => {
    const main = document.querySelector('main')
    return document.documentElement.scrollWidth > innerWidth || (main !== null && main.scrollWidth > main.clientWidth)
  })
  await watched.context.close()
  const serious = results.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return [
    ...serious.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((node) => `${node.html.slice(0, 120)} ${node.failureSummary?.slice(0, 200)}`)
          .join(' | ')}`,
    ),
    ...(wide ? ['wider than the window'] : []),
    ...watched.strays.map((url) => `request to ${url}`),
    ...watched.faults.map((fault) => `fault: ${fault}`),
  ]
}

describe.each(LOOKS)('in $theme at $width pixels', (look) => {
  it.each(PATHS)('nothing serious on %s', async (path) => {
    expect(await findings(bench, path, look)).toEqual([])
  })

  it('nothing serious on an empty console', async () => {
    expect(await findings(empty, '/', look)).toEqual([])
  })
})
