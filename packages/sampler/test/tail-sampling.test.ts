import { type Attributes, context, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { ReadableSpanLike, SpanProcessorLike } from '@agentel/processor-kit'
import { describe, expect, it } from 'vitest'
import { alwaysRecord, keepSpans, shareSampler, tailSampling, type TailSamplingOptions } from '../src/index.ts'

const done = () => Promise.resolve()

function setUp(options: TailSamplingOptions = {}) {
  const exporter = new InMemorySpanExporter()
  const tail = tailSampling(keepSpans(new SimpleSpanProcessor({ exporter }) as never), { share: 0, ...options })
  const tracer = new TracerProvider({ spanProcessors: [tail as never] }).getTracer('t')
  // Spans are looked at at the end of the turn, or when somebody asks.
  const spans = () => {
    tail.counts()
    return exporter.getFinishedSpans()
  }
  return { tail, tracer, exporter, spans, names: () => spans().map(({ name }) => name) }
}
type Tracer = ReturnType<typeof setUp>['tracer']

/** A root with one child, which is done to by `change`. */
function runTrace(tracer: Tracer, change: (child: Span, root: Span) => void, seconds = 1): void {
  const startTime = Date.parse('2026-11-01')
  const root = tracer.startSpan('root', { startTime }, ROOT_CONTEXT)
  const child = tracer.startSpan('child', { startTime }, trace.setSpan(ROOT_CONTEXT, root))
  change(child, root)
  child.end(startTime + 1)
  root.end(startTime + seconds * 1000)
}
const attribute = (attributes: Attributes) => (child: Span) => void child.setAttributes(attributes)

describe('Tail sampling', () => {
  it.each<[string, (child: Span, root: Span) => void, number]>([
    ['error', (child) => void child.setStatus({ code: SpanStatusCode.ERROR }), 1],
    ['critical', attribute({ 'agentel.security.check.result': 'failed' }), 1],
    ['anomaly', attribute({ 'agentel.anomaly.score': 0.7 }), 1],
    ['priority', attribute({ 'agentel.sampling.priority': 1 }), 1],
    ['slow', () => {}, 30],
    ['cost', attribute({ 'agentel.cost.amount': 0.2 }), 1],
    [
      'cost',
      (child, root) => {
        child.setAttribute('agentel.cost.amount', Number.NaN)
        root.setAttribute('agentel.cost.amount', 0.2)
      },
      1,
    ],
  ])('keeps the whole of a trace for %s, and says so on its root alone', (reason, change, seconds) => {
    const { tracer, spans } = setUp()
    runTrace(tracer, change, seconds)
    expect(spans().map(({ name, attributes }) => [name, attributes['agentel.sampling.reason']])).toEqual([
      ['child', undefined],
      ['root', reason],
    ])
  })

  it('leaves out what is ordinary, but for a share that is in the trace state', () => {
    const none = setUp()
    runTrace(none.tracer, () => {})
    expect(none.names()).toEqual([])
    expect(none.tail.counts()).toEqual({ kept: 0, left: 1, evicted: 0, droppedSpans: 0 })
    const all = setUp({ share: 1 })
    runTrace(all.tracer, () => {})
    expect(all.spans().map((span) => span.spanContext().traceState?.serialize())).toEqual(['ot=th:0', 'ot=th:0'])
    expect(all.spans()[1]?.attributes).toEqual({ 'agentel.sampling.reason': 'share' })
  })

  it('looks at spans at the end of the turn, and at 64 starts and ends at once', async () => {
    const { tracer, exporter } = setUp({ share: 1 })
    for (let index = 0; index < 31; index++) tracer.startSpan(`s${index}`, {}, ROOT_CONTEXT).end()
    expect(exporter.getFinishedSpans()).toHaveLength(0)
    tracer.startSpan('s31', {}, ROOT_CONTEXT).end()
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(
      Array.from({ length: 32 }, (_, index) => `s${index}`),
    )
    tracer.startSpan('last', {}, ROOT_CONTEXT).end()
    expect(exporter.getFinishedSpans()).toHaveLength(32)
    await new Promise((resolve) => setImmediate(resolve))
    expect(exporter.getFinishedSpans()).toHaveLength(33)
  })

  it.each(['forceFlush', 'shutdown', 'decideAll'] as const)('%s passes on what ended in this turn', (method) => {
    const passedOn: string[] = []
    const next = {
      onStart() {},
      onEnding() {},
      onEnd: ({ name }: ReadableSpanLike) => void passedOn.push(name),
      forceFlush: done,
      shutdown: done,
    }
    const tail = tailSampling(next satisfies SpanProcessorLike, { share: 1 })
    const tracer = new TracerProvider({ spanProcessors: [tail as never] }).getTracer('t')
    tracer.startSpan('s', {}, ROOT_CONTEXT).end()
    expect(passedOn).toEqual([])
    void tail[method]()
    expect(passedOn).toEqual(['s'])
  })

  it('waits for the last span, and lets late ones follow the decision', () => {
    const { tracer, names } = setUp()
    const root = tracer.startSpan('root', {}, ROOT_CONTEXT)
    const inRoot = trace.setSpan(ROOT_CONTEXT, root)
    const child = tracer.startSpan('child', {}, inRoot)
    root.setStatus({ code: SpanStatusCode.ERROR }).end()
    expect(names()).toEqual([])
    child.end()
    expect(names()).toEqual(['root', 'child'])
    tracer.startSpan('late', {}, inRoot).end()
    expect(names()).toEqual(['root', 'child', 'late'])
  })

  it('keeps a late error of a trace that was left out, as such', () => {
    const { tracer, spans } = setUp()
    const root = tracer.startSpan('root', {}, ROOT_CONTEXT)
    root.end()
    const inRoot = trace.setSpan(ROOT_CONTEXT, root)
    tracer.startSpan('late', {}, inRoot).end()
    tracer.startSpan('failed', {}, inRoot).setStatus({ code: SpanStatusCode.ERROR }).end()
    expect(spans().map(({ name, attributes }) => [name, attributes])).toEqual([
      ['failed', { 'agentel.sampling.reason': 'error' }],
    ])
  })

  it('never holds more traces than it may: the oldest is decided by what is known, and counted', () => {
    const { tracer, tail, names } = setUp({ maxTraces: 2 })
    const roots = ['a', 'b', 'c'].map((name) => {
      const root = tracer.startSpan(name, {}, ROOT_CONTEXT)
      const failed = tracer.startSpan(`${name}.failed`, {}, trace.setSpan(ROOT_CONTEXT, root))
      failed.setStatus({ code: SpanStatusCode.ERROR }).end()
      return root
    })
    expect(names()).toEqual(['a.failed'])
    expect(tail.counts()).toMatchObject({ evicted: 1, kept: 1 })
    for (const root of roots) root.end()
    expect(names()).toEqual(['a.failed', 'a', 'b.failed', 'b', 'c.failed', 'c'])
  })

  it('never holds more spans and bytes than it may, and counts what it lets go', () => {
    const { tracer, tail, names } = setUp({ maxSpansPerTrace: 2, share: 1 })
    const root = tracer.startSpan('root', {}, ROOT_CONTEXT)
    for (let index = 0; index < 5; index++) tracer.startSpan(`s${index}`, {}, trace.setSpan(ROOT_CONTEXT, root)).end()
    root.end()
    expect(names()).toEqual(['s0', 's1', 'root'])
    expect(tail.counts().droppedSpans).toBe(3)

    const small = setUp({ maxBytes: 10_000 })
    const big = small.tracer.startSpan('big', {}, ROOT_CONTEXT)
    const inBig = trace.setSpan(ROOT_CONTEXT, big)
    small.tracer.startSpan('full', { attributes: { text: 'x'.repeat(20_000) } }, inBig).end()
    expect(small.tail.counts()).toMatchObject({ evicted: 1, left: 1 })
    big.end()
  })

  it('decides a trace that goes on for too long, and everything at shutdown', async () => {
    let now = 0
    const { tracer, tail, names } = setUp({ share: 1, waitSeconds: 5, now: () => now })
    const root = tracer.startSpan('root', {}, ROOT_CONTEXT)
    tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, root)).end()
    expect(names()).toEqual([])
    now = 6000
    await expect.poll(names, { timeout: 30_000 }).toEqual(['child'])
    const other = tracer.startSpan('other', {}, ROOT_CONTEXT)
    tracer.startSpan('other.child', {}, trace.setSpan(ROOT_CONTEXT, other)).end()
    await tail.forceFlush()
    expect(names()).toEqual(['child'])
    tail.decideAll()
    expect(names()).toEqual(['child', 'other.child'])
    await tail.shutdown()
  })

  it('of two processes keeps the same share, and only what one of them alone has seen makes partial traces', () => {
    const [here, there] = [setUp({ share: 0.3 }), setUp({ share: 0.3 })]
    const failed = new Set<string>()
    for (let index = 0; index < 400; index++) {
      const root = here.tracer.startSpan('here', {}, ROOT_CONTEXT)
      const remote = trace.setSpanContext(ROOT_CONTEXT, { ...root.spanContext(), isRemote: true })
      const far = there.tracer.startSpan('there', {}, remote)
      if (index % 20 === 0) {
        far.setStatus({ code: SpanStatusCode.ERROR })
        failed.add(far.spanContext().traceId)
      }
      far.end()
      root.end()
    }
    const ids = (one: typeof here) => new Set(one.spans().map((span) => span.spanContext().traceId))
    const partial = ids(here).symmetricDifference(ids(there))
    // A failure that the other process does not see is kept there by its share only.
    const reasons = there.spans().filter((span) => partial.has(span.spanContext().traceId))
    expect(reasons.every(({ attributes }) => attributes['agentel.sampling.reason'] === 'error')).toBe(true)
    // Of 20 failed traces, those that the share of the first process does not hold anyway: 14 on average.
    expect(partial).toEqual(failed.difference(ids(here)))
    expect(partial.size).toBeGreaterThan(0)
    expect(ids(here).size).toBeGreaterThan(60)
  })
})

