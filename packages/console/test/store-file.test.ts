import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agentGraph } from '../src/query/agents.ts'
import { traceSkeleton } from '../src/query/skeleton.ts'
import { listTraces } from '../src/query/traces.ts'
import { listLogs } from '../src/query/logs.ts'
import { SCHEMA_VERSION } from '../src/store/schema.ts'
import { type Body, openStore } from '../src/store/store.ts'
import { logRequest, spanId, timeNanos, TRACE_ID } from './otlp-json.ts'
import { bodyOf, NO_QUERY, RUN, settle, openStoreFixture, type StoreFixture, stored, traces } from './store-fixture.ts'

let fixture: StoreFixture

beforeEach(() => {
  fixture = openStoreFixture()
})
afterEach(() => fixture.remove())

describe('the file', () => {
  it('is refused when a newer version wrote it, or another program', () => {
    fixture.run(() => undefined)
    const db = new DatabaseSync(fixture.file)
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    db.close()
    expect(() => openStore({ file: fixture.file })).toThrow(
      `written by a newer agentel (schema ${SCHEMA_VERSION + 1}, this one knows ${SCHEMA_VERSION})`,
    )
    const foreign = join(fixture.folder, 'foreign.db')
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
    fixture.run(
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
    fixture.run((store, read) => {
      expect(read((reader) => reader.row('PRAGMA integrity_check'))).toEqual(['ok'])
      expect(read((reader) => listTraces(reader, new URLSearchParams('limit=500'))).traces.length).toBe(stored)
      expect(store.ingest([body(999)]).results[0]?.outcome).toBe('stored')
    })
  })

  it('drops the oldest traces beyond the age and beyond the size, and nothing of the others', () => {
    const old = { traceId: 'd'.repeat(32), spanId: spanId(1), start: -3 * 86_400_000 }
    fixture.run(
      (store, read) => {
        store.ingest([traces(RUN), traces([old])])
        settle(store)
        expect(store.retain(Date.now())).toEqual({ traces: 1, more: false })
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
    fixture.run(
      (store, read) => {
        expect(store.retain(Date.now())).toEqual({ traces: 1, more: false })
        expect(read((reader) => reader.row('SELECT count(*) FROM spans'))).toEqual([0])
        store.ingest([traces(RUN)])
        expect(read((reader) => listTraces(reader, NO_QUERY)).traces.length).toBe(1)
      },
      { maxBytes: 1 },
    )
  })

  it('drops logs and metric points beyond the age, and keeps the newer ones', () => {
    const old = -3 * 86_400_000
    const record = (millis: number, text: string) => ({ timeUnixNano: timeNanos(millis), body: { stringValue: text } })
    const point = (millis: number) => ({ timeUnixNano: timeNanos(millis), asDouble: 1.5 })
    const metric = { name: 'queue', gauge: { dataPoints: [point(old), point(0)] } }
    fixture.run(
      (store, read) => {
        store.ingest([
          bodyOf('logs', logRequest([record(old, 'long ago')])),
          bodyOf('logs', logRequest([record(0, 'just now')])),
          bodyOf('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] }),
        ])
        store.retain(Date.now())
        const month = new URLSearchParams('from=-30d')
        expect(read((reader) => listLogs(reader, month)).logs.map((log) => log.body)).toEqual(['just now'])
        expect(read((reader) => reader.row('SELECT count(*) FROM log_chunks'))).toEqual([1])
        const ago = new URLSearchParams('from=-30d&text=ago')
        expect(read((reader) => listLogs(reader, ago)).logs).toEqual([])
        expect(read((reader) => reader.row('SELECT count(*) FROM points'))).toEqual([1])
      },
      { maxAge: 86_400_000 },
    )
  })

  it('drops the oldest logs when only they are too much', () => {
    const record = (millis: number) => ({ timeUnixNano: timeNanos(millis), body: { stringValue: `at ${millis}` } })
    fixture.run(
      (store, read) => {
        store.ingest([bodyOf('logs', logRequest([record(1), record(2)]))])
        expect(store.retain(Date.now())).toEqual({ traces: 0, more: false })
        expect(read((reader) => reader.row('SELECT count(*) FROM logs'))).toEqual([0])
      },
      { maxBytes: 1 },
    )
  })

  it('has one writer at a time, and is readable by its owner only', () => {
    fixture.run(() => {
      expect(() => openStore({ file: fixture.file })).toThrow('is in use by another console. Stop that one')
    })
    expect(statSync(fixture.file).mode & 0o777).toBe(0o600)
    expect(fixture.run((store) => stored(store.ingest([traces(RUN)])))).toMatchObject({ items: 3 })
  })

  it('settles after a restart what was not settled before', () => {
    fixture.run((store) => store.ingest([traces(RUN)]))
    fixture.run((store, read) => {
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
    fixture.run((store) => {
      const bad: Body = { signal: 'logs', encoding: 'protobuf', bytes: Buffer.from('no log at all') }
      const { results } = store.ingest([traces(RUN), bad, traces([{ traceId: 'e'.repeat(32), spanId: spanId(1) }])])
      expect(results.map((result) => result.outcome)).toEqual(['stored', 'malformed', 'stored'])
    })
  })
})
