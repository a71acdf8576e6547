/** Workers, events, queues, business, feedback, anomalies, erasing a user: figures against what was sent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TraceList } from '../../src/api/contract.ts'
import { deskRuns, type DeskRun } from './desk-runs.ts'
import { sendDeskSignals } from './desk-signals.ts'
import { openBench, textOf, type Bench } from './open-console.ts'
import type { WatchedPage } from './open-browser.ts'
import { sendSpans } from './otlp-json.ts'

let bench: Bench
let empty: Bench
let runs: readonly DeskRun[]

beforeAll(async () => {
  ;[bench, empty] = await Promise.all([openBench(), openBench()])
  const now = Date.now()
  runs = deskRuns(20, now)
  for (const run of runs) await sendSpans(bench.url, run.spans)
  await sendDeskSignals(bench.url, now)
})
afterAll(async () => {
  await bench.close()
  await empty.close()
})

/** Opens a page, reads from it, and sees that it made no mistake. */
async function on<T>(path: string, read: (watched: WatchedPage) => Promise<T>, at: Bench = bench): Promise<T> {
  const watched = await at.open(path)
  const result = await read(watched)
  expect([watched.strays, watched.faults]).toEqual([[], []])
  await watched.context.close()
  return result
}

async function rows({ page }: WatchedPage, region: string): Promise<readonly (readonly string[])[]> {
  const found = page.getByRole('region', { name: region }).locator('tbody tr')
  await found.first().waitFor()
  return found.evaluateAll((all) =>
    all.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText.replaceAll(/\s+/g, ' ').trim())),
  )
}

const tiles = ({ page }: WatchedPage) =>
  page
    .locator('.tile')
    .evaluateAll((all) =>
      all.map((tile) =>
        ['.tile-name', '.tile-value', '.tile-sub'].map((part) => tile.querySelector(part)?.textContent),
      ),
    )

describe('workers and events', () => {
  it('are counted by name with their failures and percentiles', async () => {
    const [workers, events] = await on('/workers', async (watched) => [
      await rows(watched, 'Worker figures'),
      await rows(watched, 'Event figures'),
    ])
    expect(workers).toEqual([['X indexer', 'indexing', '20', '2 · 10 %', '195 ms', '280 ms', '0', expect.any(String)]])
    expect(events!.map((row) => row.slice(0, -1).join(' | '))).toEqual([
      'V document.indexed | indexing | 20 | 20 | 20 | 0 | 100 % | 100 % | 30.0 ms | 40.0 ms | 40.0 ms | 0.333',
    ])
  })

  it('show how long each queue is', async () => {
    const cards = await on('/workers', async (watched) => {
      await watched.page.locator('.tile').nth(1).waitFor()
      return tiles(watched)
    })
    expect(cards.toSorted()).toEqual([
      ['documents', '18', 'most 22'],
      ['mails', '19', 'most 19'],
    ])
  })

  it('say how to send some when there are none', async () => {
    const text = await on('/workers', (watched) => textOf(watched, 'main'), empty)
    expect(text).toContain('publishEvent() and processEvent()')
    expect(text).toContain('agentel.queue.depth')
  })
})

