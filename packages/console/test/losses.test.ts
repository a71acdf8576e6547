import { afterEach, beforeEach, expect, it } from 'vitest'
import { listLosses } from '../src/query/losses.ts'
import { keyValues, timeNanos } from './otlp-json.ts'
import { bodyOf, openStoreFixture, type StoreFixture } from './store-fixture.ts'

let fixture: StoreFixture
beforeEach(() => void (fixture = openStoreFixture()))
afterEach(() => fixture.remove())

interface Counted {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Cumulative; of a delta its only increase. */
  readonly values: readonly number[]
  readonly delta?: boolean
}

const PROCESSED = 'otel.sdk.processor.span.processed'

function sentBy(service: string, counters: readonly Counted[]): object {
  const metrics = counters.map(({ name, attributes, values, delta = false }) => ({
    name,
    sum: {
      aggregationTemporality: delta ? 1 : 2,
      isMonotonic: true,
      dataPoints: values.map((value, index) => ({
        startTimeUnixNano: timeNanos(-60_000),
        timeUnixNano: timeNanos(-30_000 + index * 1000),
        asInt: String(value),
        attributes: keyValues(attributes),
      })),
    },
  }))
  return { resource: { attributes: keyValues({ 'service.name': service }) }, scopeMetrics: [{ metrics }] }
}

it('tells what each service lost, by reason, whatever its temporality and however many processors it has', () => {
  const resourceMetrics = [
    sentBy('shop', [
      { name: PROCESSED, attributes: { 'otel.component.name': 'a' }, values: [100, 900] },
      { name: PROCESSED, attributes: { 'otel.component.name': 'a', 'error.type': 'queue_full' }, values: [10, 40] },
      { name: PROCESSED, attributes: { 'otel.component.name': 'b', 'error.type': 'queue_full' }, values: [3] },
      { name: PROCESSED, attributes: { 'otel.component.name': 'a', 'error.type': 'ECONNREFUSED' }, values: [512] },
      { name: 'agentel.self.dropped', attributes: { 'agentel.component.name': 'log-file' }, values: [0, 7] },
      { name: 'agentel.self.dropped', attributes: { 'agentel.component.name': 'sampling.tail' }, values: [0, 0] },
    ]),
    sentBy('desk', [
      { name: PROCESSED, attributes: { 'error.type': 'queue_full' }, values: [5], delta: true },
      {
        name: 'otel.sdk.processor.log.processed',
        attributes: { 'error.type': 'queue_full' },
        values: [2],
        delta: true,
      },
    ]),
  ]
  const at = (from: string) =>
    fixture.run((store, read) => {
      store.ingest([bodyOf('metrics', { resourceMetrics })])
      return read((reader) => listLosses(reader, new URLSearchParams({ from })))
    })
  const full = {
    reason: 'queue_full',
    meaning: 'the queue was full',
    advice: 'OTEL_BSP_MAX_QUEUE_SIZE (of log records OTEL_BLRP_MAX_QUEUE_SIZE) makes the queue longer',
  }
  const refused = { reason: 'ECONNREFUSED', meaning: 'the export failed with ECONNREFUSED', advice: null }
  const unwritten = {
    reason: 'log-file',
    meaning: 'the log file did not take them',
    advice: 'look whether the file can be written, and whether its disk keeps up',
  }
  expect(at('-1h').rows).toEqual([
    { service: 'shop', what: 'spans', ...refused, count: 512 },
    { service: 'shop', what: 'spans', ...full, count: 43 },
    { service: 'shop', what: 'items', ...unwritten, count: 7 },
    { service: 'desk', what: 'spans', ...full, count: 5 },
    { service: 'desk', what: 'log records', ...full, count: 2 },
  ])
  expect(at('-1s').rows).toEqual([])
})
