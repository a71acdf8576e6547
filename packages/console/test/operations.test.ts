import { afterEach, beforeEach, expect, it } from 'vitest'
import { listOperations } from '../src/query/operations.ts'
import { BASE, spanId, TRACE_ID } from './otlp-json.ts'
import { CHAT, NO_QUERY, openStoreFixture, settle, type StoreFixture, traces } from './store-fixture.ts'

let fixture: StoreFixture
beforeEach(() => void (fixture = openStoreFixture()))
afterEach(() => fixture.remove())

it('sums operations up by their names, with how long they took and how many failed', () => {
  const durations = [10, 20, 30, 40]
  const calls = durations.map((duration, n) => ({
    spanId: spanId(n),
    name: 'chat gpt-4o',
    kind: 3,
    start: n * 100,
    duration,
    attributes: CHAT,
    ...(n === 3 ? { error: 'broke' } : {}),
  }))
  fixture.run((store, read) => {
    store.ingest([traces(calls, 'desk')])
    settle(store)
    const { rows, counted, exact } = read((reader) => listOperations(reader, NO_QUERY))
    expect([counted, exact]).toEqual([1, true])
    expect(rows).toEqual([
      {
        name: 'chat gpt-4o',
        type: 'model',
        kind: 'client',
        service: 'desk',
        lastSeen: BASE + 300,
        traceId: TRACE_ID,
        count: 4,
        errors: 1,
        meanDuration: 25,
        p50: 20,
        p95: 40,
        p99: 40,
      },
    ])
  })
})
