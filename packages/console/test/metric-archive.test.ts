import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OtlpPage } from '../src/index.ts'
import { otlpPage } from '../src/query/otlp-pages.ts'
import { openReader } from '../src/query/reader.ts'
import { timeNanos } from './otlp-json.ts'
import { bodyOf, openStoreFixture, type StoreFixture } from './store-fixture.ts'

let from: StoreFixture
let to: StoreFixture
beforeEach(() => {
  from = openStoreFixture()
  to = openStoreFixture()
})
afterEach(() => {
  from.remove()
  to.remove()
})

const attributes = [
  { key: 'route', value: { stringValue: '/ask' } },
  { key: 'status', value: { intValue: '200' } },
  { key: 'share', value: { doubleValue: 0.5 } },
  { key: 'cached', value: { boolValue: false } },
  { key: 'huge', value: { intValue: '9007199254740993' } },
  { key: 'tags', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '2' }] } } },
  { key: 'nested', value: { kvlistValue: { values: [{ key: 'in', value: { stringValue: 'ner' } }] } } },
  { key: 'nothing', value: {} },
]
const at = (millis: number) => ({
  startTimeUnixNano: timeNanos(-60_000),
  timeUnixNano: timeNanos(millis),
  attributes,
})

/** A metric of every kind and temporality, with the fields that each may leave out. */
const METRICS = [
  {
    name: 'queue.depth',
    unit: '{task}',
    description: 'Waiting',
    gauge: { dataPoints: [{ ...at(0), asDouble: 3.25 }] },
  },
  {
    name: 'requests',
    sum: {
      aggregationTemporality: 2,
      isMonotonic: true,
      dataPoints: [
        { ...at(-1000), asInt: '3' },
        { ...at(0), asInt: '5' },
      ],
    },
  },
  { name: 'open', sum: { aggregationTemporality: 1, dataPoints: [{ ...at(0), asInt: '-2', attributes: [] }] } },
  {
    name: 'duration',
    unit: 's',
    histogram: {
      aggregationTemporality: 1,
      dataPoints: [
        { ...at(0), count: '3', sum: 4.5, min: 0.1, max: 4, bucketCounts: ['1', '2', '0'], explicitBounds: [0.5, 5] },
      ],
    },
  },
  {
    name: 'size',
    exponentialHistogram: {
      aggregationTemporality: 2,
      dataPoints: [
        {
          ...at(0),
          count: '5',
          scale: 3,
          zeroCount: '1',
          positive: { offset: -2, bucketCounts: ['1', '2'] },
          negative: { offset: 1, bucketCounts: ['1'] },
        },
      ],
    },
  },
  {
    name: 'latency',
    summary: { dataPoints: [{ ...at(0), count: '9', sum: 12, quantileValues: [{ quantile: 0.5, value: 1.25 }] }] },
  },
]
const SENT = [
  {
    resource: { attributes: [{ key: 'service.name', value: { stringValue: 'desk' } }] },
    scopeMetrics: [{ metrics: METRICS }],
  },
  { scopeMetrics: [{ metrics: [METRICS[0]!] }] },
]

/** Everything of metrics, without the numbers of its rows. */
function contentOf(file: string): unknown[] {
  const db = new DatabaseSync(file, { readOnly: true })
  const rows = db
    .prepare(
      `SELECT m.name, m.kind, m.unit, m.description, m.monotonic, m.temporality, m.last, d.text AS service, s.attributes,
        p.time, p.start, p.value, p.count, p.detail
       FROM points p JOIN series s ON s.id = p.series JOIN metrics m ON m.id = s.metric LEFT JOIN dict d ON d.id = s.service
       ORDER BY m.name, service, p.time`,
    )
    .all()
  db.close()
  return rows
}

function pagesOf(file: string, limit: number): OtlpPage[] {
  const reader = openReader(file)
  const pages: OtlpPage[] = []
  for (let cursor: string | null = ''; cursor !== null; cursor = pages.at(-1)!.nextCursor) {
    pages.push(otlpPage(reader, 'metrics', new URLSearchParams(`from=-1h&limit=${limit}&cursor=${cursor}`)))
  }
  reader.close()
  return pages
}

describe('an archive of metrics', () => {
  it('holds every kind of point, and brings back what was there, in another store and in the same', () => {
    from.run((store) => store.ingest([bodyOf('metrics', { resourceMetrics: SENT })]))
    const before = contentOf(from.file)
    expect(before.length).toBe(8)
    const pages = pagesOf(from.file, 3)
    expect(pages.map(({ items }) => items)).toEqual([3, 3, 2])
    const bodies = pages.map(({ otlp }) => bodyOf('metrics', otlp))
    to.run((store) =>
      expect(store.ingest(bodies).results.map((result) => ('items' in result ? result.items : result))).toEqual([
        3, 3, 2,
      ]),
    )
    expect(contentOf(to.file)).toEqual(before)
    from.run((store) =>
      expect(store.ingest(bodies).results.map((result) => ('items' in result ? result.items : result))).toEqual([
        0, 0, 0,
      ]),
    )
    expect(contentOf(from.file)).toEqual(before)
  })

  it('holds the points of its window only, and is OTLP as the protocol writes it', () => {
    from.run((store) => store.ingest([bodyOf('metrics', { resourceMetrics: SENT.slice(0, 1) })]))
    const reader = openReader(from.file)
    const window = new URLSearchParams({
      from: String(Number(timeNanos(-2000)) / 1e6),
      to: String(Number(timeNanos(-500)) / 1e6),
    })
    const page = otlpPage(reader, 'metrics', window)
    reader.close()
    const point = { ...at(-1000), asDouble: 3, attributes: attributes.toSorted((a, b) => (a.key < b.key ? -1 : 1)) }
    expect(page).toEqual({
      otlp: {
        resourceMetrics: [
          {
            resource: SENT[0]!.resource,
            scopeMetrics: [
              {
                metrics: [
                  {
                    name: 'requests',
                    unit: '',
                    description: '',
                    sum: {
                      aggregationTemporality: 2,
                      isMonotonic: true,
                      dataPoints: [
                        {
                          ...point,
                          // Beyond what JavaScript counts exactly, an integer is kept as its digits.
                          attributes: point.attributes.map((a) =>
                            a.key === 'huge' ? { key: 'huge', value: { stringValue: '9007199254740993' } } : a,
                          ),
                        },
                      ],
                    },
                  },
                ],
              },
            ],
          },
        ],
      },
      items: 1,
      nextCursor: null,
    })
  })
})