describe('business', () => {
  it('says what share of runs is completed, what they cost, how content people are', async () => {
    const shown = await on('/business', async (watched) => {
      await watched.page.locator('.tile', { hasText: '4 ratings' }).waitFor()
      await watched.page.locator('.tile', { hasText: 'revenue' }).waitFor()
      return new Map((await tiles(watched)).map(([name, value, sub]) => [name, [value, sub]]))
    })
    const failed = runs.filter((run) => run.failed).length + 2
    expect(shown.get('Runs completed')).toEqual([`${Math.round(((40 - failed) / 40) * 100)} %`, `${40 - failed} of 40`])
    const cost = runs.reduce((sum, run) => sum + run.cost, 0)
    expect(shown.get('A run costs')?.[0]).toBe(`$${(cost / 40).toPrecision(3)}`)
    expect(shown.get('Satisfaction')).toEqual(['3.50 of 5', '4 ratings'])
    expect(shown.get('revenue')).toEqual(['$119', 'team'])
  })

  it('says how many sessions there are in an hour, and how many runs in one', async () => {
    const opened = Date.now()
    const shown = await on('/business', async (watched) => {
      await watched.page.locator('.tile', { hasText: 'a session' }).first().waitFor()
      return new Map((await tiles(watched)).map(([name, value, sub]) => [name, [value, sub]]))
    })
    const first = Math.min(...runs.flatMap(({ spans }) => spans.map(({ start }) => start)))
    const most = 4 / ((opened - first) / 3_600_000)
    const [perHour, sessions] = shown.get('Sessions an hour') ?? []
    expect(sessions).toBe('4 sessions')
    expect(Number(perHour)).toBeGreaterThan(most * 0.8)
    expect(Number(perHour)).toBeLessThan(most * 1.01)
    const cost = runs.reduce((sum, run) => sum + run.cost, 0)
    expect(shown.get('Runs a session')).toEqual(['5.00', `$${(cost / 4).toPrecision(3)} a session`])
  })

  it('holds figures against their targets, and service levels', async () => {
    const [targets, levels] = await on('/business', async (watched) => {
      await watched.page.locator('.budget').waitFor()
      return [
        await watched.page.locator('.targets li').evaluateAll((all) => all.map((one) => one.className)),
        await textOf(watched, '.budgets'),
      ]
    })
    expect(targets).toEqual(['met', 'met', 'near', 'missed', 'missed'])
    expect(levels).toBe('first_answer 97 of 100 97 %')
  })
})

describe('feedback', () => {
  it('gives every evaluation with score and comment, and the mean', async () => {
    const [table, head] = await on('/feedback', async (watched) => [
      await rows(watched, 'Evaluations'),
      await textOf(watched, '.panel header'),
    ])
    expect(table!.map((row) => (row as readonly string[]).slice(1, 2)[0])).toEqual(['1', '4', '4', '5'])
    expect(table![0]).toContain('It cited a page that does not exist.')
    expect(head).toContain('3.50 on average of 4 ratings')
  })
})

describe('anomalies', () => {
  it('stand first while they go on, with observed and usual value', async () => {
    const [verdict, lines] = await on('/anomalies', async (watched) => {
      await watched.page.getByText('over after').waitFor()
      return [
        await textOf(watched, '.now-verdict'),
        await watched.page
          .locator('.anomaly')
          .evaluateAll((all) => all.map((one) => (one as HTMLElement).innerText.replaceAll(/\s+/g, ' ').trim())),
      ] as const
    })
    expect(verdict).toBe('1 anomaly going on.')
    expect(lines[0]).toMatch(
      /^critical writer: tasks take 41\.5 s.* observed 41\.5, usual 2\.50, score 0\.87 .*goes on/,
    )
    expect(lines[1]).toMatch(/^medium critic: .*over after 4 m 00 s/)
  })

  it('say that all is as usual when it is', async () => {
    expect(await on('/anomalies', (watched) => textOf(watched, '.now-verdict'), empty)).toBe('Everything is as usual.')
  })
})

describe('erasing a user', () => {
  it('says what would go, and after a click that it is gone', async () => {
    const user = runs[0]!.user
    const theirs = runs.filter((run) => run.user === user).length
    const said = await on('/settings', async ({ page }) => {
      await page.getByLabel('user.id').fill(user)
      await page.getByRole('button', { name: 'Look up' }).click()
      const question = await page.locator('.erase-question').innerText()
      await page.getByRole('button', { name: 'Erase', exact: true }).click()
      await page.getByText(`${user} is erased`).waitFor()
      return question
    })
    expect(said).toContain(`${theirs} runs of ${user} would go`)
    const left = (await (await fetch(`${bench.url}/api/traces?user=${user}&from=-1d`)).json()) as TraceList
    expect(left.total).toBe(0)
  })
})
