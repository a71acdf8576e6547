import { ATTR_SERVICE_NAME } from '@agentel/semconv'
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { expect, it, describe } from 'vitest'
import { decodeMessage, type OtlpObject } from '../src/otlp/decode.ts'
import { encodeMessage } from '../src/otlp/encode.ts'
import { createInterner } from '../src/otlp/interner.ts'
import { LOGS, type Message, METRICS, TRACES } from '../src/otlp/messages.ts'
import { scanSpans } from '../src/otlp/scan-spans.ts'
import { TEXT_KEYS, TEXT_SLOTS } from '../src/otlp/promoted-keys.ts'

const ROUNDS = 200

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

interface Random {
  int(most: number): number
  hex(digits: number): string
  text(): string
  time(): [number, number]
  attributes(): Record<string, unknown>
}

const SPECIAL = ['', 'é ü 漢字', '\u{1f600}', '\n\t"\\', 'a'.repeat(300), '{"role":"user"}']

function openRandom(seed: number): Random {
  const next = seeded(seed)
  const int = (most: number): number => Math.floor(next() * most)
  const hex = (digits: number): string => Array.from({ length: digits }, () => (1 + int(15)).toString(16)).join('')
  const text = (): string => (int(3) === 0 ? SPECIAL[int(SPECIAL.length)]! : hex(1 + int(30)))
  const value = (depth: number): unknown => {
    const kind = int(depth > 2 ? 5 : 8)
    if (kind === 0) return int(2) === 0
    if (kind === 1) return int(1e9) - 5e8
    if (kind === 2) return next() * 1e6
    if (kind === 3) return Number.MAX_SAFE_INTEGER - int(10)
    if (kind === 5) return Array.from({ length: int(4) }, () => value(depth + 1))
    if (kind === 6) return Object.fromEntries(Array.from({ length: int(4) }, () => [text(), value(depth + 1)]))
    if (kind === 7) return Uint8Array.from({ length: int(20) }, () => int(256))
    return text()
  }
  const attributes = (): Record<string, unknown> => {
    const some = Array.from({ length: int(8) }, () => [text() || 'k', value(0)])
    const known = TEXT_SLOTS.filter(() => int(6) === 0).map((key) => [TEXT_KEYS[key], text()])
    return Object.fromEntries([...some, ...known]) as Record<string, unknown>
  }
  return { int, hex, text, time: () => [1_790_000_000 + int(1e6), int(1e9)], attributes }
}

function spanOf(r: Random): never {
  const context = { traceId: r.hex(32), spanId: r.hex(16), traceFlags: 1 }
  return {
    name: r.text(),
    kind: r.int(5),
    spanContext: () => context,
    ...(r.int(2) === 0 ? { parentSpanContext: { traceId: context.traceId, spanId: r.hex(16), traceFlags: 1 } } : {}),
    startTime: r.time(),
    endTime: r.time(),
    status: r.int(3) === 0 ? { code: 2, message: r.text() } : { code: r.int(2) },
    attributes: r.attributes(),
    events: Array.from({ length: r.int(3) }, () => ({
      name: r.text(),
      time: r.time(),
      attributes: r.attributes(),
      droppedAttributesCount: r.int(3),
    })),
    links: Array.from({ length: r.int(3) }, () => ({
      context: { traceId: r.hex(32), spanId: r.hex(16), traceFlags: 0 },
      attributes: r.attributes(),
      droppedAttributesCount: 0,
    })),
    duration: [0, 0],
    ended: true,
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: r.text() }),
    instrumentationScope: { name: r.text() || 'scope', version: r.text(), schemaUrl: r.text() },
    droppedAttributesCount: r.int(3),
    droppedEventsCount: r.int(3),
    droppedLinksCount: r.int(3),
  } as never
}

