import { afterEach, beforeEach, expect, it } from 'vitest'
import { agentPage } from '../src/query/agents.ts'
import { BASE, keyValues, spanId, timeNanos } from './otlp-json.ts'
import { AGENT, bodyOf, NO_QUERY, openStoreFixture, settle, type StoreFixture, traces } from './store-fixture.ts'

let fixture: StoreFixture
beforeEach(() => {
  fixture = openStoreFixture()
})
afterEach(() => fixture.remove())

const run = (n: number, name: string, error?: string) =>
  traces([
    {
      traceId: `${n}`.padStart(32, 'a'),
      spanId: spanId(n),
      attributes: { ...AGENT, 'gen_ai.agent.name': name },
      ...(error === undefined ? {} : { error }),
    },
  ])

const uptime = (seconds: number, agent?: string) => ({
  timeUnixNano: timeNanos(seconds * 1000),
  asDouble: seconds,
  attributes: keyValues(agent === undefined ? {} : { 'gen_ai.agent.name': agent }),
})

it('sums an agent up with its success rate, and its uptime where it has a process for itself', () => {
  fixture.run((store, read) => {
    const dataPoints = [uptime(60, 'planner'), uptime(120, 'planner'), uptime(900)]
    const metrics = [{ name: 'process.uptime', unit: 's', gauge: { dataPoints } }]
    store.ingest([
      ...[1, 2, 3].map((n) => run(n, 'planner')),
      run(4, 'planner', 'broke'),
      run(5, 'researcher', 'broke'),
      bodyOf('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
    ])
    settle(store)
    const page = (name: string) => {
      const found = read((reader) => agentPage(reader, name, NO_QUERY))!
      return { runs: found.stats.count, successRate: found.successRate, uptime: found.uptime }
    }
    expect(page('planner')).toEqual({ runs: 4, successRate: 0.75, uptime: 120_000 })
    expect(page('researcher')).toEqual({ runs: 1, successRate: 0, uptime: null })
  })
})

it('says what its newest run says of it, its runs with the newest first, and since when it is known', () => {
  fixture.run((store, read) => {
    const spans = [1, 2].map((n) => ({
      traceId: `${n}`.padStart(32, 'a'),
      spanId: spanId(n),
      start: n * 1000,
      attributes: {
        ...AGENT,
        'gen_ai.agent.description': `Plans, version ${n}.`,
        'agentel.agent.tools': ['search', `tool-${n}`],
        'agentel.agent.capabilities': ['planning'],
      },
    }))
    for (const span of spans) store.ingest([traces([span])])
    settle(store)
    const page = read((reader) => agentPage(reader, 'planner', NO_QUERY))!
    expect(page).toMatchObject({
      description: 'Plans, version 2.',
      declaredTools: ['search', 'tool-2'],
      capabilities: ['planning'],
      firstSeen: BASE + 1000,
      lastSeen: BASE + 2000,
    })
    expect(page.recent.map(({ traceId }) => traceId)).toEqual([spans[1]!.traceId, spans[0]!.traceId])
  })
})
