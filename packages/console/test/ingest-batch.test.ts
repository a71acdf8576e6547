import { DatabaseSync } from 'node:sqlite'
import { ATTR_ERROR_TYPE, ATTR_GEN_AI_AGENT_NAME, ATTR_USER_ID } from '@agentel/semconv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSpanPool, newScannedSpan } from '../src/otlp/scanned-span.ts'
import { spanDetail } from '../src/query/span-detail.ts'
import { overview } from '../src/query/overview.ts'
import { listTraces } from '../src/query/traces.ts'
import { spanId, type SpanSpec, TRACE_ID } from './otlp-json.ts'
import { bodyOf, CHAT, NO_QUERY, openStoreFixture, settle, type StoreFixture, traces } from './store-fixture.ts'

let fixture: StoreFixture
beforeEach(() => {
  fixture = openStoreFixture()
})
afterEach(() => fixture.remove())

/** Spans `from` to `to` of one trace, each with a name of its own. */
function steps(from: number, to: number, traceId = TRACE_ID): SpanSpec[] {
  return Array.from({ length: to - from }, (_, i) => {
    const n = from + i
    return { traceId, spanId: spanId(n), name: `step ${n}`, start: n, ...(n === 0 ? {} : { parent: spanId(0) }) }
  })
}

function countOf(sql: string): number {
  const db = new DatabaseSync(fixture.file, { readOnly: true })
  try {
    return Number(Object.values(db.prepare(sql).get() ?? {})[0])
  } finally {
    db.close()
  }
}

/** What the store shows of each span, so that one in another's place is seen. */
function namesOf(from: number, to: number): (string | undefined)[] {
  return fixture.run((_, read) =>
    read((reader) =>
      Array.from({ length: to - from }, (_unused, i) => {
        const detail = spanDetail(reader, TRACE_ID, spanId(from + i))
        const raw = JSON.stringify(detail)
        return raw.includes(`"step ${from + i}"`) ? detail?.name : undefined
      }),
    ),
  )
}

const wanted = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `step ${from + i}`)

describe('bodies that are written together', () => {
  it('have the spans of one trace in one chunk, each in its place, and an answer each', () => {
    const report = fixture.run((store) =>
      store.ingest([traces(steps(0, 21), 'desk'), traces(steps(21, 40), 'shop'), traces(steps(40, 43), 'desk')]),
    )
    expect(report).toEqual({
      results: [21, 19, 3].map((items) => ({ outcome: 'stored', items, duplicates: 0, invalid: 0 })),
      traces: [1],
      logs: 0,
    })
    expect(countOf('SELECT count(*) FROM chunks')).toBe(1)
    expect(namesOf(0, 43)).toEqual(wanted(0, 43))
  })

  it('come to the same as one after the other', () => {
    const other = openStoreFixture()
    const bodies = [traces(steps(0, 30), 'desk'), traces(steps(30, 50), 'shop'), traces(steps(50, 57), 'desk')]
    const shown = (where: StoreFixture, batches: (typeof bodies)[]): unknown[] =>
      where.run((store, read) => {
        for (const batch of batches) store.ingest(batch)
        settle(store)
        return read((reader) => [listTraces(reader, NO_QUERY).traces, overview(reader, NO_QUERY).totals])
      })
    try {
      expect(shown(fixture, [bodies])).toEqual(
        shown(
          other,
          bodies.map((body) => [body]),
        ),
      )
    } finally {
      other.remove()
    }
  })

  it('tell apart what the store has already from what is new, span by span', () => {
    fixture.run((store) => {
      store.ingest([traces(steps(3, 9))])
      const { results } = store.ingest([traces(steps(0, 20)), traces(steps(10, 40)), traces(steps(5, 12))])
      expect(results).toEqual([
        { outcome: 'stored', items: 14, duplicates: 6, invalid: 0 },
        { outcome: 'stored', items: 20, duplicates: 10, invalid: 0 },
        { outcome: 'stored', items: 0, duplicates: 7, invalid: 0 },
      ])
    })
    expect(namesOf(0, 40)).toEqual(wanted(0, 40))
    expect(countOf('SELECT count(*) FROM spans')).toBe(40)
    expect(countOf('SELECT spans FROM traces')).toBe(40)
    expect(countOf("SELECT value FROM counters WHERE name = 'spans'")).toBe(40)
    expect(countOf('SELECT count(*) FROM (SELECT 1 FROM spans GROUP BY chunk, idx)')).toBe(40)
  })

  it('do not take each other along: a broken one is refused alone', () => {
    const broken = { signal: 'traces', encoding: 'protobuf', bytes: Buffer.from('no protobuf') } as const
    fixture.run((store) => {
      const { results } = store.ingest([traces(steps(0, 3)), broken, bodyOf('traces', {}), traces(steps(3, 5))])
      expect(results.map(({ outcome }) => outcome)).toEqual(['stored', 'malformed', 'stored', 'stored'])
    })
    expect(namesOf(0, 5)).toEqual(wanted(0, 5))
  })

  it('close a chunk of large spans before it has grown much', () => {
    const large = steps(0, 12).map((span) => ({ ...span, attributes: { blob: 'x'.repeat(50_000) } }))
    fixture.run((store) => store.ingest([traces(large)]))
    expect(countOf('SELECT count(*) FROM chunks')).toBe(4)
    expect(countOf('SELECT max(idx) FROM spans')).toBe(2)
    expect(namesOf(0, 12)).toEqual(wanted(0, 12))
  })
})

describe('spans that are read into again', () => {
  it('have nothing of the body before', () => {
    const full = { ...CHAT, [ATTR_GEN_AI_AGENT_NAME]: 'planner', [ATTR_USER_ID]: 'ada', [ATTR_ERROR_TYPE]: 'timeout' }
    const bare = { traceId: 'b'.repeat(32), spanId: spanId(0), name: 'bare' }
    const first = { spanId: spanId(0), parent: spanId(9), name: 'chat', error: 'no answer', attributes: full }
    const alone = openStoreFixture()
    const shown = (where: StoreFixture, batches: SpanSpec[][]): unknown =>
      where.run((store, read) => {
        for (const batch of batches) store.ingest([traces(batch)])
        settle(store)
        return read((reader) => listTraces(reader, NO_QUERY).traces).find(({ rootName }) => rootName === 'bare')
      })
    try {
      expect(shown(fixture, [[first], [bare]])).toEqual(shown(alone, [[bare]]))
    } finally {
      alone.remove()
    }
  })

  it('are empty when they are given out again, and beyond a bound made anew', () => {
    const pool = createSpanPool()
    const taken = Array.from({ length: 5000 }, (_, i) => pool.take(i, i + 1))
    for (const span of taken) {
      Object.assign(span, { traceAt: 1, spanAt: 2, parentAt: 3, name: 'n', kind: 1, startMicros: 1, endMicros: 2 })
      Object.assign(span, { status: 2, statusMessage: 'm', foreign: true, foreignContent: ['c'] })
      span.texts.fill('t')
      span.numbers.fill(1)
      span.content.fill(7)
    }
    pool.takeBack()
    const again = Array.from({ length: 5000 }, () => pool.take(4, 8))
    expect(again[0]).toBe(taken[0])
    expect(again[4999]).not.toBe(taken[4999])
    for (const span of again) expect(span).toEqual(newScannedSpan(4, 8))
  })
})