function logOf(r: Random): never {
  return {
    hrTime: r.time(),
    hrTimeObserved: r.time(),
    severityNumber: r.int(24),
    severityText: r.text(),
    body: r.int(3) === 0 ? r.attributes() : r.text(),
    eventName: r.text(),
    attributes: r.attributes(),
    droppedAttributesCount: r.int(3),
    spanContext: { traceId: r.hex(32), spanId: r.hex(16), traceFlags: 1 },
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: r.text() }),
    instrumentationScope: { name: r.text() || 'scope', version: r.text(), schemaUrl: '' },
  } as never
}

/** DataPointType: 0 histogram, 1 exponential, 2 gauge, 3 sum. */
function metricOf(r: Random): unknown {
  const dataPointType = r.int(4)
  const valueType = r.int(2)
  const point = (): unknown => {
    const base = { startTime: r.time(), endTime: r.time(), attributes: r.attributes() }
    if (dataPointType > 1) return { ...base, value: r.int(1000) + valueType / 2 }
    const range = { min: r.int(5) + 0.25, max: r.int(500) + 9.5, sum: r.int(1000) + 0.5, count: r.int(1000) }
    if (dataPointType === 0) {
      return {
        ...base,
        value: { ...range, buckets: { boundaries: [1, 2.5, 10], counts: [r.int(9), r.int(9), r.int(9), r.int(9)] } },
      }
    }
    const buckets = () => ({ offset: r.int(9) - 4, bucketCounts: [r.int(9), r.int(300)] })
    return {
      ...base,
      value: { ...range, scale: r.int(7) - 3, zeroCount: r.int(5), positive: buckets(), negative: buckets() },
    }
  }
  return {
    descriptor: { name: `m.${r.hex(4)}`, description: r.text(), unit: 's', type: 'COUNTER', valueType },
    aggregationTemporality: r.int(2),
    dataPointType,
    isMonotonic: r.int(2) === 0,
    dataPoints: Array.from({ length: 1 + r.int(3) }, point),
  }
}

function metricsOf(r: Random): never {
  return {
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: r.text() }),
    scopeMetrics: [
      {
        scope: { name: 'scope', version: r.text(), schemaUrl: '' },
        metrics: Array.from({ length: 1 + r.int(4) }, () => metricOf(r)),
      },
    ],
  } as never
}

