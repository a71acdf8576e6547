/** Overview, agents, cost, sessions, logs, settings: their figures against what was sent. */
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_USER_ID,
  EVENT_AGENTEL_ANOMALY_DETECTED,
  EVENT_GEN_AI_EVALUATION_RESULT,
  METRIC_OTEL_SDK_PROCESSOR_SPAN_PROCESSED,
} from '@agentel/semconv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { count, money, percent } from '../../ui/format/quantity.ts'
import { deskRuns, type DeskRun } from './desk-runs.ts'
import { openBench, textOf, type Bench } from './open-console.ts'
import type { WatchedPage } from './open-browser.ts'
import { sendIncrease, sendLogs, sendSpans } from './otlp-json.ts'

let bench: Bench
let runs: readonly DeskRun[]

const sum = (of: (run: DeskRun) => number, among: readonly DeskRun[] = runs): number =>
  among.reduce((total, run) => total + of(run), 0)

beforeAll(async () => {
  bench = await openBench()
  const now = Date.now()
  runs = deskRuns(20, now)
  for (const run of runs) await sendSpans(bench.url, run.spans)
  await sendLogs(bench.url, [
    { time: now - 3_000, severity: 9, event: 'agentel.task.started', body: 'first', traceId: runs[0]!.traceId },
    { time: now - 2_000, severity: 17, event: 'agentel.task.failed', body: 'second' },
  ])
})
afterAll(() => bench.close())

/** A table as rows of cells. */
async function table(watched: WatchedPage, region: string): Promise<readonly (readonly string[])[]> {
  const body = watched.page.getByRole('region', { name: region }).locator('tbody tr')
  return body.evaluateAll((rows) =>
    rows.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText.replaceAll(/\s+/g, ' ').trim())),
  )
}

describe('the overview', () => {
  it('says first how many runs failed, and where', async () => {
    const watched = await bench.open('/')
    await watched.page.locator('.now-verdict', { hasText: 'fetch_page timeout (3)' }).waitFor()
    expect(await textOf(watched, '.now-verdict')).toContain('3 of 20 runs failed in 1 hour (15 %)')
    await watched.context.close()
  })

  it('counts runs, failures, tokens, cost and tool calls as they were sent', async () => {
    const watched = await bench.open('/')
    const tiles = await watched.page
      .locator('.tile')
      .evaluateAll((all) =>
        all.map((tile) => [
          tile.querySelector('.tile-name')?.textContent,
          tile.querySelector('.tile-value')?.textContent,
        ]),
      )
    const shown = Object.fromEntries(tiles)
    delete shown['Duration p95']
    expect(shown).toEqual({
      Runs: '20',
      Failed: '3',
      Tokens: count(sum((run) => run.inputTokens + run.outputTokens)),
      Cost: money(sum((run) => run.cost)),
      'Tool calls': '20',
    })
    expect(await textOf(watched, '.tile .warn-text')).toBe(`${sum((run) => run.unpriced)} unpriced`)
    await watched.context.close()
  })

  it('shows of each agent how often it was called and how often it failed', async () => {
    const watched = await bench.open('/')
    const rows = await table(watched, 'Agent figures')
    expect(rows.map(([name, calls, failed]) => [name, calls, failed])).toEqual(
      expect.arrayContaining([
        ['planner', '20', '0'],
        ['researcher', '20', '3 · 15 %'],
        ['critic', '17', '0'],
        ['writer', '17', '0'],
      ]),
    )
    await watched.context.close()
  })
})

describe('the distributions of the overview', () => {
  it('draws how long runs took, how large they are, and how operations of each type fared', async () => {
    const watched = await bench.open('/')
    const sizes = await watched.page
      .getByRole('list', { name: 'Runs by number of spans' })
      .locator('li')
      .evaluateAll((items) => items.map((item) => (item as HTMLElement).title))
    expect(sizes.map((text) => text.split(': ')[1])).toEqual(['3 runs', '17 runs'])
    const durations = await watched.page
      .getByRole('list', { name: 'Runs by duration' })
      .locator('li .right')
      .allInnerTexts()
    expect(durations.reduce((total, text) => total + Number(text), 0)).toBe(20)
    const types = await table(watched, 'Type figures')
    const byType = new Map(types.map(([name, calls, failed]) => [name, [calls, failed]]))
    expect(byType.get('tool')).toEqual(['20', '3 · 15 %'])
    expect(byType.get('workflow')).toEqual(['20', '3 · 15 %'])
    await watched.context.close()
  })
})

