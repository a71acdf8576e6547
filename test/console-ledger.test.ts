/** The pages of the console, in a real browser, with the demo's traffic: their figures beside the model server's own ledger. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage, type WatchedPage } from '../packages/console/test/browser/open-browser.ts'
import { settled, textOf } from '../packages/console/test/browser/open-console.ts'
import { count, money, percent } from '../packages/console/src/format/quantity.ts'
import { openDemo, type Demo } from '../packages/demo/src/open-demo.ts'
import type { ProcessMessage } from '../packages/demo/src/stage/agent-process.ts'
import { readConsole } from '../packages/demo/src/stage/console-figures.ts'
import { type CallFigures, ledgerByAgent, ledgerFigures } from '../packages/demo/src/stage/figures.ts'
import type { LedgerEntry } from '../packages/testing/src/model-server/index.ts'

const QUESTIONS = 20

let demo: Demo
let browser: Awaited<ReturnType<typeof openBrowser>>
let entries: readonly LedgerEntry[]
const runs: ProcessMessage[] = []

beforeAll(async () => {
  const options = { help: false, once: true, local: true, port: 0, questions: QUESTIONS, pace: 0, real: false }
  demo = await openDemo({ ...options, fault: undefined, to: undefined }, () => undefined)
  demo.desk.onMessage((message) => void (message.type === 'run' && runs.push(message)))
  const done = demo.desk.next('done')
  const traffic = { researcherUrl: demo.researcherUrl, questions: QUESTIONS, concurrency: 4, interval: 0 }
  demo.desk.send({ type: 'traffic', traffic })
  await done
  await demo.stopAgents()
  await readConsole(demo.stage.consoleUrl, runs.length)
  entries = demo.stage.modelServer!.ledger.entries
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

/** Looks at a page, and sees to it that nothing went wrong or elsewhere. */
async function look(path: string, at: (watched: WatchedPage) => Promise<void>): Promise<void> {
  const watched = await openPage(browser, demo.stage.consoleUrl)
  await watched.page.goto(path)
  await settled(watched)
  await at(watched)
  expect({ path, faults: watched.faults, strays: watched.strays }).toEqual({ path, faults: [], strays: [] })
  await watched.context.close()
}

/** Waits until the list has so many runs. */
async function runItems({ page }: WatchedPage, many: number): Promise<void> {
  await page.waitForFunction((n) => document.querySelectorAll('.run-item').length === n, many)
}

/** The rows of a table, by their heads; of each cell what it shows. */
async function rowsOf({ page }: WatchedPage, region: string): Promise<Map<string, readonly string[]>> {
  const table = page.getByRole('region', { name: region })
  await table.locator('tbody tr').first().waitFor()
  const rows = await table
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText.replaceAll(/\s+/g, ' ').trim())),
    )
  return new Map(rows.map(([name, ...cells]) => [name!, cells]))
}

const tokensOf = ({ inputTokens, outputTokens }: CallFigures): string => count(inputTokens + outputTokens)
const failedRuns = (): number => runs.filter(({ outcome }) => outcome === 'failed').length
const ledgerByModel = (): Map<string, CallFigures> =>
  new Map([...Map.groupBy(entries, ({ model }) => model)].map(([model, list]) => [model, ledgerFigures(list)]))

