import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ATTR_GEN_AI_INPUT_MESSAGES, ATTR_GEN_AI_OPERATION_NAME } from '@agentel/semconv'
import type { SpanDetail, TraceList, TraceSkeleton } from '../src/index.ts'
import { type ConsoleFixture, startFixture } from './console-fixture.ts'
import { spanId, type SpanSpec, timeNanos, traceRequest } from './otlp-json.ts'

let fixture: ConsoleFixture
let made = 0

beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.stop())

/** Sends the spans as one new trace and reads it back. */
async function roundTrip(spans: readonly SpanSpec[]): Promise<{ traceId: string; skeleton: TraceSkeleton }> {
  const traceId = `${++made}`.padStart(32, 'f')
  const answer = await fixture.send('traces', traceRequest(spans.map((span) => ({ ...span, traceId }))))
  expect(answer.status).toBe(200)
  return { traceId, skeleton: await fixture.get<TraceSkeleton>(`/api/traces/${traceId}`) }
}

describe('a hostile trace', () => {
  it('with cycles of parents is cut at the earliest span of each and marked', async () => {
    const { skeleton } = await roundTrip([
      { spanId: spanId(1), parent: spanId(3), start: 30 },
      { spanId: spanId(2), parent: spanId(1), start: 20 },
      { spanId: spanId(3), parent: spanId(2), start: 10 },
      { spanId: spanId(4), parent: spanId(4), start: 40 },
    ])
    expect(skeleton.spans.id).toEqual([spanId(3), spanId(1), spanId(2), spanId(4)])
    expect(skeleton.spans.parent).toEqual([-1, 0, 1, -1])
    expect(skeleton.marks.cycle).toEqual([0, 3])
  })

  it('with missing parents shows every span and marks the orphans', async () => {
    const { skeleton } = await roundTrip([
      { spanId: spanId(1), parent: spanId(77), start: 0 },
      { spanId: spanId(2), parent: spanId(1), start: 5 },
      { spanId: spanId(3), parent: spanId(88), start: 9 },
    ])
    expect([skeleton.spans.parent, skeleton.marks.missingParent, skeleton.trace.status]).toEqual([
      [-1, 0, -1],
      [0, 2],
      'open',
    ])
  })

  it('with clocks that differ has no negative offset or duration, and is marked', async () => {
    const { skeleton } = await roundTrip([
      { spanId: spanId(1), start: 1000, duration: 100 },
      { spanId: spanId(2), parent: spanId(1), start: -5000, duration: 10 },
      { spanId: spanId(3), parent: spanId(1), start: 1010, duration: -40 },
    ])
    expect(skeleton.spans.start).toEqual([6000, 0, 6010])
    expect(skeleton.spans.duration).toEqual([100, 10, 0])
    expect(skeleton.marks.skewed).toEqual([1])
  })

  it('400 levels deep keeps its depth', async () => {
    const { skeleton } = await roundTrip(
      Array.from({ length: 400 }, (_, i) => ({
        spanId: spanId(i),
        start: i,
        ...(i === 0 ? {} : { parent: spanId(i - 1) }),
      })),
    )
    expect([skeleton.spans.depth.at(-1), skeleton.spans.descendants[0]]).toEqual([399, 399])
  })

  it('of 10,000 spans comes as one skeleton, each span once', async () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => ({
      spanId: spanId(i),
      start: i / 100,
      ...(i === 0 ? {} : { parent: spanId(0) }),
    }))
    const { skeleton } = await roundTrip(spans)
    expect([skeleton.spans.id.length, new Set(skeleton.spans.id).size, skeleton.trace.spans]).toEqual([
      10_000, 10_000, 10_000,
    ])
    expect(skeleton.spans.descendants[0]).toBe(9999)
  })

  it('with an attribute of a megabyte gives it back whole, and only when it is asked for', async () => {
    const large = 'word '.repeat(200_000)
    const { traceId, skeleton } = await roundTrip([
      { spanId: spanId(1), attributes: { [ATTR_GEN_AI_OPERATION_NAME]: 'chat', [ATTR_GEN_AI_INPUT_MESSAGES]: large } },
    ])
    expect(JSON.stringify(skeleton).length).toBeLessThan(3000)
    const detail = await fixture.get<SpanDetail>(`/api/traces/${traceId}/spans/${spanId(1)}`)
    expect(detail.attributes[ATTR_GEN_AI_INPUT_MESSAGES]).toBe(large)
    expect(detail.content.input).toEqual([{ role: 'user', parts: [{ type: 'text', content: large }] }])
  })

  it('with scripts, control characters and strange keys gives them back as they are', async () => {
    const evil = '</script><img src=x onerror=alert(1)>\u0000\u2028\ud800'
    const attributes = { __proto__x: evil, constructor: evil, 'a"b': evil }
    const { traceId, skeleton } = await roundTrip([{ spanId: spanId(1), name: evil, attributes, error: evil }])
    const wellFormed = evil.toWellFormed()
    expect(skeleton.dictionaries.names).toEqual([wellFormed])
    const detail = await fixture.get<SpanDetail>(`/api/traces/${traceId}/spans/${spanId(1)}`)
    expect(detail.attributes).toEqual({ __proto__x: wellFormed, constructor: wellFormed, 'a"b': wellFormed })
    const response = await fetch(`${fixture.url}/api/traces/${traceId}`)
    expect([response.headers.get('content-type'), response.headers.get('x-content-type-options')]).toEqual([
      'application/json; charset=utf-8',
      'nosniff',
    ])
  })

  it('with times and counts beyond reason does not break the list', async () => {
    const traceId = `${++made}`.padStart(32, 'f')
    const request = {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                { traceId, spanId: spanId(1), startTimeUnixNano: '18446744073709551615', endTimeUnixNano: '0' },
                { traceId, spanId: spanId(2), startTimeUnixNano: '0', endTimeUnixNano: timeNanos(0) },
                {
                  traceId,
                  spanId: spanId(3),
                  startTimeUnixNano: timeNanos(0),
                  endTimeUnixNano: timeNanos(1),
                  kind: 99,
                  status: { code: 77 },
                  attributes: [
                    { key: ATTR_GEN_AI_OPERATION_NAME, value: { stringValue: 'chat' } },
                    { key: 'gen_ai.usage.input_tokens', value: { intValue: '-9223372036854775808' } },
                    { key: 'gen_ai.usage.output_tokens', value: { doubleValue: 'NaN' } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    }
    expect((await fixture.send('traces', request)).status).toBe(200)
    const skeleton = await fixture.get<TraceSkeleton>(`/api/traces/${traceId}`)
    expect(skeleton.spans.id.length).toBe(3)
    for (const column of [skeleton.spans.start, skeleton.spans.duration])
      expect(column.every((value) => value >= 0)).toBe(true)
    expect(skeleton.spans.inputTokens).toEqual([null, null, null])
    const list = await fixture.get<TraceList>('/api/traces?from=0&limit=500')
    expect(list.traces.some((t) => t.traceId === traceId)).toBe(true)
  })

  it('queries that are broken or malicious are refused or find nothing', async () => {
    const statusOf = async (path: string): Promise<number> => (await fetch(fixture.url + path)).status
    expect(await statusOf('/api/traces?agent=%27%3B DROP TABLE traces%3B--&text=%22%20OR%20*%20%28')).toBe(200)
    expect(await statusOf('/api/traces?text=AND%20OR%20NOT%20NEAR(a%20b)%20col:x%20%22')).toBe(200)
    expect(await statusOf('/api/traces?from=yesterday')).toBe(400)
    expect(await statusOf('/api/traces?limit=0')).toBe(400)
    expect(await statusOf('/api/traces?status=fine')).toBe(400)
    expect(await statusOf('/api/traces?cursor=a_b')).toBe(400)
    expect(await statusOf('/api/traces/nothex')).toBe(404)
    expect(await statusOf(`/api/traces/${'9'.repeat(32)}/spans/${'9'.repeat(16)}`)).toBe(404)
    expect(await statusOf('/api/agents/%E0%A4%A')).toBe(404)
    expect(await statusOf('/..%2f..%2fetc/passwd')).toBe(404)
  })
})
