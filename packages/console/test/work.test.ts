import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listEvents } from '../src/query/events.ts'
import { transaction } from '../src/query/transaction.ts'
import { listWorkers } from '../src/query/workers.ts'
import { BASE, spanId, type SpanSpec } from './otlp-json.ts'
import { NO_QUERY, openStoreFixture, settle, type StoreFixture, traces } from './store-fixture.ts'

const PRODUCER = 4
const CONSUMER = 5
const traceId = (n: number): string => n.toString(16).padStart(32, 'a')

let fixture: StoreFixture
beforeEach(() => {
  fixture = openStoreFixture()
})
afterEach(() => fixture.remove())

/** One order: it is published, and handled after 10 ms for 20 ms and one more for each order before it. */
function order(n: number, failure?: string): SpanSpec[] {
  const facts = {
    'agentel.event.type': 'order.created',
    'agentel.event.id': `o${n}`,
    'agentel.transaction.id': `tx-${n}`,
  }
  const start = n * 1000
  const error = failure === undefined ? {} : { error: failure }
  return [
    {
      traceId: traceId(n),
      spanId: spanId(1),
      name: 'publish order.created',
      kind: PRODUCER,
      start,
      duration: 2,
      attributes: { ...facts, 'agentel.event.stage': 'published' },
    },
    {
      traceId: traceId(n),
      spanId: spanId(2),
      parent: spanId(1),
      name: 'process order.created',
      kind: CONSUMER,
      start: start + 12,
      duration: 20 + n,
      attributes: {
        ...facts,
        'agentel.event.stage': failure === undefined ? 'completed' : 'error',
        'agentel.worker.name': 'packer',
        ...(failure === undefined ? {} : { 'error.type': 'E_STOCK' }),
      },
      ...error,
    },
  ]
}

const LATE = new URLSearchParams({ from: String(BASE - 1000), to: String(BASE + 199_000) })

describe('events', () => {
  it('are counted by type and stage, with share, success, times and throughput', () => {
    fixture.run((store, read) => {
      // Handlings first: the publishing of an event may come later.
      store.ingest([traces(Array.from({ length: 20 }, (_, n) => order(n, n < 2 ? 'none left' : undefined)[1]!))])
      store.ingest([traces(Array.from({ length: 20 }, (_, n) => order(n)[0]!))])
      const alone = { 'agentel.event.type': 'mail.sent' }
      store.ingest([
        traces(
          [
            { spanId: spanId(1), traceId: traceId(50), kind: CONSUMER, duration: 5, attributes: alone },
            {
              spanId: spanId(2),
              traceId: traceId(50),
              kind: CONSUMER,
              duration: 7,
              attributes: { ...alone, 'agentel.event.stage': 'received' },
            },
            {
              spanId: spanId(1),
              traceId: traceId(51),
              kind: PRODUCER,
              attributes: { 'agentel.event.type': 'bus.gone' },
              error: 'refused',
            },
          ],
          'mailer',
        ),
      ])
      settle(store)
      const { rows, exact } = read((reader) => listEvents(reader, LATE))
      expect(exact).toBe(true)
      expect(rows).toEqual([
        {
          type: 'order.created',
          services: ['desk'],
          published: 20,
          unpublished: 0,
          received: 20,
          completed: 18,
          errors: 2,
          count: 20,
          share: 20 / 23,
          success: 0.9,
          throughput: 0.1,
          handling: { mean: 29.5, p95: 38 },
          latency: { mean: 41.5, p95: 50 },
          lastSeen: BASE + 19_012,
          traceId: traceId(19),
        },
        {
          type: 'mail.sent',
          services: ['mailer'],
          published: 0,
          unpublished: 0,
          received: 2,
          completed: 1,
          errors: 0,
          count: 2,
          share: 2 / 23,
          success: 1,
          throughput: 0.01,
          handling: { mean: 5, p95: 5 },
          latency: { mean: null, p95: null },
          lastSeen: BASE,
          traceId: traceId(50),
        },
        {
          type: 'bus.gone',
          services: ['mailer'],
          published: 0,
          unpublished: 1,
          received: 0,
          completed: 0,
          errors: 0,
          count: 1,
          share: 1 / 23,
          success: null,
          throughput: 0.005,
          handling: { mean: null, p95: null },
          latency: { mean: null, p95: null },
          lastSeen: BASE,
          traceId: traceId(51),
        },
      ])
      const mailer = new URLSearchParams({ service: 'mailer' })
      expect(read((reader) => listEvents(reader, mailer)).rows.map(({ type }) => type)).toEqual([
        'mail.sent',
        'bus.gone',
      ])
      expect(read((reader) => listEvents(reader, new URLSearchParams({ to: String(BASE - 5000) }))).rows).toEqual([])
    })
  })

  it('sent twice are counted once, and are gone with their run', () => {
    fixture.run((store, read) => {
      const user = { 'user.id': 'ada' }
      const [published, handled] = order(1)
      const spans = [{ ...published!, attributes: { ...published!.attributes, ...user } }, handled!]
      store.ingest([traces(spans)])
      store.ingest([traces(spans)])
      settle(store)
      expect(read((reader) => listEvents(reader, NO_QUERY)).rows[0]?.count).toBe(1)
      store.forget('ada')
      expect(read((reader) => listEvents(reader, NO_QUERY)).rows).toEqual([])
      expect(read((reader) => listWorkers(reader, NO_QUERY)).rows).toEqual([])
      expect(read((reader) => transaction(reader, 'tx-1'))).toBeUndefined()
    })
  })
})

