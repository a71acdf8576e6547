import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ATTR_AGENTEL_DECISION_CONFIDENCE,
  ATTR_AGENTEL_DECISION_NAME,
  ATTR_AGENTEL_DECISION_OUTCOME,
  ATTR_AGENTEL_TRANSFER_SOURCE_NAME,
  ATTR_AGENTEL_TRANSFER_TARGET_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '@agentel/semconv'
import type {
  ActorList,
  AgentGraph,
  AgentPage,
  ConsoleStatus,
  Conversation,
  CostBreakdown,
  Facets,
  LiveEvent,
  LogList,
  MetricList,
  MetricSeriesList,
  Overview,
  SpanDetail,
  TraceList,
  TraceSkeleton,
} from '../src/index.ts'
import { ROUTES } from '../src/api/routes.ts'
import { type ConsoleFixture, startFixture } from './console-fixture.ts'
import { BASE, keyValues, logRequest, spanId, type SpanSpec, timeNanos, TRACE_ID, traceRequest } from './otlp-json.ts'

let fixture: ConsoleFixture

function text(role: string, content: string): object {
  return { role, parts: [{ type: 'text', content }] }
}

const QUESTION = text('user', 'Compare two stores.')
const PLAN = text('assistant', 'First search.')

function agent(name: string): Record<string, unknown> {
  return { [ATTR_GEN_AI_OPERATION_NAME]: 'invoke_agent', [ATTR_GEN_AI_AGENT_NAME]: name }
}

function chat(model: string, input: object[], output: object[], tokens: number): Record<string, unknown> {
  return {
    [ATTR_GEN_AI_OPERATION_NAME]: 'chat',
    [ATTR_GEN_AI_PROVIDER_NAME]: 'openai',
    [ATTR_GEN_AI_REQUEST_MODEL]: model,
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: tokens,
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: tokens / 10,
    [ATTR_GEN_AI_INPUT_MESSAGES]: JSON.stringify(input),
    [ATTR_GEN_AI_OUTPUT_MESSAGES]: JSON.stringify(output),
  }
}

const WHO = { [ATTR_USER_ID]: 'ada', [ATTR_SESSION_ID]: 's-1' }

/** A run of two agents that fails in a tool of the second. */
const RUN: readonly SpanSpec[] = [
  {
    spanId: spanId(0),
    name: 'invoke_workflow desk',
    duration: 1000,
    attributes: { [ATTR_GEN_AI_OPERATION_NAME]: 'invoke_workflow', ...WHO },
    error: 'the desk failed',
  },
  {
    spanId: spanId(1),
    parent: spanId(0),
    name: 'invoke_agent planner',
    start: 10,
    duration: 300,
    attributes: agent('planner'),
  },
  {
    spanId: spanId(2),
    parent: spanId(1),
    name: 'chat gpt-4o',
    kind: 3,
    start: 20,
    duration: 100,
    attributes: chat('gpt-4o', [QUESTION], [PLAN], 1000),
  },
  {
    spanId: spanId(3),
    parent: spanId(1),
    name: 'decide route',
    start: 130,
    duration: 10,
    attributes: {
      [ATTR_AGENTEL_DECISION_NAME]: 'route',
      [ATTR_AGENTEL_DECISION_CONFIDENCE]: 0.8,
      [ATTR_AGENTEL_DECISION_OUTCOME]: 'search',
    },
  },
  {
    spanId: spanId(4),
    parent: spanId(1),
    name: 'transfer researcher',
    start: 200,
    duration: 5,
    attributes: { [ATTR_AGENTEL_TRANSFER_SOURCE_NAME]: 'planner', [ATTR_AGENTEL_TRANSFER_TARGET_NAME]: 'researcher' },
  },
  {
    spanId: spanId(5),
    parent: spanId(0),
    name: 'invoke_agent researcher',
    start: 320,
    duration: 600,
    attributes: agent('researcher'),
    error: 'no sources',
  },
  {
    spanId: spanId(6),
    parent: spanId(5),
    name: 'chat gpt-4o-mini',
    kind: 3,
    start: 330,
    duration: 50,
    attributes: chat('gpt-4o-mini', [QUESTION, PLAN], [text('assistant', 'Searching.')], 2000),
  },
  {
    spanId: spanId(7),
    parent: spanId(5),
    name: 'execute_tool search',
    start: 400,
    duration: 500,
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
      [ATTR_GEN_AI_TOOL_NAME]: 'search',
      [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: '{"q":"stores"}',
      [ATTR_GEN_AI_TOOL_CALL_RESULT]: '["none"]',
    },
    error: 'timed out after 500 ms',
    events: [{ name: 'exception', attributes: { 'exception.type': 'TimeoutError', 'exception.message': 'timed out' } }],
  },
]