describe('the agents', () => {
  it('draws each handover and each use of a tool with its count and failures', async () => {
    const watched = await bench.open('/agents')
    await watched.page.locator('.edge').first().waitFor()
    const edges = await watched.page.locator('.edge title').allTextContents()
    const said = edges.map((text) => text.split(', p95')[0])
    expect(said).toEqual(
      expect.arrayContaining([
        'planner hands over to researcher: 20 times, 0 failed',
        'researcher hands over to critic: 17 times, 0 failed',
        'critic hands over to writer: 17 times, 0 failed',
        'researcher uses fetch_page: 3 times, 3 failed',
        'researcher uses web_search: 17 times, 0 failed',
      ]),
    )
    // 20 handovers, 3 failures of a tool in the last hour.
    const labels = await watched.page.locator('.edge-label').allTextContents()
    expect(labels).toEqual(expect.arrayContaining(['20 · 20/h', '3 · 3.0/h · 3 failed']))
    await watched.context.close()
  })

  it('shows the figures of what is chosen, in graph and matrix alike, and keeps it in the URL', async () => {
    const watched = await bench.open('/agents')
    await watched.page.getByRole('button', { name: /agent researcher/ }).click()
    await watched.page.locator('.selection').waitFor()
    expect(await textOf(watched, '.selection')).toContain('Failed 3 · 15 %')
    expect(new URL(watched.page.url()).searchParams.get('at')).toBe('agent:researcher')
    await watched.page.getByRole('button', { name: /planner to researcher/ }).click()
    await watched.page.locator('.selection', { hasText: 'planner hands over to researcher' }).waitFor()
    await watched.context.close()
  })

  it('gives an agent a page with its health and the reasons for it', async () => {
    const watched = await bench.open('/agents/researcher')
    const health = await textOf(watched, '.now-verdict')
    expect(health).toMatch(/^Unhealthy\. 85 % of its calls succeed/)
    expect(health).toContain('20 calls')
    await watched.context.close()
  })
})

describe('the cost', () => {
  it('is the sum of what was sent, by model, and says which calls have no price', async () => {
    const watched = await bench.open('/cost')
    expect(await textOf(watched, '.total')).toBe(money(sum((run) => run.cost)))
    expect(await textOf(watched, '.notice.warn')).toContain(`${sum((run) => run.unpriced)} calls without a known price`)
    const rows = await table(watched, 'Cost by model')
    const house = rows.find(([name]) => name === 'house-model')
    expect(house?.slice(0, 4)).toEqual(['house-model', 'unpriced', '-', String(sum((run) => run.unpriced))])
    await watched.context.close()
  })

  it('is broken down by user with the right share of each', async () => {
    const watched = await bench.open('/cost')
    await watched.page.getByRole('button', { name: 'user', exact: true }).click()
    await watched.page.getByRole('region', { name: 'Cost by user' }).waitFor()
    const rows = await table(watched, 'Cost by user')
    const all = sum((run) => run.cost)
    const wanted = ['user-0', 'user-1', 'user-2'].map((user) => {
      const own = runs.filter((run) => run.user === user)
      const cost = sum((run) => run.cost, own)
      return [user, money(cost) + (sum((run) => run.unpriced, own) > 0 ? '+?' : ''), percent(cost / all)]
    })
    expect(rows.map((row) => row.slice(0, 3))).toEqual(expect.arrayContaining(wanted))
    await watched.context.close()
  })
})

