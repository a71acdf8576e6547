import { randomBytes } from 'node:crypto'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ATTR_SESSION_ID, ATTR_USER_ID } from '@agentel/semconv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ActorList, ForgottenUser, LogList, OtlpPage, TraceList } from '../src/index.ts'
import { listActors } from '../src/query/actors.ts'
import { listLogs } from '../src/query/logs.ts'
import { overview } from '../src/query/overview.ts'
import { listTraces } from '../src/query/traces.ts'
import { openStoreFile } from '../src/read-store.ts'
import { SCHEMA_VERSION } from '../src/store/schema.ts'
import { openStore } from '../src/store/store.ts'
import { type ConsoleFixture, startFixture } from './console-fixture.ts'
import { keyValues, logRequest, spanId, timeNanos, traceRequest, TRACE_ID } from './otlp-json.ts'
import { AGENT, bodyOf, openStoreFixture, RUN, settle, type StoreFixture, traces } from './store-fixture.ts'

const DAY = 86_400_000
const MONTHS = new URLSearchParams('from=-90d&limit=500')

let fixture: StoreFixture
beforeEach(() => {
  fixture = openStoreFixture()
})
afterEach(() => fixture.remove())

const id = (n: number): string => n.toString(16).padStart(32, 'b')

interface Run {
  readonly n: number
  readonly user?: string
  readonly session?: string
  readonly error?: string
  readonly start?: number
}

const run = ({ n, user, session, error, start = 0 }: Run) =>
  traces([
    {
      traceId: id(n),
      spanId: spanId(n),
      name: 'invoke_agent planner',
      start,
      attributes: {
        ...AGENT,
        ...(user === undefined ? {} : { [ATTR_USER_ID]: user }),
        ...(session === undefined ? {} : { [ATTR_SESSION_ID]: session }),
      },
      ...(error === undefined ? {} : { error }),
    },
  ])

const record = (text: string, fields: object = {}) => ({
  timeUnixNano: timeNanos(0),
  body: { stringValue: text },
  ...fields,
})

