import { readFileSync } from 'node:fs'
import { ATTR_USER_ID } from '@agentel/semconv'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keyValues, timeNanos } from './otlp-json.ts'
import { bodyOf, openStoreFixture, type StoreFixture } from './store-fixture.ts'

let fixture: StoreFixture
beforeEach(() => void (fixture = openStoreFixture()))
afterEach(() => fixture.remove())

it('erases with a user the metrics of their own, which some other application may have sent', () => {
  const point = (user: string) => ({
    timeUnixNano: timeNanos(0),
    asDouble: 1.5,
    attributes: keyValues({ [ATTR_USER_ID]: user }),
  })
  const metric = { name: 'queue', gauge: { dataPoints: [point('ada-lovelace'), point('bob')] } }
  fixture.run((store, read) => {
    store.ingest([bodyOf('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] })])
    expect(store.forget('ada-lovelace')).toEqual({ traces: 0, logs: 0, metricSeries: 1 })
    expect(read((reader) => reader.rows('SELECT attributes FROM series'))).toEqual([
      [JSON.stringify({ [ATTR_USER_ID]: 'bob' })],
    ])
    expect(read((reader) => reader.row('SELECT count(*) FROM points'))).toEqual([1])
  })
  expect(readFileSync(fixture.file).includes('ada-lovelace')).toBe(false)
})
