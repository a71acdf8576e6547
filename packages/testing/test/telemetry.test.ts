import {
  type Context,
  SpanStatusCode,
  context,
  createContextKey,
  logs,
  metrics,
  propagation,
  trace,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace'
import { afterEach, describe, expect, it } from 'vitest'
import { type TestTelemetry, type TestTelemetryOptions, createTestTelemetry } from '../src/telemetry.ts'

let telemetry: TestTelemetry | undefined
const create = (options?: TestTelemetryOptions): TestTelemetry => (telemetry = createTestTelemetry(options))
afterEach(() => telemetry?.shutdown())

const KEY = createContextKey('test')

describe('createTestTelemetry', () => {
  it('keeps what is emitted, in order, until reset', async () => {
    const { spans, span, logs: records, metrics: collect, reset } = create()
    const tracer = trace.getTracer('t')
    const outer = tracer.startSpan('outer')
    tracer.startSpan('inner', {}, trace.setSpan(context.active(), outer)).end()
    outer.setStatus({ code: SpanStatusCode.ERROR }).end()
    logs.getLogger('l').emit({ eventName: 'e', attributes: { a: { nested: [1] } } })
    metrics.getMeter('m').createCounter('c', { unit: '{call}' }).add(2, { a: 1 })
    expect(spans().map(({ name }) => name)).toEqual(['inner', 'outer'])
    expect(span('inner').parentSpanContext?.spanId).toBe(outer.spanContext().spanId)
    expect(records().map(({ eventName, attributes }) => [eventName, attributes])).toEqual([
      ['e', { a: { nested: [1] } }],
    ])
    const [counter, ...others] = await collect()
    expect(others).toEqual([])
    expect([counter!.descriptor.name, counter!.descriptor.unit]).toEqual(['c', '{call}'])
    expect(counter!.dataPoints.map(({ value, attributes }) => [value, attributes])).toEqual([[2, { a: 1 }]])
    reset()
    expect([spans(), records()]).toEqual([[], []])
  })

  it('tells the spans that an exporter would get from those that were only recorded', () => {
    const { spans, recordedSpans } = create({
      sampler: { shouldSample: () => ({ decision: 1 }), toString: () => 'record only' } as never,
    })
    trace.getTracer('t').startSpan('recorded').end()
    expect([spans().length, recordedSpans().length]).toEqual([0, 1])
  })

  it('names the spans that have not ended', () => {
    const { openSpans, reset } = create()
    const [first, second] = ['a', 'b'].map((name) => trace.getTracer('t').startSpan(name))
    expect(openSpans()).toEqual(['a', 'b'])
    first!.end()
    expect(openSpans()).toEqual(['b'])
    reset()
    second!.end()
    expect(openSpans()).toEqual([])
  })

  it('names the spans that there are when the wanted one is not, or not alone', () => {
    const { span } = create()
    expect(() => span('a')).toThrow('0 spans are called "a"; there are: none')
    for (const name of ['b', 'a', 'a']) trace.getTracer('t').startSpan(name).end()
    expect(() => span('a')).toThrow('2 spans are called "a"; there are: b, a, a')
    expect(span('b').name).toBe('b')
  })

  it('carries context over awaits and W3C headers over processes', async () => {
    create()
    const active: Context = context.active().setValue(KEY, 1)
    await context.with(active, async () => {
      await Promise.resolve()
      expect(context.active().getValue(KEY)).toBe(1)
    })
    const span = trace.getTracer('t').startSpan('s')
    const headers: Record<string, string> = {}
    propagation.inject(trace.setSpan(context.active(), span), headers)
    expect(headers).toEqual({ traceparent: expect.stringContaining(span.spanContext().spanId) })
  })

  it('runs the given processors, sampler and producers before its own', async () => {
    const started: string[] = []
    const { spans, logs: records } = create({
      sampler: new AlwaysOffSampler(),
      spanProcessors: [
        {
          onStart: ({ name }) => void started.push(name),
          onEnd() {},
          forceFlush: async () => {},
          shutdown: async () => {},
        },
      ],
      logRecordProcessors: [
        {
          onEmit: (record) => void record.setAttribute('seen', true),
          forceFlush: async () => {},
          shutdown: async () => {},
        },
      ],
    })
    trace.getTracer('t').startSpan('dropped').end()
    logs.getLogger('l').emit({ body: 'x' })
    expect([started, spans()]).toEqual([[], []])
    expect(records()[0]!.attributes).toEqual({ seen: true })
  })

  it('leaves the logs unregistered when told so', () => {
    const { logs: records } = create({ logs: false })
    logs.getLogger('l').emit({ body: 'x' })
    expect(records()).toEqual([])
  })

  it('refuses to stand beside another set-up, which it leaves as it was; after shutdown the next one may come', async () => {
    const first = create()
    expect(() => createTestTelemetry()).toThrow('another OpenTelemetry provider is registered in this process already')
    trace.getTracer('t').startSpan('still here').end()
    expect(first.spans()).toHaveLength(1)
    await first.shutdown()
    trace.getTracer('t').startSpan('nowhere').end()
    const second = create()
    trace.getTracer('t').startSpan('here').end()
    expect([first.spans().length, second.spans().length]).toEqual([1, 1])
  })

  it('takes nothing away when a part of another set-up refuses it', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager())
    expect(() => createTestTelemetry()).toThrow('another OpenTelemetry provider')
    expect(trace.getTracer('t').startSpan('nowhere').isRecording()).toBe(false)
    context.disable()
    expect(create().spans()).toEqual([])
  })
})