describe('beside the ledger of the demo', () => {
  it('the overview has the same runs, failures, tokens and cost, and the calls of each model', () =>
    look('/', async (watched) => {
      const tiles = await watched.page
        .locator('.tile')
        .evaluateAll((all) =>
          all.map((tile) => ['.tile-name', '.tile-value'].map((part) => tile.querySelector(part)?.textContent ?? '')),
        )
      const shown = Object.fromEntries(tiles) as Record<string, string>
      const all = ledgerFigures(entries)
      expect({ Runs: shown.Runs, Failed: shown.Failed, Tokens: shown.Tokens, Cost: shown.Cost }).toEqual({
        Runs: String(QUESTIONS),
        Failed: String(failedRuns()),
        Tokens: tokensOf(all),
        Cost: money(all.cost),
      })
      const models = await rowsOf(watched, 'Model figures')
      const figures = [...models].map(([model, cells]) => [model, cells[0], cells[4], cells[5]])
      const wanted = [...ledgerByModel()].map(([model, f]) => [model, String(f.calls), tokensOf(f), money(f.cost)])
      expect(figures.toSorted()).toEqual(wanted.toSorted())
    }))

  it('the list has every run, and its filter the failed ones', async () => {
    await look('/runs', async (watched) => {
      expect(await textOf(watched, '.page-head .sub')).toBe(`${QUESTIONS} runs in 1 hour`)
    })
    await look('/runs?status=error', async (watched) => {
      await runItems(watched, failedRuns())
      expect(await textOf(watched, '.page-head .sub')).toContain(`${failedRuns()} run`)
    })
  })

  it('only runs that failed are red, not those that survived their errors', () =>
    look('/runs', async (watched) => {
      await runItems(watched, QUESTIONS)
      const colourOf = (state: string) =>
        watched.page
          .locator(`.run-item .status.${state}`)
          .first()
          .evaluate((mark) => getComputedStyle(mark).color)
      const [failed, retried] = await Promise.all([colourOf('error'), colourOf('retried')])
      expect(retried).not.toBe(failed)
    }))

  it('the runs of the list cost together what the ledger says', async () => {
    const all = ledgerFigures(entries)
    let cost = 0
    await look('/runs', async (watched) => {
      await runItems(watched, QUESTIONS)
      const titles = await watched.page
        .locator('.run-item .cost [title]')
        .evaluateAll((costs) => costs.map((one) => one.getAttribute('title') ?? ''))
      for (const title of titles) cost += Number(/^\$([\d.,]+)/.exec(title)?.[1]?.replaceAll(',', '') ?? 0)
    })
    // The list shows as many runs as fit into the window, all of them here.
    expect(cost).toBeCloseTo(all.cost, 6)
  })

  it.each([
    ['model', () => ledgerByModel()],
    ['agent', () => ledgerByAgent(entries)],
  ] as const)('the cost by %s is that of the ledger: billed calls, tokens, cost and share', (by, figuresBy) =>
    look(`/cost?by=${by}`, async (watched) => {
      const all = ledgerFigures(entries)
      expect(await textOf(watched, '.total')).toBe(money(all.cost))
      const rows = await rowsOf(watched, `Cost by ${by}`)
      const shown = [...rows].map(([name, [cost, share, calls, tokens]]) => [name, cost, share, calls, tokens])
      const wanted = [...figuresBy()].map(([name, f]) => [
        name,
        money(f.cost),
        percent(f.cost / all.cost),
        // A call that failed for good is not billed, and not counted here.
        String(f.calls - f.errors),
        tokensOf(f),
      ])
      expect(shown.toSorted()).toEqual(wanted.toSorted())
    }),
  )

  it('an agent has a page with its own calls of each model', async () => {
    for (const [agent, list] of Map.groupBy(entries, ({ label }) => label ?? '(none)')) {
      await look(`/agents/${agent}`, async (watched) => {
        const rows = await rowsOf(watched, 'Model figures')
        const chats = Map.groupBy(list, ({ model }) => model)
        const shown = [...rows].map(([model, [calls]]) => [model.split(' ').at(-1), calls])
        const wanted = [...chats].map(([model, own]) => [model, String(ledgerFigures(own).calls)])
        expect([agent, ...shown.toSorted()]).toEqual([agent, ...wanted.toSorted()])
      })
    }
  })

  it('sessions and users come to the same number of runs, failures and tokens', async () => {
    for (const actor of ['session', 'user']) {
      await look(`/${actor}s`, async (watched) => {
        const rows = [...(await rowsOf(watched, `${actor}s`)).values()]
        expect(rows.reduce((sum, [of]) => sum + Number(of), 0)).toBe(QUESTIONS)
        const failed = rows.reduce((sum, [, of]) => sum + Number(of!.split(' ')[0]), 0)
        expect(failed).toBe(failedRuns())
      })
    }
  })

  it('the health page says what share of the runs fails', () =>
    look('/health', async (watched) => {
      const failed = failedRuns()
      const text = await textOf(watched, 'main')
      const sentence = `${percent(failed / QUESTIONS)} of the runs fail: ${failed} of ${QUESTIONS} runs.`
      expect(text.includes(sentence)).toBe(failed > 0)
    }))

  it.each([
    '/agents',
    '/workers',
    '/business',
    '/feedback',
    '/anomalies',
    '/alerts',
    '/audit',
    '/metrics',
    '/logs',
    '/signals',
    '/settings',
  ])('%s opens without a fault, in both themes and on a phone, and is no wider than it', async (path) => {
    for (const seen of [{ theme: 'light' }, { theme: 'dark', width: 390, height: 844 }] as const) {
      const watched = await openPage(browser, demo.stage.consoleUrl, seen)
      await watched.page.goto(path)
      await settled(watched)
      const wider = await watched.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect({ path, wider, faults: watched.faults, strays: watched.strays }).toEqual({
        path,
        wider: 0,
        faults: [],
        strays: [],
      })
      await watched.context.close()
    }
  })
})