describe('Of an unsampled trace', () => {
  it.each<[string, Attributes, boolean, string | undefined]>([
    ['a failure', {}, true, 'error'],
    ['a span of priority', { 'agentel.sampling.priority': 1 }, false, 'priority'],
    ['a failed security check', { 'agentel.security.check.result': 'failed' }, false, 'critical'],
    ['an ordinary span', {}, false, undefined],
  ])('%s is exported as such or not at all', (_, attributes, fails, reason) => {
    const exporter = new InMemorySpanExporter()
    const processor = keepSpans(new SimpleSpanProcessor({ exporter }) as never)
    const sampler = alwaysRecord(shareSampler(0)) as never
    const tracer = new TracerProvider({ sampler, spanProcessors: [processor as never] }).getTracer('t')
    const own = { 'gen_ai.operation.name': 'chat', ...attributes }
    const span = tracer.startSpan('chat m', { attributes: own }, ROOT_CONTEXT)
    if (fails) span.setStatus({ code: SpanStatusCode.ERROR, message: 'no' })
    span.end()
    const expected =
      reason === undefined ? [] : [{ name: 'chat m', attributes: { ...own, 'agentel.sampling.reason': reason } }]
    expect(exporter.getFinishedSpans().map(({ name, attributes: all }) => ({ name, attributes: all }))).toEqual(
      expected,
    )
    expect(span.spanContext().traceFlags).toBe(0)
    expect(context.active()).toBe(ROOT_CONTEXT)
  })

  it('no more are exported in a second than allowed, and the others are counted', () => {
    const exporter = new InMemorySpanExporter()
    const processor = keepSpans(new SimpleSpanProcessor({ exporter }) as never, { maxPerSecond: 5 })
    const sampler = alwaysRecord(shareSampler(0)) as never
    const tracer = new TracerProvider({ sampler, spanProcessors: [processor as never] }).getTracer('t')
    for (let index = 0; index < 50; index++) {
      const span = tracer.startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } }, ROOT_CONTEXT)
      span.setStatus({ code: SpanStatusCode.ERROR }).end()
    }
    expect(exporter.getFinishedSpans().length + processor.dropped()).toBe(50)
    expect(processor.dropped()).toBeGreaterThanOrEqual(44)
  })
})