describe('a transaction', () => {
  it('is its stages in order, over all its runs, with durations and errors', () => {
    fixture.run((store, read) => {
      const mail = {
        traceId: traceId(99),
        spanId: spanId(7),
        name: 'publish mail.sent',
        kind: PRODUCER,
        start: 1040,
        duration: 1,
        attributes: { 'agentel.event.type': 'mail.sent', 'agentel.transaction.id': 'tx-1' },
      }
      store.ingest([traces([...order(1, 'none left'), ...order(2)]), traces([mail], 'mailer')])
      settle(store)
      const created = { type: 'order.created', eventId: 'o1', service: 'desk', traceId: traceId(1) }
      expect(read((reader) => transaction(reader, 'tx-1'))).toEqual({
        id: 'tx-1',
        start: BASE + 1000,
        end: BASE + 1041,
        duration: 41,
        counts: { published: 2, received: 1, completed: 0, error: 1 },
        stages: [
          { ...created, stage: 'published', time: BASE + 1002, duration: 2, error: null, spanId: spanId(1) },
          { ...created, stage: 'received', time: BASE + 1012, duration: 10, error: null, spanId: spanId(2) },
          {
            ...created,
            stage: 'error',
            time: BASE + 1033,
            duration: 21,
            error: { type: 'E_STOCK', message: 'none left' },
            spanId: spanId(2),
          },
          {
            type: 'mail.sent',
            eventId: null,
            service: 'mailer',
            traceId: traceId(99),
            stage: 'published',
            time: BASE + 1041,
            duration: 1,
            error: null,
            spanId: spanId(7),
          },
        ],
        exact: true,
      })
      expect(read((reader) => transaction(reader, 'tx-77'))).toBeUndefined()
    })
  })
})

describe('workers', () => {
  it('are summed up by name and together: executions, success, times, slow ones, last seen', () => {
    fixture.run((store, read) => {
      const indexing = Array.from({ length: 10 }, (_, n): SpanSpec => ({
        traceId: traceId(n + 60),
        spanId: spanId(1),
        name: 'execute indexer',
        start: n * 100,
        duration: n === 9 ? 5001 : 5000,
        attributes: { 'agentel.worker.name': 'indexer' },
        ...(n === 0 ? { error: 'disk quota' } : {}),
      }))
      store.ingest([traces([...order(1), ...order(2, 'none left')]), traces(indexing, 'search')])
      settle(store)
      const figures = { errors: 1, success: 0.9, times: { mean: 5000.1, p95: 5001 }, slow: 1 }
      const { rows, summary, slowerThan, exact } = read((reader) => listWorkers(reader, NO_QUERY))
      expect([slowerThan, exact]).toEqual([5000, true])
      expect(rows).toEqual([
        {
          name: 'indexer',
          services: ['search'],
          executions: 10,
          ...figures,
          lastSeen: BASE + 900,
          traceId: traceId(69),
        },
        {
          name: 'packer',
          services: ['desk'],
          executions: 2,
          errors: 1,
          success: 0.5,
          times: { mean: 21.5, p95: 22 },
          slow: 0,
          lastSeen: BASE + 2012,
          traceId: traceId(2),
        },
      ])
      expect(summary).toEqual({
        workers: 2,
        executions: 12,
        errors: 2,
        success: 10 / 12,
        times: { mean: expect.closeTo((50_001 + 43) / 12, 6), p95: 5001 },
        slow: 1,
      })
      const slower = new URLSearchParams({ slowerThan: '21' })
      expect(read((reader) => listWorkers(reader, slower)).rows.map(({ slow }) => slow)).toEqual([10, 1])
    })
  })
})
