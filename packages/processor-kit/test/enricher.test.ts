import { createTestTelemetry } from '@agentel/testing/telemetry'
import { faultCounts, resetFaults } from '@agentel/api'
import { type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { afterEach, describe, expect, it } from 'vitest'
import { type EndingSpan, type Enricher, type ReadableSpanLike, enricherProcessor } from '../src/index.ts'

let stop: () => Promise<void> = () => Promise.resolve()
afterEach(async () => {
  await stop()
  resetFaults()
})

function setUp(enrichers: readonly Enricher[]): ReturnType<typeof createTestTelemetry> {
  const telemetry = createTestTelemetry({ spanProcessors: [enricherProcessor(enrichers) as never] })
  stop = () => telemetry.shutdown()
  return telemetry
}

const startSpan = (): Span => trace.getTracer('host').startSpan('op', { attributes: { a: 1 } })
const throwing = (): never => {
  throw new TypeError('a bug')
}

describe('enricherProcessor', () => {
  it('runs onStart, then the onEnding of all, then the onEnd of all, in the given order', () => {
    const calls: string[] = []
    const enricher = (name: string): Enricher => ({
      name,
      onStart: () => void calls.push(`${name}.onStart`),
      onEnding: () => void calls.push(`${name}.onEnding`),
      onEnd: () => void calls.push(`${name}.onEnd`),
    })
    setUp([enricher('first'), enricher('second')])
    startSpan().end()
    expect(calls).toEqual(['onStart', 'onEnding', 'onEnd'].flatMap((hook) => [`first.${hook}`, `second.${hook}`]))
  })

  it('lets a span that is ending be read and changed in every way', () => {
    let seen: Record<string, unknown> = {}
    const telemetry = setUp([
      {
        name: 'editor',
        onEnding(span: EndingSpan) {
          const { name, kind, attributes, status, instrumentationScope, resource, duration, parentSpanContext } = span
          seen = {
            name,
            kind,
            attributes: { ...attributes },
            status,
            scope: instrumentationScope.name,
            duration,
            parentSpanContext,
          }
          seen.service = resource.attributes['service.name']
          seen.id = span.spanContext().spanId
          span.rename('renamed')
          span.setAttribute('b', 2)
          span.setAttributes({ c: 3, secret: '[redacted]' })
          span.deleteAttribute('a')
          span.setStatusMessage('[redacted]')
          const [event] = span.events
          span.setNestedAttribute(event!, 'prompt', '[redacted]')
          span.setNestedAttribute(event!, 'gone', undefined)
          span.setNestedAttribute(span.links[0]!, 'why', 'changed')
        },
      },
    ])
    const linked = startSpan()
    const span = startSpan()
    span.setAttribute('secret', 'sk-1')
    span.addLink({ context: linked.spanContext(), attributes: { why: 'x' } })
    span.addEvent('message', { prompt: 'sk-2', gone: true, kept: 1 })
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'key sk-3 is wrong' })
    span.end()
    const done = telemetry.span('renamed')
    expect(seen).toEqual({
      name: 'op',
      kind: 0,
      attributes: { a: 1, secret: 'sk-1' },
      status: { code: SpanStatusCode.ERROR, message: 'key sk-3 is wrong' },
      scope: 'host',
      service: 'test',
      duration: done.duration,
      parentSpanContext: undefined,
      id: span.spanContext().spanId,
    })
    expect(done.attributes).toEqual({ b: 2, c: 3, secret: '[redacted]' })
    expect(done.status).toEqual({ code: SpanStatusCode.ERROR, message: '[redacted]' })
    expect(done.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['message', { prompt: '[redacted]', kept: 1 }],
    ])
    expect(done.links.map(({ attributes }) => attributes)).toEqual([{ why: 'changed' }])
  })

  it('never lets a throw reach the application, nor another enricher', () => {
    const seen: string[] = []
    const telemetry = setUp([
      { name: 'bad', onStart: throwing, onEnding: throwing, onEnd: throwing },
      {
        name: 'good',
        onStart: (span) => void span.setAttribute('started', true),
        onEnding: (span) => span.setAttribute('ending', true),
        onEnd: (span) => void seen.push(span.name),
      },
    ])
    expect(() => startSpan().end()).not.toThrow()
    expect(telemetry.span('op').attributes).toEqual({ a: 1, started: true, ending: true })
    expect(seen).toEqual(['op'])
    expect(faultCounts()).toEqual({ 'bad.onStart': 1, 'bad.onEnding': 1, 'bad.onEnd': 1 })
  })

  it('waits for all that flush and shut down, also when one of them fails', async () => {
    const calls: string[] = []
    const processor = enricherProcessor([
      { name: 'bad', forceFlush: () => Promise.reject(new Error('x')), shutdown: throwing },
      {
        name: 'good',
        forceFlush: async () => void calls.push('forceFlush'),
        shutdown: async () => void calls.push('shutdown'),
      },
      { name: 'without' },
    ])
    await processor.forceFlush()
    await processor.shutdown()
    expect(calls).toEqual(['forceFlush', 'shutdown'])
    expect(faultCounts()).toEqual({ 'bad.forceFlush': 1, 'bad.shutdown': 1 })
  })

  it('runs onEnding once, also when an enricher ends another span meanwhile', () => {
    const runs: string[] = []
    let inner: Span | undefined
    setUp([
      {
        name: 'nesting',
        onEnding(span) {
          runs.push(span.name)
          inner?.end()
        },
      },
    ])
    inner = trace.getTracer('host').startSpan('inner')
    const outer = startSpan()
    const later = inner
    inner = undefined
    outer.end()
    inner = later
    trace.getTracer('host').startSpan('third').end()
    expect(runs.filter((name) => name === 'op')).toHaveLength(1)
    expect(runs.filter((name) => name === 'third')).toHaveLength(1)
  })
})

describe('in a host that never calls onEnding', () => {
  it('the enrichers run at the start of onEnd, on what the exporter will read', () => {
    const order: string[] = []
    const processor = enricherProcessor([
      {
        name: 'editor',
        onEnding(span) {
          order.push('onEnding')
          span.rename('renamed')
          span.setAttribute('b', 2)
          span.deleteAttribute('a')
          span.setStatusMessage(undefined)
        },
        onEnd: () => void order.push('onEnd'),
      },
    ])
    const ended = {
      name: 'op',
      attributes: { a: 1 },
      status: { code: SpanStatusCode.ERROR, message: 'sk-1' },
    } as unknown as ReadableSpanLike
    processor.onEnd(ended)
    expect(order).toEqual(['onEnding', 'onEnd'])
    expect(ended).toEqual({ name: 'renamed', attributes: { b: 2 }, status: { code: SpanStatusCode.ERROR } })
  })

  it('a span that cannot be changed does no harm', () => {
    const processor = enricherProcessor([{ name: 'editor', onEnding: (span) => span.setAttribute('b', 2) }])
    const frozen = Object.freeze({ name: 'op', attributes: Object.freeze({}) }) as unknown as ReadableSpanLike
    expect(() => processor.onEnd(frozen)).not.toThrow()
    expect(faultCounts()).toEqual({ 'editor.onEnding': 1 })
  })
})
