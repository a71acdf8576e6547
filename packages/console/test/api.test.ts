import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  ActorList,
  AgentGraph,
  AgentPage,
  ConsoleStatus,
  CostBreakdown,
  MetricList,
  MetricSeriesList,
  Overview,
} from '../src/index.ts'
import { ACTIONS } from '../src/api/actions.ts'
import { ROUTES } from '../src/api/routes.ts'
import type { ConsoleFixture } from './console-fixture.ts'
import { DESK_COST, startDesk } from './desk-run.ts'
import { BASE, spanId, TRACE_ID } from './otlp-json.ts'

let fixture: ConsoleFixture

beforeAll(async () => {
  fixture = await startDesk()
})
afterAll(() => fixture.stop())

describe('the API', () => {
  it('counts the overview from the same spans', async () => {
    const answer = await fixture.get<Overview>('/api/overview')
    expect(answer.totals).toEqual({
      traces: 1,
      failedTraces: 1,
      openTraces: 0,
      spans: 8,
      spanErrors: 3,
      traceP50: expect.closeTo(1000, -2),
      traceP95: expect.closeTo(1000, -2),
      inputTokens: 3000,
      outputTokens: 300,
      cost: expect.closeTo(DESK_COST, 10),
      unpriced: 0,
      costPerHour: expect.closeTo(DESK_COST, 10),
      modelCalls: 2,
      toolCalls: 1,
      toolErrors: 1,
    })
    expect(answer.previous.traces).toBe(0)
    expect(answer.series.spans.reduce((a, b) => a + b)).toBe(8)
    expect(answer.failed.map((t) => t.traceId)).toEqual([TRACE_ID])
    expect(answer.models.map(({ name, provider, inputTokens }) => [name, provider, inputTokens]).toSorted()).toEqual([
      ['gpt-4o', 'openai', 1000],
      ['gpt-4o-mini', 'openai', 2000],
    ])
    expect(answer.errorTypes).toEqual([{ type: '_OTHER', count: 3 }])
    expect(answer.durations.reduce((n, bar) => n + bar.count, 0)).toBe(1)
    expect(answer.traceSizes.find((bar) => bar.count > 0)).toEqual({ upTo: 10, count: 1 })
  })

  it('draws who works with whom: the handed-over agent is not called by the user as well', async () => {
    const { edges, nodes, matrix } = await fixture.get<AgentGraph>('/api/agents')
    const shown = edges.map(({ from, to, kind, count, errors }) => `${from} ${kind} ${to} ${count} ${errors}`)
    expect(shown.toSorted()).toEqual([
      'agent:planner handoff agent:researcher 1 0',
      'agent:researcher tool tool:search 1 1',
      'user calls agent:planner 1 0',
    ])
    for (const { traceIds } of edges) expect(traceIds).toEqual([TRACE_ID])
    expect(nodes.map(({ id, traces }) => [id, traces])).toEqual(
      expect.arrayContaining([
        ['agent:planner', 1],
        ['agent:researcher', 1],
        ['tool:search', 1],
        ['user', 1],
      ]),
    )
    expect(matrix.cells[matrix.from.indexOf('agent:planner')]![matrix.to.indexOf('agent:researcher')]).toMatchObject({
      count: 1,
      errors: 0,
    })
  })

  it('tells one agent with its models, tools, decisions and neighbours', async () => {
    const page = await fixture.get<AgentPage>('/api/agents/planner')
    expect(page.stats).toMatchObject({ count: 1, errors: 0, inputTokens: 1000, outputTokens: 100 })
    expect(page.models.map(({ name, count }) => [name, count])).toEqual([['gpt-4o', 1]])
    expect(page.decisions).toEqual([
      { name: 'route', count: 1, meanConfidence: 0.8, meanOptions: null, outcomes: [{ outcome: 'search', count: 1 }] },
    ])
    expect(page.outgoing.map(({ to, kind }) => [to, kind])).toEqual([['researcher', 'handoff']])
    expect(page.incoming.map(({ from, kind }) => [from, kind])).toEqual([['user', 'calls']])
    expect((await fetch(`${fixture.url}/api/agents/nobody`)).status).toBe(404)
  })

  it.each([
    [
      'model',
      [
        ['gpt-4o', 0.0035],
        ['gpt-4o-mini', 0.00042],
      ],
    ],
    [
      'agent',
      [
        ['planner', 0.0035],
        ['researcher', 0.00042],
      ],
    ],
    ['user', [['ada', 0.00392]]],
    ['session', [['s-1', 0.00392]]],
    ['service', [['desk', 0.00392]]],
    ['tool', [[null, 0.00392]]],
  ] as const)('breaks the cost down by %s, and the parts add up', async (by, rows) => {
    const answer = await fixture.get<CostBreakdown>(`/api/costs?by=${by}`)
    expect(answer.rows.map(({ value, cost }) => [value, Number(cost?.toFixed(8))])).toEqual(rows)
    expect([answer.total, answer.calls, answer.unpriced]).toEqual([expect.closeTo(DESK_COST, 10), 2, 0])
    expect(answer.series.cost.reduce((a, b) => a + b)).toBeCloseTo(DESK_COST, 10)
    expect(answer.dearest.map((t) => t.traceId)).toEqual([TRACE_ID])
  })

  it('has no projection of what was spent only just now', async () => {
    expect((await fixture.get<CostBreakdown>('/api/costs')).projection).toBeNull()
  })

  it('lists users and sessions', async () => {
    for (const [path, id] of [
      ['users', 'ada'],
      ['sessions', 's-1'],
    ]) {
      const { rows } = await fixture.get<ActorList>(`/api/${path}`)
      expect(rows).toEqual([
        {
          id,
          traces: 1,
          failedTraces: 1,
          firstSeen: BASE,
          lastSeen: BASE + 1000,
          inputTokens: 3000,
          outputTokens: 300,
          cost: expect.closeTo(DESK_COST, 10),
          unpriced: 0,
        },
      ])
    }
  })

  it('gives counters as increases and histograms with percentiles', async () => {
    const list = await fixture.get<MetricList>('/api/metrics?pattern=request*')
    expect(list.metrics.map(({ name, kind, series }) => [name, kind, series])).toEqual([
      ['request.duration', 'histogram', 1],
      ['requests', 'sum', 1],
    ])
    const counter = await fixture.get<MetricSeriesList>('/api/metrics/series?name=requests')
    expect(counter.series).toEqual([
      {
        attributes: { route: 'a' },
        service: 'desk',
        time: [BASE + 1000, BASE + 2000, BASE + 4000],
        value: [10, 10, 20],
        rate: [10, 10, 10],
        count: null,
        p50: null,
        p95: null,
        p99: null,
      },
    ])
    const histogram = await fixture.get<MetricSeriesList>('/api/metrics/series?name=request.duration&by=route')
    expect(histogram.series[0]).toMatchObject({
      attributes: { route: 'a' },
      value: [20, 40],
      count: [10, 20],
      p50: [1, 1],
      p95: [9.1, 9.1],
    })
    expect(histogram.summary).toMatchObject({ count: 30, mean: 2 })
    expect((await fetch(`${fixture.url}/api/metrics/series?name=nothing`)).status).toBe(404)
  })

  it('tells what a counter gains in a second, and of no other metric', async () => {
    const rates = async (name: string) =>
      (await fixture.get<MetricSeriesList>(`/api/metrics/series?name=${name}`)).series.map(({ rate }) => rate)
    expect(await rates('requests')).toEqual([[10, 10, 10]])
    expect(await rates('request.duration')).toEqual([null])
  })

  it('leaves out metrics that matter less than is asked for', async () => {
    const names = async (query: string) =>
      (await fixture.get<MetricList>(`/api/metrics${query}`)).metrics.map(({ name, importance }) => [name, importance])
    const all = [
      ['request.duration', 'info'],
      ['requests', 'info'],
    ]
    expect(await names('?importance=info')).toEqual(all)
    expect(await names('')).toEqual(all)
    expect(await names('?importance=warning')).toEqual([])
    expect((await fetch(`${fixture.url}/api/metrics?importance=loud`)).status).toBe(400)
  })

  it('tells about itself', async () => {
    const status = await fixture.get<ConsoleStatus>('/api/status')
    expect(status.store).toMatchObject({
      traces: 1,
      stored: { spans: 8, logs: 1, metricPoints: 5 },
      fault: null,
      file: fixture.dataFile,
    })
    expect(status.endpoints).toEqual({ http: fixture.url, grpc: `http://127.0.0.1:${fixture.console.grpcPort}` })
  })

  it('documents every path that it answers', async () => {
    const document = await fixture.get<{
      openapi: string
      paths: Record<string, { get?: { parameters: { name: string; in: string }[] } }>
    }>('/api/openapi.json')
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths).toSorted()).toEqual(
      [...new Set([...ROUTES, ...ACTIONS].map((route) => route.path)), '/api/live'].toSorted(),
    )
    const values: Record<string, string> = { traceId: TRACE_ID, spanId: spanId(1), name: 'planner', signal: 'traces' }
    for (const [path, { get }] of Object.entries(document.paths)) {
      if (path === '/api/live' || get === undefined) continue
      if (path === '/api/alerts/incident') continue // There is no alert to report.
      if (path === '/api/transactions/{id}') continue // No event names one.
      const required = get.parameters.filter((p) => p.in === 'query' && p.name === 'name').map(() => 'name=requests')
      const url = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!)
      expect([path, (await fetch(`${fixture.url}${url}?${required.join('&')}`)).status]).toEqual([path, 200])
    }
  })
})
