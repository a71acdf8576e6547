/** The list of runs and the page of one run, in a real browser, against what was sent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { count, money } from '../../ui/format/quantity.ts'
import { duration } from '../../ui/format/time.ts'
import { deskRuns, type DeskRun } from './desk-runs.ts'
import { openBench, settled, textOf, type Bench } from './open-console.ts'
import { sendLogs, sendSpans } from './otlp-json.ts'

let bench: Bench
let runs: readonly DeskRun[]

beforeAll(async () => {
  bench = await openBench()
  const now = Date.now()
  runs = deskRuns(20, now)
  for (const run of runs) await sendSpans(bench.url, run.spans)
  const [failed] = runs.filter((run) => run.failed)
  await sendLogs(bench.url, [
    {
      time: now - 60_000,
      severity: 17,
      body: 'the page did not answer',
      traceId: failed!.traceId,
      spanId: failed!.spans[0]!.spanId,
    },
  ])
})
afterAll(() => bench.close())

/** What a row of the list says, column by column. */
const ROW = {
  title: '.title',
  agents: '.agents .hidden',
  spans: '.spans',
  tokens: '.tokens',
  cost: '.cost',
  took: '.took > span',
}

describe('the list of runs', () => {
  it('shows of each run what was sent: question, agents, spans, tokens, cost and duration', async () => {
    const watched = await bench.open('/runs')
    await watched.page.waitForFunction((n) => document.querySelectorAll('.run-item').length === n, runs.length)
    const shown = await watched.page
      .locator('.run-item')
      .evaluateAll(
        (items, columns) =>
          items.map((item) =>
            Object.fromEntries(
              Object.entries(columns).map(([name, selector]) => [name, item.querySelector(selector)?.textContent]),
            ),
          ),
        ROW,
      )
    expect(shown).toEqual(
      runs.map((run) => ({
        title: run.title,
        agents: run.failed ? 'planner, researcher' : 'planner, researcher, critic, writer',
        spans: String(run.spans.length),
        tokens: count(run.inputTokens + run.outputTokens),
        cost: money(run.cost) + (run.unpriced > 0 ? '+?' : ''),
        took: duration(run.duration),
      })),
    )
    expect(await textOf(watched, '.page-head .sub')).toBe('20 runs in 1 hour')
    await watched.context.close()
  })

  it('narrows to the failed runs by a click on a facet, and keeps that in the URL', async () => {
    const watched = await bench.open('/runs')
    await watched.page.getByRole('button', { name: /^error 3$/ }).click()
    await watched.page.waitForFunction(() => document.querySelectorAll('.run-item').length === 3)
    expect(new URL(watched.page.url()).search).toBe('?status=error')
    await watched.page.reload()
    await settled(watched)
    expect(await watched.page.locator('.run-item').count()).toBe(3)
    // Where a failure began is known once a run has been quiet for a moment.
    await watched.page.locator('.run-item .why', { hasText: 'fetch_page timed out after 30 000 ms' }).first().waitFor()
    await watched.context.close()
  })

  it('reads an expression from the search box', async () => {
    const watched = await bench.open('/runs')
    await watched.page.getByRole('searchbox').first().fill('agent:writer cost>0.05 user:user-1')
    await watched.page.keyboard.press('Enter')
    const wanted = runs.filter((run) => !run.failed && run.cost >= 0.05 && run.user === 'user-1')
    await watched.page.waitForFunction((n) => document.querySelectorAll('.run-item').length === n, wanted.length)
    expect(new URL(watched.page.url()).search).toBe('?agent=writer&minCost=0.05&user=user-1')
    await watched.context.close()
  })

  it('keeps a filter in the browser, and forgets it when it is told to', async () => {
    const watched = await bench.open('/runs?agent=writer&minCost=0.05')
    await watched.page.getByRole('button', { name: 'Save', exact: true }).click()
    await watched.page.goto('/runs')
    await watched.page.getByRole('link', { name: 'agent: writer, cost ≥ $0.0500' }).click()
    expect(new URL(watched.page.url()).search).toBe('?agent=writer&minCost=0.05')
    await watched.page.getByRole('button', { name: 'Forget agent: writer, cost ≥ $0.0500' }).click()
    expect(await watched.page.getByRole('navigation', { name: 'Saved filters' }).count()).toBe(0)
    await watched.context.close()
  })

  it('sorts by duration with the longest first', async () => {
    const watched = await bench.open('/runs?sort=duration')
    const longest = Math.max(...runs.map((run) => run.duration))
    expect(await textOf(watched, '.run-item .took > span')).toBe(duration(longest))
    await watched.context.close()
  })

  it('shows its rows on a phone too, with title, age, duration and cost', async () => {
    const watched = await bench.open('/runs', { width: 390, height: 844 })
    const row = watched.page.locator('.run-item').first()
    await row.waitFor()
    expect(await textOf(watched, '.run-item .run-row')).toMatch(/^Compare vector stores for a legal archive .*3\.31 s/)
    expect(await row.boundingBox()).toMatchObject({ height: 52 })
    await watched.context.close()
  })

  it('is walked by j, k and Enter', async () => {
    const watched = await bench.open('/runs')
    for (const key of ['j', 'j', 'k', 'j', 'Enter']) await watched.page.keyboard.press(key)
    await watched.page.waitForURL(`**/runs/${runs[1]!.traceId}*`)
    await watched.context.close()
  })

  it('tells how to send a first span when there is nothing, with the address of this console', async () => {
    const empty = await openBench()
    const watched = await empty.open('/runs')
    expect(await textOf(watched, 'main h1')).toBe('No runs yet')
    const lines = await watched.page.locator('.ways pre').allInnerTexts()
    expect(lines.map((text) => text.includes(empty.url))).toEqual([true, true, true, true])
    await watched.page.getByRole('button', { name: 'Send a test span from this page' }).click()
    await watched.page.locator('.line .name', { hasText: 'hello from this page' }).waitFor()
    expect(watched.faults).toEqual([])
    await watched.context.close()
    await empty.close()
  })
})

