/** The pages of the console, in a real browser, with the demo's traffic: their figures beside the model server's own ledger. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WatchedPage } from '../packages/console/test/browser/open-browser.ts'
import { textOf } from '../packages/console/test/browser/open-console.ts'
import { count, money, percent, significant } from '../packages/console/src/format/quantity.ts'
import { type CallFigures, ledgerByAgent, ledgerFigures } from '../packages/demo/src/stage/figures.ts'
import type { LedgerEntry } from '../packages/testing/src/model-server/index.ts'
import { type DemoBench, openDemoBench, rowsOf } from './demo-bench.ts'

const QUESTIONS = 20

let bench: DemoBench
let entries: DemoBench['entries']
let runs: DemoBench['runs']
const look: DemoBench['look'] = (path, at) => bench.look(path, at)

beforeAll(async () => {
  bench = await openDemoBench(QUESTIONS)
  ;({ entries, runs } = bench)
})
afterAll(() => bench?.close())

/** Waits until the list has so many runs. */
async function runItems({ page }: WatchedPage, many: number): Promise<void> {
  await page.waitForFunction((n) => document.querySelectorAll('.run-item').length === n, many)
}

const withoutEmbeddings = (list: readonly LedgerEntry[]): readonly LedgerEntry[] =>
  list.filter(({ endpoint }) => !endpoint.endsWith('/embeddings'))
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
    ['gen_ai.client.inference.duration', 'calls', () => ledgerFigures(withoutEmbeddings(entries)).calls],
    ['gen_ai.client.inference.usage.input_tokens', 'input tokens', ({ inputTokens }: CallFigures) => inputTokens],
    ['gen_ai.client.inference.usage.output_tokens', 'output tokens', ({ outputTokens }: CallFigures) => outputTokens],
    ['agentel.client.inference.usage.cost', 'cost', ({ cost }: CallFigures) => cost],
  ] as const)('the metric %s has the %s of the ledger', (name, _what, figure) =>
    look(`/metrics?name=${name}`, async ({ page }) => {
      const summary = page.getByLabel('Summary of 1 hour').locator('div')
      await summary.first().waitFor()
      const shown = Object.fromEntries(
        await summary.evaluateAll((all) =>
          all.map((one) => [one.querySelector('dt')!.textContent, one.querySelector('dd')!.title]),
        ),
      ) as Record<string, string>
      const read = Number((shown[name.endsWith('duration') ? 'values' : 'sum'] ?? '').replaceAll(',', ''))
      expect(read).toBeCloseTo(figure(ledgerFigures(entries)), 6)
    }),
  )

  it('the logs have a record of each call of an agent, down to the oldest', async () => {
    for (const [agent, list] of Map.groupBy(entries, ({ label }) => label ?? '(none)')) {
      const event = 'gen_ai.client.inference.operation.details'
      await look(`/logs?agent=${agent}&event=${event}`, async ({ page }) => {
        const older = page.getByRole('button', { name: 'Older' })
        for (let shown = 100; (await older.count()) > 0; shown += 100) {
          await older.click()
          await page.waitForFunction((n) => document.querySelectorAll('.log').length > n, shown)
        }
        const chats = withoutEmbeddings(list)
        expect([agent, await page.locator('.log').count()]).toEqual([agent, ledgerFigures(chats).calls])
      })
    }
  })

  const ratings = (): number[] => runs.flatMap(({ rating }) => (typeof rating === 'number' ? [rating] : []))
  const answered = (): number => runs.filter(({ outcome }) => outcome === 'answered').length

  it('the audit log has each check of the guardrail and each rating, and its chain is whole', async () => {
    const records = async (event: string, many: number) =>
      look(`/audit?event=${event}`, async ({ page }) => {
        await page.waitForFunction((n) => document.querySelectorAll('.log').length === n, many)
        const option = page.getByLabel('every event').locator(`option[value="${event}"]`)
        expect(await option.textContent()).toBe(`${event} (${many})`)
      })
    await records('agentel.guardrail.result', QUESTIONS)
    await records('gen_ai.evaluation.result', ratings().length)
    await look('/audit', async ({ page }) => {
      await page.getByRole('button', { name: 'Verify the chain' }).click()
      await page.locator('.now-verdict.good', { hasText: 'Unaltered' }).waitFor()
    })
  })

  it('the alerts say how many readers were not content, and that nobody has looked', () =>
    look('/alerts', async ({ page }) => {
      const low = ratings().filter((rating) => rating <= 2).length
      expect(low).toBeGreaterThan(0)
      const alert = page.locator('.alert', { hasText: 'rating-low' })
      await alert.waitFor()
      expect((await alert.innerText()).replaceAll(/\s+/g, ' ')).toContain(
        `A user rated an answer 2 or less. rating-low ${low}, bound 0 · agentel.feedback.ratinggen_ai.agent.name=writer`,
      )
      const open = await page.locator('.alert.active').count()
      await page.getByText(`${open} alert${open === 1 ? '' : 's'} nobody has looked at.`).waitFor()
    }))

  it('the feedback has every rating, and their mean', () =>
    look('/feedback', async (watched) => {
      const all = ratings()
      const stars = [1, 2, 3, 4, 5].map((star) => String(all.filter((rating) => rating === star).length))
      const shown = watched.page.getByRole('list', { name: 'Ratings by stars' }).locator('.right')
      await shown.first().waitFor()
      expect(await shown.allInnerTexts()).toEqual(stars)
      const mean = all.reduce((sum, rating) => sum + rating, 0) / all.length
      expect(await textOf(watched, 'main')).toContain(`${significant(mean)} on average of ${all.length} ratings`)
    }))

  it('the archivist filed each answer, which was an event on its bus', () =>
    look('/workers', async (watched) => {
      const many = String(answered())
      const workers = [...(await rowsOf(watched, 'Worker figures')).values()]
      expect(workers.map((cells) => cells.slice(0, 3))).toEqual([['research-desk', many, '0']])
      const events = [...(await rowsOf(watched, 'Event figures')).values()]
      expect(events.map((cells) => cells.slice(0, 5))).toEqual([['research-desk', many, many, many, '0']])
    }))

  it('the business has the answers of each team, the promise that was kept, and what a run costs', () =>
    look('/business', async (watched) => {
      const { cost } = ledgerFigures(entries)
      const text = await textOf(watched, 'main')
      expect(text).toContain(`A run costs ${money(cost / QUESTIONS)} ${money(cost)} in all`)
      expect(text).toContain(`answered_in_15_s ${answered()} of ${answered()} 100 %`)
      const cards = watched.page.locator('.cards .tile')
      await cards.first().waitFor()
      const values = await cards.locator('.tile-value').allInnerTexts()
      expect(values.reduce((sum, value) => sum + Number(value), 0)).toBe(answered())
    }))

  it('the budgets have what was spent, whichever process tells of it', () =>
    look('/cost', async ({ page }) => {
      const own = ledgerByAgent(entries)
      await page.locator('.budget').first().waitFor()
      const shown = await page
        .locator('.budget')
        .evaluateAll((all) => all.map((one) => [(one as HTMLElement).innerText, one.getAttribute('title')]))
      expect(shown.filter(([text]) => text!.startsWith('day')).length).toBe(2)
      for (const [agent, { cost }] of own) {
        const title = shown.find(([text]) => text!.startsWith(`hour ${agent}`))?.[1] ?? ''
        expect(Number(/^\$([\d.]+)/.exec(title)?.[1])).toBeCloseTo(cost, 6)
      }
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
      const watched = await bench.open(path, seen)
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
