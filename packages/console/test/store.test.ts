import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '@agentel/semconv'
import { agentGraph } from '../src/query/agents.ts'
import { costBreakdown } from '../src/query/costs.ts'
import { listLogs } from '../src/query/logs.ts'
import { overview } from '../src/query/overview.ts'
import { openReader, type Reader } from '../src/query/reader.ts'
import { traceSkeleton } from '../src/query/skeleton.ts'
import { listTraces } from '../src/query/traces.ts'
import { SCHEMA_VERSION } from '../src/store/schema.ts'
import { type Body, type IngestReport, openStore, type Store, type StoreOptions } from '../src/store/store.ts'
import { logRequest, spanId, type SpanSpec, timeNanos, TRACE_ID, traceRequest } from './otlp-json.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-store-'))
  file = join(folder, 'console.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function bodyOf(signal: Body['signal'], json: object): Body {
  return { signal, encoding: 'json', bytes: Buffer.from(JSON.stringify(json)) }
}

function traces(spans: readonly SpanSpec[], service?: string): Body {
  return bodyOf('traces', traceRequest(spans, service))
}

function settle(store: Store): void {
  while (store.settle(Date.now() + 5000).more);
}

function withStore<T>(
  run: (store: Store, read: <R>(query: (reader: Reader) => R) => R) => T,
  options: Partial<StoreOptions> = {},
): T {
  const store = openStore({ file, ...options })
  try {
    return run(store, (query) => {
      const reader = openReader(file)
      try {
        return query(reader)
      } finally {
        reader.close()
      }
    })
  } finally {
    store.close()
  }
}

const NO_QUERY = new URLSearchParams()

