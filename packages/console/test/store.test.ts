import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ATTR_AGENTEL_COST_AMOUNT,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
} from '@agentel/semconv'
import { agentGraph } from '../src/query/agents.ts'
import { costBreakdown } from '../src/query/costs.ts'
import { overview } from '../src/query/overview.ts'
import { spanDetail } from '../src/query/span-detail.ts'
import { listTraces } from '../src/query/traces.ts'
import { spanId, TRACE_ID } from './otlp-json.ts'
import { CHAT, NO_QUERY, RUN, settle, openStoreFixture, type StoreFixture, stored, traces } from './store-fixture.ts'

let fixture: StoreFixture

beforeEach(() => {
  fixture = openStoreFixture()
})
afterEach(() => fixture.remove())

describe('a trace', () => {
  it('is summed up from its spans, with tokens and cost from calls of a model only', () => {
    fixture.run((store, read) => {
      expect(stored(store.ingest([traces(RUN)]))).toEqual({ outcome: 'stored', items: 3, duplicates: 0, invalid: 0 })
      settle(store)
      const [summary] = read((reader) => listTraces(reader, NO_QUERY)).traces
      expect(summary).toEqual({
        traceId: TRACE_ID,
        title: 'Which vector store? Say why.',
        rootName: 'invoke_agent planner',
        rootType: 'agent',
        status: 'ok',
        startTime: expect.any(Number),
        duration: 900,
        spans: 3,
        errors: 1,
        recovered: 1,
        services: ['desk'],
        agents: ['planner'],
        models: ['gpt-4o'],
        tools: ['fetch'],
        user: 'ada',
        session: 's-1',
        inputTokens: 1000,
        outputTokens: 100,
        cost: 0.0035,
        unpriced: 0,
        error: { spanId: spanId(3), name: 'execute_tool fetch', type: 'timeout', message: 'no answer' },
      })
    })
  })

  it('comes out the same when its spans come one by one, late, in any order', () => {
    const whole = fixture.run((store, read) => {
      store.ingest([traces(RUN)])
      settle(store)
      return read((reader) => [
        listTraces(reader, NO_QUERY).traces,
        overview(reader, NO_QUERY).totals,
        agentGraph(reader, NO_QUERY).edges,
      ])
    })
    rmSync(fixture.file)
    const pieces = fixture.run((store, read) => {
      for (const span of RUN.toReversed()) {
        store.ingest([traces([span])])
        settle(store)
      }
      return read((reader) => [
        listTraces(reader, NO_QUERY).traces,
        overview(reader, NO_QUERY).totals,
        agentGraph(reader, NO_QUERY).edges,
      ])
    })
    const withoutRates = (answer: unknown): unknown =>
      JSON.parse(JSON.stringify(answer, (key, value) => (key === 'rate' ? 0 : value) as unknown))
    expect(withoutRates(pieces[0])).toEqual(withoutRates(whole[0]))
    expect(pieces[1]).toEqual(whole[1])
  })

  it('is not changed by a body that is sent again, nor by one of its spans', () => {
    fixture.run((store, read) => {
      store.ingest([traces(RUN)])
      settle(store)
      const before = read((reader) => [
        listTraces(reader, NO_QUERY).traces,
        overview(reader, NO_QUERY).totals,
        costBreakdown(reader, NO_QUERY).rows,
      ])
      expect(stored(store.ingest([traces(RUN)]))).toEqual({ outcome: 'stored', items: 0, duplicates: 3, invalid: 0 })
      expect(stored(store.ingest([traces([RUN[1]!, { spanId: spanId(1), name: 'an impostor' }])]))).toMatchObject({
        items: 0,
        duplicates: 2,
      })
      settle(store)
      const after = read((reader) => [
        listTraces(reader, NO_QUERY).traces,
        overview(reader, NO_QUERY).totals,
        costBreakdown(reader, NO_QUERY).rows,
      ])
      expect(after).toEqual(before)
    })
  })

  it('says why it failed in the words of its exception, where its status has none', () => {
    fixture.run((store, read) => {
      const exception = { name: 'exception', attributes: { 'exception.message': 'the page did not answer' } }
      store.ingest([traces([{ spanId: spanId(1), name: 'fetch', error: '', events: [exception] }])])
      settle(store)
      expect(read((reader) => listTraces(reader, NO_QUERY)).traces.map(({ error }) => error)).toEqual([
        { spanId: spanId(1), name: 'fetch', type: '_OTHER', message: 'the page did not answer' },
      ])
    })
  })

  it('says unpriced, never free, when its model has no price', () => {
    fixture.run((store, read) => {
      const attributes = { ...CHAT, [ATTR_GEN_AI_PROVIDER_NAME]: 'acme', [ATTR_GEN_AI_REQUEST_MODEL]: 'own-model' }
      store.ingest([traces([{ spanId: spanId(1), attributes }])])
      const [summary] = read((reader) => listTraces(reader, NO_QUERY)).traces
      expect([summary?.cost, summary?.unpriced]).toEqual([null, 1])
      const detail = read((reader) => spanDetail(reader, TRACE_ID, spanId(1)))
      expect(detail?.cost).toEqual({
        amount: null,
        source: null,
        pricingVersion: null,
        unpriced: 'no price is known for model own-model of provider acme',
      })
      const costs = read((reader) => costBreakdown(reader, NO_QUERY))
      expect([costs.total, costs.unpriced, costs.unpricedModels]).toEqual([
        null,
        1,
        [{ provider: 'acme', model: 'own-model', calls: 1 }],
      ])
    })
  })

  it('that came without a cost is priced as its provider bills it: cached tokens and service tier count', () => {
    fixture.run((store, read) => {
      const cached = { ...CHAT, [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: 600 }
      const flex = { ...CHAT, [ATTR_GEN_AI_REQUEST_MODEL]: 'o3', [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: 'flex' }
      const sent = { ...CHAT, [ATTR_AGENTEL_COST_AMOUNT]: 0.5 }
      store.ingest(
        [cached, flex, sent].map((attributes, i) =>
          traces([{ traceId: `${i + 1}`.repeat(32), spanId: spanId(1), attributes }]),
        ),
      )
      const costs = read((reader) => listTraces(reader, NO_QUERY)).traces.map((t) => [t.traceId[0], t.cost])
      const prices = Object.fromEntries(costs) as Record<string, number>
      expect(prices['1']).toBeCloseTo((400 * 2.5 + 600 * 1.25 + 100 * 10) / 1e6, 10)
      expect(prices['2']).toBeCloseTo((1000 * 2 + 100 * 8) / 2 / 1e6, 10)
      expect(prices['3']).toBe(0.5)
    })
  })

  it('of another convention is read and priced like our own', () => {
    fixture.run((store, read) => {
      const attributes = {
        'openinference.span.kind': 'LLM',
        'llm.provider': 'openai',
        'llm.model_name': 'gpt-4o',
        'llm.token_count.prompt': 1000,
        'llm.token_count.completion': 100,
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.content': 'What is a span?',
      }
      store.ingest([traces([{ spanId: spanId(1), name: 'ChatCompletion', attributes }])])
      const [summary] = read((reader) => listTraces(reader, NO_QUERY)).traces
      expect([summary?.title, summary?.models, summary?.inputTokens, summary?.cost]).toEqual([
        'What is a span?',
        ['gpt-4o'],
        1000,
        0.0035,
      ])
    })
  })
})