const POINT = { startTimeUnixNano: timeNanos(0), attributes: keyValues({ route: 'a' }) }

beforeAll(async () => {
  fixture = await startFixture()
  await fixture.send('traces', traceRequest(RUN))
  await fixture.send(
    'logs',
    logRequest([
      {
        timeUnixNano: timeNanos(410),
        severityNumber: 17,
        body: { stringValue: 'search is slow' },
        traceId: TRACE_ID,
        spanId: spanId(7),
        attributes: keyValues(agent('researcher')),
      },
    ]),
  )
  const dataPoints = [1, 2, 4].map((n) => ({ ...POINT, timeUnixNano: timeNanos(n * 1000), asInt: String(n * 10) }))
  const histogram = [1, 3].map((n) => ({
    ...POINT,
    timeUnixNano: timeNanos(n * 1000),
    count: String(n * 10),
    sum: n * 20,
    bucketCounts: [String(n * 5), String(n * 5), '0'],
    explicitBounds: [1, 10],
  }))
  const metrics = [
    {
      name: 'requests',
      unit: '{request}',
      description: 'how many',
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints },
    },
    { name: 'request.duration', unit: 's', histogram: { aggregationTemporality: 2, dataPoints: histogram } },
  ]
  await fixture.send('metrics', {
    resourceMetrics: [
      {
        resource: { attributes: keyValues({ 'service.name': 'desk' }) },
        scopeMetrics: [{ scope: { name: 's' }, metrics }],
      },
    ],
  })
  await fixture.until<AgentGraph>('/api/agents', ({ edges }) => edges.length > 0)
})
afterAll(() => fixture.stop())

const COST = (1000 * 2.5 + 100 * 10 + 2000 * 0.15 + 200 * 0.6) / 1e6