describe('the page of a run', () => {
  it('opens a failed run at its failure, with the verdict, the exception and its stack', async () => {
    const run = runs.find((one) => one.failed)!
    const watched = await bench.open(`/runs/${run.traceId}`)
    expect(await textOf(watched, '.verdict')).toContain(
      'Failed in invoke_agent researcher › execute_tool fetch_page: timed out after 30 000 ms',
    )
    expect(await textOf(watched, '.line.selected .name')).toBe('execute_tool fetch_page')
    await watched.page.locator('.failure').waitFor()
    expect(await textOf(watched, '.failure')).toBe(
      'TimeoutError timed out after 30 000 ms TimeoutError: timed out at fetchPage (web.ts:41:11)',
    )
    await watched.context.close()
  })

  it('shows every span of a run in order, with its duration and the cost of its branch', async () => {
    const run = runs[1]!
    const watched = await bench.open(`/runs/${run.traceId}`)
    const names = await watched.page.locator('.line .name').allInnerTexts()
    expect(names).toEqual([
      'invoke_workflow research_desk',
      'invoke_agent planner',
      'chat gpt-4o-mini',
      'transfer researcher',
      'invoke_agent researcher',
      'chat gpt-4o',
      'execute_tool web_search',
      'transfer critic',
      'invoke_agent critic',
      'chat gpt-4o',
      'transfer writer',
      'invoke_agent writer',
      'chat gpt-4o',
    ])
    expect(await textOf(watched, '.virtual .line-took')).toBe(duration(run.duration))
    expect(await textOf(watched, '.virtual .line-cost')).toBe(money(run.cost))
    await watched.context.close()
  })

  it('shows the messages, arguments and results of a span that is chosen', async () => {
    const run = runs[1]!
    const watched = await bench.open(`/runs/${run.traceId}`)
    await watched.page.getByRole('treeitem', { name: /execute_tool web_search/ }).click()
    await watched.page.locator('.span-panel h3', { hasText: 'execute_tool web_search' }).waitFor()
    const panel = await textOf(watched, '.span-panel')
    expect(panel).toContain('"query": "vector stores"')
    expect(panel).toContain('"hits": 3')
    await watched.page.getByRole('treeitem', { name: /chat gpt-4o-mini/ }).click()
    await watched.page.locator('.span-panel', { hasText: 'planner says: done with step 1.' }).waitFor()
    expect(new URL(watched.page.url()).searchParams.get('span')).toMatch(/^[0-9a-f]{16}$/)
    await watched.context.close()
  })

  it('shows the conversation with each message once', async () => {
    const run = runs[1]!
    const watched = await bench.open(`/runs/${run.traceId}`)
    await watched.page.getByRole('tab', { name: 'Conversation' }).click()
    await watched.page.locator('.turn').first().waitFor()
    const conversation = await textOf(watched, '.conversation')
    for (const agent of ['planner', 'researcher', 'critic', 'writer'])
      expect(conversation).toContain(`${agent} says: done with step 1.`)
    expect(conversation.split(run.title).length - 1).toBe(1)
    await watched.context.close()
  })

  it('draws who handed over to whom', async () => {
    const watched = await bench.open(`/runs/${runs[1]!.traceId}?view=graph`)
    await watched.page.locator('.agent-graph .edge').first().waitFor()
    const edges = await watched.page.locator('.edge title').allTextContents()
    expect(edges.filter((text) => text.includes('hands over to')).map((text) => text.split(':')[0])).toEqual([
      'planner hands over to researcher',
      'researcher hands over to critic',
      'critic hands over to writer',
    ])
    await watched.context.close()
  })

  it('goes to the next error, the next view and the next run by keys', async () => {
    const run = runs.find((one) => one.failed)!
    const watched = await bench.open('/runs')
    await watched.page.locator(`a.run-row[href*="${run.traceId}"]`).click()
    await watched.page.locator('.line.selected').waitFor()
    await watched.page.keyboard.press('E')
    expect(await textOf(watched, '.line.selected .name')).toBe('invoke_agent researcher')
    await watched.page.keyboard.press('e')
    expect(await textOf(watched, '.line.selected .name')).toBe('execute_tool fetch_page')
    await watched.page.keyboard.press('2')
    await watched.page.locator('.steps').waitFor()
    await watched.page.keyboard.press('j')
    await watched.page.waitForURL(`**/runs/${runs[runs.indexOf(run) + 1]!.traceId}*`)
    await watched.context.close()
  })

  it('goes from a failure to the last step that went well before it', async () => {
    const run = runs.find((one) => one.failed)!
    const watched = await bench.open(`/runs/${run.traceId}`)
    await watched.page.locator('.line.selected').waitFor()
    await watched.page.keyboard.press('l')
    expect(await textOf(watched, '.line.selected .name')).toBe('chat gpt-4o')
    expect(await textOf(watched, '.verdict')).toContain('last good step: chat gpt-4o')
    await watched.context.close()
  })

  it('shows the logs of the run and its raw OTLP', async () => {
    const run = runs.find((one) => one.failed)!
    const watched = await bench.open(`/runs/${run.traceId}?view=logs`)
    await watched.page.locator('.run-view .log').first().waitFor()
    expect(await textOf(watched, '.run-view .log-lines')).toContain('the page did not answer')
    await watched.page.keyboard.press('6')
    await watched.page.getByRole('button', { name: /Open all/ }).click()
    await watched.page.getByPlaceholder('Find').fill('fetch_page')
    expect(await textOf(watched, '.viewer-head .soft')).toMatch(/^[1-9]\d* lines$/)
    await watched.context.close()
  })

  it('is copied in the form that one needs: for a terminal, a colleague, an issue', async () => {
    const run = runs.find((one) => one.failed)!
    const watched = await bench.open(`/runs/${run.traceId}`)
    await watched.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const copied = async (form: string): Promise<string> => {
      await watched.page.getByLabel('Copy this run as').selectOption(form)
      await watched.page.locator('option', { hasText: 'Copied' }).waitFor({ state: 'attached' })
      const text = await watched.page.evaluate(() => navigator.clipboard.readText())
      await watched.page.locator('option', { hasText: 'Copied' }).waitFor({ state: 'detached' })
      return text
    }
    expect(await copied('link')).toBe(`${bench.url}/runs/${run.traceId}`)
    expect(await copied('agentel command')).toBe(`npx @agentel/cli trace ${run.traceId} --url ${bench.url}`)
    expect(JSON.parse(await copied('OTLP/JSON'))).toMatchObject({ resourceSpans: [{ scopeSpans: [{}] }] })
    const markdown = await copied('Markdown for an issue')
    expect(markdown).toContain(`**${run.title}** failed (`)
    expect(markdown).toContain('Failed in `execute_tool fetch_page`: ')
    await watched.context.close()
  })

  it('says so when there is no such run', async () => {
    const watched = await bench.open(`/runs/${'f'.repeat(32)}`)
    await watched.page.locator('.notice.bad').waitFor()
    expect(await textOf(watched, '.notice.bad')).toContain('All runs')
    await watched.context.close()
  })
})