const CHAT = {
  [ATTR_GEN_AI_OPERATION_NAME]: 'chat',
  [ATTR_GEN_AI_PROVIDER_NAME]: 'openai',
  [ATTR_GEN_AI_REQUEST_MODEL]: 'gpt-4o',
  [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: 1000,
  [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: 100,
  [ATTR_GEN_AI_INPUT_MESSAGES]: JSON.stringify([
    { role: 'user', parts: [{ type: 'text', content: 'Which vector store?\nSay why.' }] },
  ]),
}

const AGENT = { [ATTR_GEN_AI_OPERATION_NAME]: 'invoke_agent', [ATTR_GEN_AI_AGENT_NAME]: 'planner' }

const RUN: readonly SpanSpec[] = [
  {
    spanId: spanId(1),
    name: 'invoke_agent planner',
    duration: 900,
    attributes: { ...AGENT, [ATTR_USER_ID]: 'ada', [ATTR_SESSION_ID]: 's-1' },
  },
  { spanId: spanId(2), parent: spanId(1), name: 'chat gpt-4o', start: 100, duration: 300, kind: 3, attributes: CHAT },
  {
    spanId: spanId(3),
    parent: spanId(1),
    name: 'execute_tool fetch',
    start: 500,
    duration: 200,
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
      [ATTR_GEN_AI_TOOL_NAME]: 'fetch',
      [ATTR_ERROR_TYPE]: 'timeout',
    },
    error: 'no answer',
  },
]

function stored(report: IngestReport): object {
  return report.results[0]!
}

describe('a trace', () => {
  it('is summed up from its spans, with tokens and cost from calls of a model only', () => {
    withStore((store, read) => {
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
    const whole = withStore((store, read) => {
      store.ingest([traces(RUN)])
      settle(store)
      return read((reader) => [
        listTraces(reader, NO_QUERY).traces,
        overview(reader, NO_QUERY).totals,
        agentGraph(reader, NO_QUERY).edges,
      ])
    })
    rmSync(file)
    const pieces = withStore((store, read) => {
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
    withStore((store, read) => {
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

  it('says unpriced, never free, when its model has no price', () => {
    withStore((store, read) => {
      const attributes = { ...CHAT, [ATTR_GEN_AI_PROVIDER_NAME]: 'acme', [ATTR_GEN_AI_REQUEST_MODEL]: 'own-model' }
      store.ingest([traces([{ spanId: spanId(1), attributes }])])
      const [summary] = read((reader) => listTraces(reader, NO_QUERY)).traces
      expect([summary?.cost, summary?.unpriced]).toEqual([null, 1])
      const costs = read((reader) => costBreakdown(reader, NO_QUERY))
      expect([costs.total, costs.unpriced, costs.unpricedModels]).toEqual([
        null,
        1,
        [{ provider: 'acme', model: 'own-model', calls: 1 }],
      ])
    })
  })

  it('of another convention is read and priced like our own', () => {
    withStore((store, read) => {
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

describe('filters', () => {
  const ids = (query: string): string[] =>
    withStore((store, read) => {
      store.ingest([
        traces(RUN),
        traces([{ traceId: 'c'.repeat(32), spanId: spanId(9), name: 'lonely', duration: 5, error: 'broken' }], 'other'),
      ])
      settle(store)
      return read((reader) => listTraces(reader, new URLSearchParams(query))).traces.map((t) => t.traceId.slice(0, 4))
    })

  it.each([
    ['agent=planner', ['0af7']],
    ['agent=!planner', ['cccc']],
    ['agent=planner&agent=nobody', ['0af7']],
    ['agent=nobody', []],
    ['status=error', ['cccc']],
    ['status=!error', ['0af7']],
    ['tool=fetch&model=gpt-4o&user=ada&session=s-1&service=desk&error=timeout', ['0af7']],
    ['tool=fetch&user=bob', []],
    ['minDuration=100', ['0af7']],
    ['maxDuration=100', ['cccc']],
    ['minCost=0.003', ['0af7']],
    ['maxCost=0.001', []],
    ['minTokens=1100', ['0af7']],
    ['text=vector', ['0af7']],
    ['text=vec', ['0af7']],
    ['text=vector store', ['0af7']],
    ['text="vector store"', ['0af7']],
    ['text="store vector"', []],
    ['text=Say', ['0af7']],
    ['text=broken', ['cccc']],
    ['text=vector&status=error', []],
    ['sort=duration&order=asc', ['cccc', '0af7']],
    ['sort=cost', ['0af7', 'cccc']],
    ['from=-1m', []],
  ])('%s finds the right traces', (query, expected) => {
    expect(ids(query).toSorted()).toEqual([...expected].toSorted())
  })

  it('pages through everything once, in order', () => {
    withStore((store, read) => {
      const many = Array.from({ length: 25 }, (_, i) =>
        traces([{ traceId: (i + 1).toString(16).padStart(32, '0'), spanId: spanId(1), start: i % 7 }]),
      )
      store.ingest(many)
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const query = new URLSearchParams({ limit: '4', ...(cursor === '' ? {} : { cursor }) })
        const page = read((reader) => listTraces(reader, query))
        seen.push(...page.traces.map((t) => t.traceId))
        expect(page.total).toBe(25)
        cursor = page.nextCursor
      }
      expect([seen.length, new Set(seen).size]).toEqual([25, 25])
    })
  })
})

describe('logs', () => {
  const record = {
    timeUnixNano: timeNanos(5),
    severityNumber: 17,
    body: { stringValue: 'the disk burns' },
    traceId: TRACE_ID,
    spanId: spanId(2),
    eventName: 'agentel.decision',
  }

  it('are found by trace, severity, event and words, and stored once when sent twice', () => {
    withStore((store, read) => {
      const body = bodyOf(
        'logs',
        logRequest([record, { ...record, severityNumber: 9, body: { stringValue: 'all is well' }, traceId: '' }]),
      )
      expect(stored(store.ingest([body]))).toMatchObject({ items: 2 })
      expect(stored(store.ingest([body]))).toEqual({ outcome: 'stored', items: 0, duplicates: 1, invalid: 0 })
      const bodies = (query: string): unknown[] =>
        read((reader) => listLogs(reader, new URLSearchParams(query))).logs.map((log) => log.body)
      expect(bodies('').toSorted()).toEqual(['all is well', 'the disk burns'])
      expect(bodies('minSeverity=17')).toEqual(['the disk burns'])
      expect(bodies(`traceId=${TRACE_ID}`)).toEqual(['the disk burns'])
      expect(bodies('text=well')).toEqual(['all is well'])
      expect(bodies('event=agentel.decision&text=disk burn')).toEqual(['the disk burns'])
    })
  })
})

describe('the file', () => {
  it('is refused when a newer version wrote it, or another program', () => {
    withStore(() => undefined)
    const db = new DatabaseSync(file)
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    db.close()
    expect(() => openStore({ file })).toThrow(
      `written by a newer agentel (schema ${SCHEMA_VERSION + 1}, this one knows ${SCHEMA_VERSION})`,
    )
    const foreign = join(folder, 'foreign.db')
    const other = new DatabaseSync(foreign)
    other.exec('CREATE TABLE notes(text)')
    other.close()
    expect(() => openStore({ file: foreign })).toThrow('is a database of another program')
  })

  it('keeps what it has when the disk is full, says so, and goes on when there is room', () => {
    const body = (n: number): Body =>
      traces([
        {
          traceId: n.toString(16).padStart(32, '0'),
          spanId: spanId(1),
          attributes: { junk: Array.from({ length: 4000 }, () => Math.random().toString(36)).join('') },
        },
      ])
    let stored = 0
    withStore(
      (store) => {
        for (let n = 1; n < 200; n++) {
          const [result] = store.ingest([body(n)]).results
          if (result?.outcome === 'stored') stored++
          else {
            expect(result).toEqual({
              outcome: 'fault',
              reason: expect.stringMatching(
                /^the disk \(or the quota\) of .*console\.db is full \(\d+ MiB free\); free some space/,
              ),
            })
            break
          }
        }
        expect(stored).toBeGreaterThan(2)
        expect(store.ingest([body(999)]).results[0]?.outcome).toBe('fault')
      },
      { maxPages: 100 },
    )
    withStore((store, read) => {
      expect(read((reader) => reader.row('PRAGMA integrity_check'))).toEqual(['ok'])
      expect(read((reader) => listTraces(reader, new URLSearchParams('limit=500'))).traces.length).toBe(stored)
      expect(store.ingest([body(999)]).results[0]?.outcome).toBe('stored')
    })
  })

  it('drops the oldest traces beyond the age and beyond the size, and nothing of the others', () => {
    const old = { traceId: 'd'.repeat(32), spanId: spanId(1), start: -3 * 86_400_000 }
    withStore(
      (store, read) => {
        store.ingest([traces(RUN), traces([old])])
        settle(store)
        expect(store.retain(Date.now())).toBe(1)
        expect(
          read((reader) => listTraces(reader, new URLSearchParams('from=-30d'))).traces.map((t) => t.traceId),
        ).toEqual([TRACE_ID])
        expect(read((reader) => traceSkeleton(reader, TRACE_ID))?.spans.id.length).toBe(3)
        const leftovers = read((reader) =>
          reader.row(
            'SELECT (SELECT count(*) FROM spans), (SELECT count(DISTINCT tr) FROM chunks), (SELECT count(DISTINCT tr) FROM trace_facets)',
          ),
        )
        expect(leftovers).toEqual([3, 1, 1])
      },
      { maxAge: 86_400_000 },
    )
    withStore(
      (store, read) => {
        expect(store.retain(Date.now())).toBe(1)
        expect(read((reader) => reader.row('SELECT count(*) FROM spans'))).toEqual([0])
        store.ingest([traces(RUN)])
        expect(read((reader) => listTraces(reader, NO_QUERY)).traces.length).toBe(1)
      },
      { maxBytes: 1 },
    )
  })

  it('settles after a restart what was not settled before', () => {
    withStore((store) => store.ingest([traces(RUN)]))
    withStore((store, read) => {
      expect(read((reader) => agentGraph(reader, NO_QUERY)).edges).toEqual([])
      settle(store)
      const edges = read((reader) => agentGraph(reader, NO_QUERY)).edges.map(({ from, to, kind, count, errors }) => ({
        from,
        to,
        kind,
        count,
        errors,
      }))
      expect(edges).toEqual([
        { from: 'user', to: 'agent:planner', kind: 'calls', count: 1, errors: 0 },
        { from: 'agent:planner', to: 'tool:fetch', kind: 'tool', count: 1, errors: 1 },
      ])
    })
  })

  it('takes the good bodies of a batch when one is bad', () => {
    withStore((store) => {
      const bad: Body = { signal: 'logs', encoding: 'protobuf', bytes: Buffer.from('no log at all') }
      const { results } = store.ingest([traces(RUN), bad, traces([{ traceId: 'e'.repeat(32), spanId: spanId(1) }])])
      expect(results.map((result) => result.outcome)).toEqual(['stored', 'malformed', 'stored'])
    })
  })
})
