import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listLogs } from '../src/query/logs.ts'
import { listTraces } from '../src/query/traces.ts'
import { logRequest, spanId, timeNanos, TRACE_ID } from './otlp-json.ts'
import { bodyOf, RUN, settle, openStoreFixture, type StoreFixture, stored, traces } from './store-fixture.ts'

let fixture: StoreFixture

beforeEach(() => {
  fixture = openStoreFixture()
})
afterEach(() => fixture.remove())

describe('filters', () => {
  const ids = (query: string): string[] =>
    fixture.run((store, read) => {
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
    ['text=chatcmpl-7Q', ['0af7']],
    ['text=chatcmpl-8Q', []],
    ['sort=duration&order=asc', ['cccc', '0af7']],
    ['sort=cost', ['0af7', 'cccc']],
    ['from=-1m', []],
  ])('%s finds the right traces', (query, expected) => {
    expect(ids(query).toSorted()).toEqual([...expected].toSorted())
  })

  it('pages through everything once, in order', () => {
    fixture.run((store, read) => {
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
    fixture.run((store, read) => {
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