describe('retention', () => {
  it('keeps failed runs and their logs longer than the others', () => {
    const old = -10 * DAY
    const log = (text: string, n: number) => record(text, { timeUnixNano: timeNanos(old), traceId: id(n) })
    fixture.run(
      (store, read) => {
        store.ingest([
          run({ n: 1, start: old }),
          run({ n: 2, start: old, error: 'broke' }),
          run({ n: 3, start: -40 * DAY, error: 'broke long ago' }),
          run({ n: 4 }),
          bodyOf('logs', logRequest([log('of the good one', 1), log('of the failed one', 2)])),
        ])
        settle(store)
        expect(store.retain(Date.now()).traces).toBe(2)
        expect(read((reader) => listTraces(reader, MONTHS)).traces.map((trace) => trace.traceId)).toEqual([
          id(4),
          id(2),
        ])
        expect(read((reader) => listLogs(reader, MONTHS)).logs.map(({ body }) => body)).toEqual(['of the failed one'])
      },
      { maxAge: 7 * DAY, maxErrorAge: 30 * DAY },
    )
  })

  it('keeps a share of the other runs as long, the same by trace id each time, and the totals of all of them', () => {
    const old = -10 * DAY
    // Of W3C's random part, which decides: spread evenly.
    const traceId = (n: number) =>
      `${'c'.repeat(18)}${Math.floor((n / 40) * 2 ** 32)
        .toString(16)
        .padStart(8, '0')}${'d'.repeat(6)}`
    const ok = (n: number, start: number) =>
      traces([{ traceId: traceId(n), spanId: spanId(n + 1), name: 'invoke_agent planner', start, attributes: AGENT }])
    fixture.run(
      (store, read) => {
        store.ingest(Array.from({ length: 40 }, (_, n) => ok(n, n < 4 ? old * 4 : old)))
        settle(store)
        for (let looks = 0; looks < 3; looks++) store.retain(Date.now())
        const kept = read((reader) => listTraces(reader, MONTHS)).traces.map((trace) => trace.traceId)
        // A quarter of 40, without the four that are older than even those are kept.
        expect(kept.toSorted()).toEqual([4, 5, 6, 7, 8, 9].map(traceId))
        expect(read((reader) => overview(reader, MONTHS)).totals.traces).toBe(40)
      },
      { maxAge: 7 * DAY, maxErrorAge: 30 * DAY, keepShare: 0.25 },
    )
  })

  it('keeps points of metrics by an age of their own', () => {
    const point = (days: number) => ({ timeUnixNano: timeNanos(-days * DAY), asDouble: 1.5 })
    const metric = { name: 'queue', gauge: { dataPoints: [point(9), point(4), point(0)] } }
    fixture.run(
      (store, read) => {
        store.ingest([bodyOf('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] })])
        store.retain(Date.now())
        expect(read((reader) => reader.row('SELECT count(*) FROM points'))).toEqual([2])
      },
      { maxAge: 2 * DAY, maxMetricAge: 7 * DAY },
    )
  })

  it('spares failed runs when there is too much, unless they are most of it', () => {
    // Random, so that it does not compress: what is kept is to be the spans.
    const fill = (n: number, error?: string) =>
      traces([
        {
          traceId: id(n),
          spanId: spanId(n),
          start: n * 1000,
          attributes: { junk: randomBytes(9000).toString('base64') },
          ...(error === undefined ? {} : { error }),
        },
      ])
    fixture.run((store) => {
      store.ingest(Array.from({ length: 150 }, (_, n) => fill(n + 1, n < 40 ? 'broke' : undefined)))
      settle(store)
    })
    fixture.run(
      (store, read) => {
        expect(store.retain(Date.now()).traces).toBeGreaterThan(0)
        const kept = read((reader) => listTraces(reader, MONTHS)).traces
        // The oldest forty failed; fifty of the others went before any of them.
        expect(kept.filter(({ status }) => status === 'error').length).toBe(40)
        expect(kept.length).toBe(100)
      },
      { maxBytes: usedBytes(fixture.file) },
    )
  })
})

function usedBytes(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true })
  const pragma = (name: string): number => Number(Object.values(db.prepare(`PRAGMA ${name}`).get()!)[0])
  const used = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  db.close()
  return used
}

describe('a user who is forgotten', () => {
  const fill = () => [
    run({ n: 1, user: 'ada-lovelace', session: 'only-hers' }),
    run({ n: 2, user: 'bob', session: 'shared' }),
    run({ n: 3, user: 'ada-lovelace', session: 'shared' }),
    bodyOf(
      'logs',
      logRequest([
        record('she asked about engines', { traceId: id(1) }),
        record('hello from bob', { traceId: id(2) }),
        record('rated by ada', { attributes: keyValues({ [ATTR_USER_ID]: 'ada-lovelace' }) }),
        record('nobody in particular'),
      ]),
    ),
  ]

  it('takes runs, logs, sessions and figures along; those of others and the totals stay', () => {
    fixture.run((store, read) => {
      store.ingest(fill())
      settle(store)
      expect(store.forget('ada-lovelace')).toEqual({ traces: 2, logs: 2, metricSeries: 0 })
      expect(read((reader) => listTraces(reader, MONTHS)).traces.map((trace) => trace.user)).toEqual(['bob'])
      expect(read((reader) => listLogs(reader, MONTHS)).logs.map(({ body }) => body)).toEqual([
        'nobody in particular',
        'hello from bob',
      ])
      expect(read((reader) => listActors(reader, 'user', MONTHS)).rows.map((row) => row.id)).toEqual(['bob'])
      expect(read((reader) => listActors(reader, 'session', MONTHS)).rows.map((row) => row.id)).toEqual(['shared'])
      expect(read((reader) => overview(reader, MONTHS)).totals.traces).toBe(3)
      for (const text of ['engines', 'rated'])
        expect(read((reader) => listLogs(reader, new URLSearchParams({ from: '-90d', text }))).logs).toEqual([])
      const found = new URLSearchParams({ from: '-90d', text: 'hello' })
      expect(read((reader) => listLogs(reader, found)).logs.map(({ body }) => body)).toEqual(['hello from bob'])
      // What comes later is stored as ever, also of the same user.
      store.ingest([run({ n: 5, user: 'ada-lovelace' })])
      expect(read((reader) => listTraces(reader, MONTHS)).traces[0]?.user).toBe('ada-lovelace')
    })
  })

  it('is in no byte of the file any more', () => {
    const bytes = (): Buffer => readFileSync(fixture.file)
    fixture.run((store) => {
      store.ingest(fill())
      settle(store)
    })
    expect(bytes().includes('ada-lovelace')).toBe(true)
    fixture.run((store) => store.forget('ada-lovelace'))
    for (const word of ['ada-lovelace', 'only-hers', 'engines'])
      expect([word, bytes().includes(word)]).toEqual([word, false])
    expect(bytes().includes('shared')).toBe(true)
  })

  it('leaves a name that somebody else has: an agent may be called like a user', () => {
    fixture.run((store, read) => {
      store.ingest([run({ n: 1, user: 'planner' }), run({ n: 2, user: 'bob' })])
      settle(store)
      store.forget('planner')
      expect(read((reader) => listTraces(reader, MONTHS)).traces.map(({ agents }) => agents)).toEqual([['planner']])
    })
  })
})

describe('a file of an older version', () => {
  it('is brought forward and keeps what it has', () => {
    fixture.run((store) => {
      store.ingest([traces(RUN), bodyOf('logs', logRequest([record('kept')]))])
      settle(store)
    })
    const old = join(fixture.folder, 'old.db')
    copyFileSync(fixture.file, old)
    const db = new DatabaseSync(old)
    db.exec('DROP INDEX logs_chunk; DROP TABLE work; PRAGMA user_version = 1')
    db.close()
    expect(() => openStoreFile(old)).toThrow(
      `has schema 1, this agentel reads ${SCHEMA_VERSION}. Start the console on it once.`,
    )
    openStore({ file: old }).close()
    const file = openStoreFile(old)
    expect((file.answer('/api/traces') as TraceList).traces.map(({ traceId }) => traceId)).toEqual([TRACE_ID])
    expect((file.answer('/api/logs') as LogList).logs.map(({ body }) => body)).toEqual(['kept'])
    file.close()
  })
})

describe('the API', () => {
  let console: ConsoleFixture
  beforeEach(async () => {
    console = await startFixture()
  })
  afterEach(() => console.stop())
  const erase = (user: string, headers: Record<string, string> = {}) =>
    fetch(`${console.url}/api/users/${encodeURIComponent(user)}`, { method: 'DELETE', headers })

  it('erases a user while it runs, and not for another page', async () => {
    await console.send('traces', traceRequest(RUN))
    await console.until<ActorList>('/api/users', ({ rows }) => rows.length === 1)
    const foreign = await erase('ada', { origin: 'http://evil.example' })
    expect(foreign.status).toBe(403)
    const answer = (await (await erase('ada')).json()) as ForgottenUser
    expect(answer).toEqual({ traces: 1, logs: 0, metricSeries: 0 })
    expect((await console.get<TraceList>('/api/traces')).traces).toEqual([])
    expect((await fetch(`${console.url}/api/users`, { method: 'DELETE' })).status).toBe(405)
  })

  it('gives what was received in pages that can be sent again', async () => {
    await console.send('traces', traceRequest(RUN))
    for (let n = 1; n <= 4; n++)
      await console.send('traces', JSON.parse(run({ n, start: n }).bytes.toString()) as object)
    await console.send('logs', logRequest([record('one'), record('two'), record('three')]))
    const other = await startFixture()
    try {
      for (const signal of ['traces', 'logs'] as const) {
        let cursor: string | null = ''
        let pages = 0
        while (cursor !== null) {
          const page: OtlpPage = await console.get(`/api/otlp/${signal}?from=-1d&limit=2&cursor=${cursor}`)
          expect((await other.send(signal, page.otlp)).status).toBe(200)
          cursor = page.nextCursor
          pages++
        }
        expect(pages).toBeGreaterThan(1)
      }
      const list = async (of: ConsoleFixture) => (await of.get<TraceList>('/api/traces?from=-1d')).traces
      expect((await list(other)).map(({ traceId, spans, cost }) => ({ traceId, spans, cost }))).toEqual(
        (await list(console)).map(({ traceId, spans, cost }) => ({ traceId, spans, cost })),
      )
      expect((await other.get<LogList>('/api/logs?from=-1d')).logs.map(({ body }) => body)).toEqual([
        'three',
        'two',
        'one',
      ])
      expect((await fetch(`${console.url}/api/otlp/profiles`)).status).toBe(400)
    } finally {
      await other.stop()
    }
  })
})
