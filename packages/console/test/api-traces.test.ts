import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Conversation, Facets, LogList, SpanDetail, TraceSkeleton } from '../src/index.ts'
import type { ConsoleFixture } from './console-fixture.ts'
import { DESK_RUN, startDesk } from './desk-run.ts'
import { BASE, spanId, TRACE_ID, traceRequest } from './otlp-json.ts'

let fixture: ConsoleFixture

beforeAll(async () => {
  fixture = await startDesk()
})
afterAll(() => fixture.stop())

describe('the API, about one trace,', () => {
  it('tells a trace as a skeleton with its failure, last success and handoff', async () => {
    const skeleton = await fixture.get<TraceSkeleton>(`/api/traces/${TRACE_ID}`)
    const names = skeleton.spans.name.map((i) => skeleton.dictionaries.names[i])
    expect(names).toEqual(DESK_RUN.map((span) => span.name))
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
    expect(skeleton.toolDependencies).toEqual([{ rows: [7], on: [] }])
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
      attributes: DESK_RUN[7]!.attributes,
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
      ['researcher', 2, ['Searching.']],
      ['researcher', 0, ['tool_call', 'tool_call_response']],
    ])
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

  it('gives a trace back as it was sent', async () => {
    const sent = traceRequest(DESK_RUN) as { resourceSpans: { scopeSpans: { spans: { spanId: string }[] }[] }[] }
    const got = await fixture.get<typeof sent>(`/api/traces/${TRACE_ID}/otlp`)
    const spans = got.resourceSpans[0]!.scopeSpans[0]!.spans
    expect(spans).toEqual(
      sent.resourceSpans[0]!.scopeSpans[0]!.spans.map((span) =>
        Object.fromEntries(Object.entries(span).filter(([, value]) => !Array.isArray(value) || value.length > 0)),
      ),
    )
  })
})
