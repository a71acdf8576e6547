/** Which call of a tool waited for the results of which others: in the panel, in the waterfall and in the graph of a run. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBench, textOf, type Bench } from './open-console.ts'
import { sendSpans, type SentSpan } from './otlp-json.ts'

const TRACE_ID = 'a'.repeat(32)
const start = Date.now() - 60_000

let at = 0
function step(kind: string, name: string, from: number, to: number, parent?: string): SentSpan {
  const attributes = {
    'gen_ai.operation.name': kind,
    ...(kind === 'execute_tool' && { 'gen_ai.tool.name': name }),
    ...(kind === 'invoke_agent' && { 'gen_ai.agent.name': name }),
  }
  const spanId = String(++at).padStart(16, '0')
  const placed = { traceId: TRACE_ID, spanId, name: `${kind} ${name}`, start: start + from, duration: to - from }
  return { ...placed, attributes, ...(parent !== undefined && { parentSpanId: parent }) }
}

const agent = step('invoke_agent', 'researcher', 0, 900)
const below = (kind: string, name: string, from: number, to: number) => step(kind, name, from, to, agent.spanId)
/** Two tools at once, then one that needs both, then ten of one name that the model asked for after that. */
const RUN = [
  agent,
  below('chat', 'gpt-4o', 0, 100),
  below('execute_tool', 'search', 100, 180),
  below('execute_tool', 'list_pages', 100, 240),
  below('chat', 'gpt-4o', 250, 300),
  below('execute_tool', 'fetch_page', 300, 400),
  below('chat', 'gpt-4o', 410, 450),
  ...Array.from({ length: 10 }, (_, n) => below('execute_tool', 'count_words', 450 + n, 500 + n)),
  below('chat', 'gpt-4o', 600, 700),
  below('execute_tool', 'save', 700, 800),
]

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
  await sendSpans(bench.url, RUN)
})
afterAll(() => bench.close())

const opened = (tool: string, view = 'timeline') => {
  const { spanId } = RUN.find(({ name }) => name === `execute_tool ${tool}`)!
  return bench.open(`/runs/${TRACE_ID}?span=${spanId}&view=${view}`)
}

describe('a call of a tool', () => {
  it('names the calls whose results the model had newly seen, and marks them in the waterfall', async () => {
    const watched = await opened('fetch_page')
    expect(await textOf(watched, '.asked-after')).toBe('Asked for after the results of search list_pages')
    const marked = watched.page.locator('.line', { has: watched.page.locator('.mark.awaited') })
    expect(await marked.locator('.name').allInnerTexts()).toEqual(['execute_tool search', 'execute_tool list_pages'])
    await watched.page.locator('.asked-after').getByRole('button', { name: 'list_pages' }).click()
    expect(await textOf(watched, '.line.selected .name')).toBe('execute_tool list_pages')
    await watched.page.locator('.span-panel h3', { hasText: 'list_pages' }).waitFor()
    // The first tools waited for nothing.
    expect(await watched.page.locator('.asked-after, .mark.awaited').count()).toBe(0)
    expect([watched.faults, watched.strays]).toEqual([[], []])
    await watched.context.close()
  })

  it('counts what it does not name', async () => {
    const watched = await opened('save')
    const names = Array.from({ length: 8 }, () => 'count_words').join(' ')
    expect(await textOf(watched, '.asked-after')).toBe(`Asked for after the results of ${names} and 2 others`)
    expect(await watched.page.locator('.mark.awaited').count()).toBe(10)
    await watched.context.close()
  })

  it('is joined in the graph of the run to those that it was asked for after', async () => {
    const watched = await opened('save', 'graph')
    await watched.page.locator('.agent-graph .edge').first().waitFor()
    const edges = await watched.page.locator('.edge.after title').allTextContents()
    expect(edges.map((text) => text.split(':')[0]).toSorted()).toEqual([
      'count_words is asked for after fetch_page',
      'fetch_page is asked for after list_pages',
      'fetch_page is asked for after search',
      'save is asked for after count_words',
    ])
    await watched.context.close()
  })
})