describe('the API', () => {
  it('tells a trace as a skeleton with its failure, last success and handoff', async () => {
    const skeleton = await fixture.get<TraceSkeleton>(`/api/traces/${TRACE_ID}`)
    const names = skeleton.spans.name.map((i) => skeleton.dictionaries.names[i])
    expect(names).toEqual(RUN.map((span) => span.name))
    expect(skeleton.spans.type.map((i) => skeleton.dictionaries.types[i])).toEqual([
      'workflow',
      'agent',
      'model',
      'decision',
      'handoff',
      'agent',
      'model',
      'tool',
    ])
    expect(skeleton.spans.agent.map((i) => skeleton.dictionaries.agents[i] ?? null)).toEqual([
      null,
      'planner',
      'planner',
      'planner',
      'planner',
      'researcher',
      'researcher',
      'researcher',
    ])
    expect(skeleton.spans.parent).toEqual([-1, 0, 1, 1, 1, 0, 5, 5])
    expect(skeleton.spans.descendants).toEqual([7, 3, 0, 0, 0, 2, 0, 0])
    expect(skeleton.spans.start).toEqual([0, 10, 20, 130, 200, 320, 330, 400])
    expect(skeleton.spans.status).toEqual([2, 0, 0, 0, 0, 2, 0, 2])
    expect(skeleton.failure).toEqual({ origin: 7, lastSuccess: 6 })
    expect(skeleton.handoffs).toEqual([{ row: 4, from: 'planner', to: 'researcher', at: 200 }])
    expect(skeleton.marks).toEqual({
      missingParent: [],
      cycle: [],
      skewed: [],
      recovered: [],
      criticalPath: [0, 1, 2, 3, 4, 5, 6, 7],
    })
    expect(skeleton.logs).toBe(1)
    expect(skeleton.trace.error).toEqual({
      spanId: spanId(7),
      name: 'execute_tool search',
      type: '_OTHER',
      message: 'timed out after 500 ms',
    })
  })

  it('tells one span in full, with its logs', async () => {
    const detail = await fixture.get<SpanDetail>(`/api/traces/${TRACE_ID}/spans/${spanId(7)}`)
    expect(detail).toEqual({
      traceId: TRACE_ID,
      spanId: spanId(7),
      parentSpanId: spanId(5),
      name: 'execute_tool search',
      type: 'tool',
      kind: 'internal',
      startTime: BASE + 400,
      duration: 500,
      status: { code: 'error', message: 'timed out after 500 ms' },
      errorType: '_OTHER',
      traceState: null,
      agent: 'researcher',
      model: null,
      provider: null,
      tool: 'search',
      usage: {
        inputTokens: null,
        outputTokens: null,
        cacheReadTokens: null,
        cacheWriteTokens: null,
        reasoningTokens: null,
      },
      cost: { amount: null, source: null, pricingVersion: null, unpriced: null },
      attributes: RUN[7]!.attributes,
      dialect: null,
      content: {
        system: null,
        input: null,
        output: null,
        tools: null,
        toolArguments: { q: 'stores' },
        toolResult: ['none'],
      },
      redaction: null,
      events: [
        {
          name: 'exception',
          time: BASE + 400,
          attributes: { 'exception.type': 'TimeoutError', 'exception.message': 'timed out' },
          droppedAttributes: 0,
        },
      ],
      links: [],
      resource: { 'service.name': 'desk' },
      scope: { name: 'test', version: '1.2.3', attributes: {} },
      logs: [
        expect.objectContaining({
          body: 'search is slow',
          severity: 17,
          agent: 'researcher',
          traceId: TRACE_ID,
          spanId: spanId(7),
        }),
      ],
      dropped: { attributes: 0, events: 0, links: 0 },
    })
  })

  it('tells the conversation with each message once', async () => {
    const { turns, contentMissing } = await fixture.get<Conversation>(`/api/traces/${TRACE_ID}/conversation`)
    expect(contentMissing).toBe(false)
    expect(
      turns.map(({ agent: who, repeated, messages }) => [
        who,
        repeated,
        messages.map((m) => m.parts[0]?.content ?? m.parts[0]?.type),
      ]),
    ).toEqual([
      ['planner', 0, ['Compare two stores.', 'First search.']],
      ['planner', 0, []],
      ['researcher', 2, ['Searching.']],
      ['researcher', 0, ['tool_call', 'tool_call_response']],
    ])
  })

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
      cost: expect.closeTo(COST, 10),
      unpriced: 0,
      costPerHour: expect.closeTo(COST, 10),
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
    expect([answer.total, answer.calls, answer.unpriced]).toEqual([expect.closeTo(COST, 10), 2, 0])
    expect(answer.series.cost.reduce((a, b) => a + b)).toBeCloseTo(COST, 10)
    expect(answer.dearest.map((t) => t.traceId)).toEqual([TRACE_ID])
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
          cost: expect.closeTo(COST, 10),
          unpriced: 0,
        },
      ])
    }
  })

  it('counts facets under a filter', async () => {
    const { facets, counted, exact } = await fixture.get<Facets>('/api/facets?agent=planner')
    expect([counted, exact]).toEqual([1, true])
    expect(facets.agent).toEqual([
      { value: 'planner', count: 1, errors: 1 },
      { value: 'researcher', count: 1, errors: 1 },
    ])
    expect(facets.status).toEqual([{ value: 'error', count: 1, errors: 1 }])
  })

  it('lists the logs of a trace and of everything', async () => {
    const ofTrace = await fixture.get<LogList>(`/api/traces/${TRACE_ID}/logs`)
    const all = await fixture.get<LogList>('/api/logs?agent=researcher')
    expect(ofTrace.logs).toEqual(all.logs)
    expect(all.logs.map((log) => [log.body, log.time, log.service])).toEqual([['search is slow', BASE + 410, 'desk']])
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

  it('gives a trace back as it was sent', async () => {
    const sent = traceRequest(RUN) as { resourceSpans: { scopeSpans: { spans: { spanId: string }[] }[] }[] }
    const got = await fixture.get<typeof sent>(`/api/traces/${TRACE_ID}/otlp`)
    const spans = got.resourceSpans[0]!.scopeSpans[0]!.spans
    expect(spans).toEqual(
      sent.resourceSpans[0]!.scopeSpans[0]!.spans.map((span) =>
        Object.fromEntries(Object.entries(span).filter(([, value]) => !Array.isArray(value) || value.length > 0)),
      ),
    )
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
      paths: Record<string, { get: { parameters: { name: string; in: string }[] } }>
    }>('/api/openapi.json')
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths).toSorted()).toEqual(
      [...ROUTES.map((route) => route.path), '/api/live'].toSorted(),
    )
    const values: Record<string, string> = { traceId: TRACE_ID, spanId: spanId(1), name: 'planner' }
    for (const [path, { get }] of Object.entries(document.paths)) {
      if (path === '/api/live') continue
      const required = get.parameters.filter((p) => p.in === 'query' && p.name === 'name').map(() => 'name=requests')
      const url = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!)
      expect([path, (await fetch(`${fixture.url}${url}?${required.join('&')}`)).status]).toEqual([path, 200])
    }
  })
})