/** Both writings of one thing, made alike: proto3 leaves out zeros and empty lists, JSON writes some of them. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null)
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined && inner !== null)
    .map(([key, inner]) => [key, comparable(inner)] as const)
    .filter(([key, inner]) => key.endsWith('Value') || !['', '0', 'false'].includes(inner as string))
    .filter(([, inner]) => !(Array.isArray(inner) && inner.length === 0))
    .filter(([, inner]) => !isEmptyObject(inner))
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
}

function json(bytes: Uint8Array | undefined): OtlpObject {
  return JSON.parse(Buffer.from(bytes!).toString('utf8')) as OtlpObject
}

function holds(message: Message, protobuf: Uint8Array | undefined, written: OtlpObject): void {
  const decoded = decodeMessage(message, protobuf!)
  expect(comparable(decoded)).toEqual(comparable(written))
  expect(comparable(decodeMessage(message, encodeMessage(message, written)))).toEqual(comparable(decoded))
}

describe('the reader against the serialisers of OpenTelemetry', () => {
  it('reads traces as they were written, in protobuf and JSON', () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const r = openRandom(seed)
      const spans = Array.from({ length: 1 + r.int(5) }, () => spanOf(r))
      holds(TRACES, ProtobufTraceSerializer.serializeRequest(spans), json(JsonTraceSerializer.serializeRequest(spans)))
    }
  })

  it('reads logs as they were written, in protobuf and JSON', () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const r = openRandom(seed)
      const logs = Array.from({ length: 1 + r.int(5) }, () => logOf(r))
      holds(LOGS, ProtobufLogsSerializer.serializeRequest(logs), json(JsonLogsSerializer.serializeRequest(logs)))
    }
  })

  it('reads metrics as they were written, in protobuf and JSON', () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const metrics = metricsOf(openRandom(seed))
      holds(
        METRICS,
        ProtobufMetricsSerializer.serializeRequest(metrics),
        json(JsonMetricsSerializer.serializeRequest(metrics)),
      )
    }
  })

  it('finds in one pass what the whole decoder finds', () => {
    const intern = createInterner()
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const r = openRandom(seed)
      const body = Buffer.from(
        ProtobufTraceSerializer.serializeRequest(Array.from({ length: 1 + r.int(5) }, () => spanOf(r)))!,
      )
      const scanned = scanSpans(body, { intern, isForeign: () => false }).flatMap(({ spans }) => spans)
      const decoded = ((decodeMessage(TRACES, body).resourceSpans ?? []) as OtlpObject[])
        .flatMap((group) => (group.scopeSpans ?? []) as OtlpObject[])
        .flatMap((group) => (group.spans ?? []) as OtlpObject[])
      const hex = (at: number, length: number): string => (at < 0 ? '' : body.toString('hex', at, at + length))
      const found = scanned.map((span) => ({
        traceId: hex(span.traceAt, 16),
        spanId: hex(span.spanAt, 8),
        parent: hex(span.parentAt, 8),
        name: span.name,
        kind: span.kind,
        start: span.startMicros,
        status: span.status,
        texts: span.texts,
      }))
      const wanted = decoded.map((span) => {
        const attributes = new Map(
          ((span.attributes ?? []) as OtlpObject[]).map((item) => [item.key, item.value as OtlpObject]),
        )
        return {
          traceId: span.traceId,
          spanId: span.spanId,
          parent: span.parentSpanId ?? '',
          name: span.name ?? '',
          kind: span.kind ?? 0,
          start: Number(BigInt(String(span.startTimeUnixNano)) / 1000n),
          status: (span.status as OtlpObject | undefined)?.code ?? 0,
          texts: TEXT_SLOTS.map((key) => attributes.get(TEXT_KEYS[key])?.stringValue ?? ''),
        }
      })
      expect(found.map((f) => ({ ...f, start: 0 }))).toEqual(wanted.map((w) => ({ ...w, start: 0 })))
      found.forEach((f, i) => expect(Math.abs(f.start - wanted[i]!.start)).toBeLessThanOrEqual(1))
    }
  })

  it('refuses every cut and most changed bodies without harm', () => {
    const r = openRandom(7)
    const body = Buffer.from(ProtobufTraceSerializer.serializeRequest([spanOf(r)])!)
    const intern = createInterner()
    for (let length = 1; length < body.length; length++) {
      const cut = body.subarray(0, length)
      expect(() => scanSpans(cut, { intern, isForeign: () => false })).toThrow(
        /protobuf body ends|wire type|varint|field/,
      )
    }
    for (let i = 0; i < 3000; i++) {
      const changed = Buffer.from(body)
      changed[r.int(changed.length)] = r.int(256)
      try {
        scanSpans(changed, { intern, isForeign: () => false })
        decodeMessage(TRACES, changed)
      } catch (error) {
        expect((error as Error).name).toBe('MalformedOtlp')
      }
    }
  })

  it('refuses values nested deeper than the limit instead of exhausting the stack', () => {
    let value: object = { stringValue: 'deep' }
    for (let i = 0; i < 5000; i++) value = { arrayValue: { values: [value] } }
    const request = { resourceSpans: [{ resource: { attributes: [{ key: 'k', value }] } }] }
    expect(() => encodeMessage(TRACES, request)).toThrow('values are nested deeper than 100')
  })

  it('names the path of a JSON value that does not fit', () => {
    const request = { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'zz', name: 5 }] }] }] }
    expect(() => encodeMessage(TRACES, request)).toThrow(
      'resourceSpans[0].scopeSpans[0].spans[0].traceId must be hexadecimal digits, it is string',
    )
    expect(() => encodeMessage(TRACES, { resourceSpans: {} })).toThrow('resourceSpans must be an array, it is object')
    expect(() => encodeMessage(TRACES, [])).toThrow('the body must be an object, it is an array')
  })
})