describe('the other pages', () => {
  it('list the sessions, and show one as what was asked and answered', async () => {
    const watched = await bench.open('/sessions')
    const rows = await table(watched, 'sessions')
    expect(new Map(rows.map(([name, count]) => [name, count]))).toEqual(
      new Map(['session-0', 'session-1', 'session-2', 'session-3'].map((name) => [name, '5'])),
    )
    await watched.page.getByRole('link', { name: 'session-1' }).click()
    await watched.page.locator('.exchanges .message').first().waitFor()
    expect(await watched.page.locator('.exchanges > li').count()).toBe(5)
    await watched.context.close()
  })

  it('show log records by level, tied to their run', async () => {
    const watched = await bench.open('/logs')
    await watched.page.locator('.log-lines > li').first().waitFor()
    expect(await watched.page.locator('.log-lines > li').count()).toBe(2)
    await watched.page.getByLabel('Level').selectOption('17')
    await watched.page.waitForFunction(() => document.querySelectorAll('.log-lines > li').length === 1)
    expect(await textOf(watched, '.log-lines')).toContain('second')
    await watched.context.close()
  })

  it('compare two runs and mark where they first differ', async () => {
    const [failed, good] = [runs.find((run) => run.failed)!, runs[1]!]
    const watched = await bench.open(`/compare?a=${good.traceId}&b=${failed.traceId}`)
    await watched.page.locator('.compare-row.first').waitFor()
    expect(await textOf(watched, '.compare-row.first')).toContain('execute_tool web_search')
    await watched.context.close()
  })

  it('say what to fix first, with the evidence for it', async () => {
    const watched = await bench.open('/health')
    const findings = await watched.page.locator('.finding').allInnerTexts()
    expect(findings[0]).toContain('15 % of the runs fail: 3 of 20 runs.')
    expect(findings.some((text) => text.includes('model calls have no known price: house-model.'))).toBe(true)
    await watched.page.getByRole('link', { name: 'failed runs' }).first().click()
    await watched.page.waitForFunction(() => document.querySelectorAll('.run-item').length === 3)
    await watched.context.close()
  })

  it('show signals of each kind, tied to their run', async () => {
    const { traceId } = runs[2]!
    const time = Date.now() - 1_000
    await sendLogs(bench.url, [
      { time, severity: 13, event: EVENT_AGENTEL_ANOMALY_DETECTED, body: 'duration is 9 sigma off', traceId },
      { time, severity: 9, event: EVENT_GEN_AI_EVALUATION_RESULT, body: 'rated 2 of 5', traceId },
    ])
    const watched = await bench.open('/signals')
    await watched.page.getByText('duration is 9 sigma off').waitFor()
    expect(await textOf(watched, '.signals-page')).toContain('rated 2 of 5')
    expect(await watched.page.locator(`a[href*="${traceId}"]`).count()).toBe(2)
    await watched.context.close()
  })

  it('show how people rated the answers: on average, by user, and each low rating with its run', async () => {
    const { traceId } = runs[4]!
    const rating = (user: string, score: number, comment: string, at: number) => ({
      time: Date.now() - at,
      severity: 9,
      event: EVENT_GEN_AI_EVALUATION_RESULT,
      body: '',
      traceId,
      attributes: {
        [ATTR_GEN_AI_EVALUATION_NAME]: 'user_feedback',
        [ATTR_GEN_AI_EVALUATION_SCORE_VALUE]: score,
        [ATTR_GEN_AI_EVALUATION_EXPLANATION]: comment,
        [ATTR_USER_ID]: user,
      },
    })
    await sendLogs(bench.url, [
      rating('ada', 5, 'just right', 4_000),
      rating('ada', 4, 'good', 3_000),
      rating('ben', 1, 'it made that up', 2_000),
    ])
    const watched = await bench.open('/signals')
    await watched.page.locator('.ratings').waitFor()
    expect(await textOf(watched, '.panel:has(.ratings) .more')).toContain('3.33 on average of 3 ratings')
    const stars = await watched.page.getByRole('list', { name: 'Ratings by stars' }).locator('.right').allInnerTexts()
    expect(stars).toEqual(['1', '0', '0', '1', '1'])
    expect(await textOf(watched, '.rating-users')).toBe('ben 1.0 · 1 rating ada 4.5 · 2 ratings')
    expect(await textOf(watched, '.low-ratings')).toContain('it made that up')
    expect(await watched.page.locator(`.low-ratings a[href*="${traceId}"]`).count()).toBe(1)
    await watched.context.close()
  })

  it('say what is stored and where to send', async () => {
    const watched = await bench.open('/settings')
    const spans = runs.flatMap((run) => run.spans).length
    const facts = await textOf(watched, '.settings-panels')
    expect(facts).toContain(`Spans ${spans}`)
    expect(facts).toContain(`OTLP over HTTP ${bench.url}`)
    expect(await textOf(watched, '.now-verdict')).toBe('Everything that arrived is stored.')
    expect(facts).not.toContain('Lost by senders')
    await watched.context.close()
  })

  it('say what senders lost before it could arrive, and why', async () => {
    const sent = { time: Date.now() - 1000, value: 443, attributes: { [ATTR_ERROR_TYPE]: 'queue_full' } }
    await sendIncrease(bench.url, METRIC_OTEL_SDK_PROCESSOR_SPAN_PROCESSED, sent)
    const watched = await bench.open('/settings')
    await watched.page.getByText('Lost by senders in 24 hours').waitFor()
    expect(await textOf(watched, '.settings-panels')).toContain(
      'desk: the queue was full; OTEL_BSP_MAX_QUEUE_SIZE (of log records OTEL_BLRP_MAX_QUEUE_SIZE) makes the queue longer 443 spans',
    )
    await watched.context.close()
  })
})