describe('live updates', () => {
  it('tell of a new trace within a second, and of its change', async () => {
    const stop = new AbortController()
    const response = await fetch(`${fixture.url}/api/live`, { signal: stop.signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let buffered = ''
    const next = async (wanted: (event: LiveEvent) => boolean): Promise<LiveEvent> => {
      for (;;) {
        const end = buffered.indexOf('\n\n')
        if (end === -1) {
          buffered += (await reader.read()).value ?? ''
          continue
        }
        const data = /^data: (.*)$/m.exec(buffered.slice(0, end))?.[1]
        buffered = buffered.slice(end + 2)
        if (data === undefined) continue
        const event = JSON.parse(data) as LiveEvent
        if (wanted(event)) return event
      }
    }
    await next((event) => event.type === 'hello')
    const traceId = '7'.repeat(32)
    const has = (status: string) => (event: LiveEvent) =>
      event.type === 'traces' && event.traces.some((t) => t.traceId === traceId && t.status === status)
    await fixture.send('traces', traceRequest([{ traceId, spanId: spanId(2), parent: spanId(1) }]))
    await next(has('open'))
    await fixture.send('traces', traceRequest([{ traceId, spanId: spanId(1), error: 'broken' }]))
    await next(has('error'))
    await fixture.send('logs', logRequest([{ timeUnixNano: timeNanos(1), body: { stringValue: 'hello' } }]))
    const logs = await next((event) => event.type === 'logs')
    expect(logs).toMatchObject({ logs: [{ body: 'hello' }], skipped: 0 })
    const rates = await next((event) => event.type === 'rates')
    expect(rates).toMatchObject({ stored: { logs: 2 } })
    stop.abort()
    await fixture.until<TraceList>('/api/traces?status=error', ({ traces }) => traces.length === 2)
  })
})
