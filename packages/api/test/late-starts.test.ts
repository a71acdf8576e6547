/** Spans of a tracer whose last one was allowed to be late. */
import { type Context, context, createContextKey, ROOT_CONTEXT, trace, type Tracer } from '@opentelemetry/api'
import { beforeEach, expect, test, vi } from 'vitest'
import { catchUpSpans, faultCounts, withoutTracing } from '../src/index.ts'
import { type Operation, type OperationOptions, startOperation } from '../src/operation.ts'
import { lateSetUp, milliseconds, names, turn, WHOSE } from './late-set-up.ts'

const setUp = lateSetUp()
let tracer: Tracer
beforeEach(() => {
  tracer = trace.getTracer('client')
  begin('first').end()
  setUp.starts = []
})

function begin(name: string, options: Partial<OperationOptions> = {}): Operation {
  return startOperation({ name, tracer, late: true, attributes: { given: 1 }, ...options })
}
const started = (): string[] => setUp.starts.map(([name]) => name)

test('a late span starts at the end of the turn, as of when its operation did', async () => {
  const before = Date.now()
  const operation = begin('call')
  expect([operation.recording, operation.ended, started()]).toEqual([true, false, []])
  const until = performance.now() + 30
  while (performance.now() < until);
  const beside = trace.getTracer('app').startSpan('beside')
  expect(started()).toEqual(['beside'])
  await turn()
  expect([started(), names(setUp)]).toEqual([['beside', 'call'], ['first']])
  beside.end()
  operation.end()
  const { startTime, attributes } = setUp.telemetry.span('call')
  expect(attributes).toEqual({ given: 1 })
  expect(milliseconds(startTime) - before).toBeLessThan(20)
  expect(milliseconds(setUp.telemetry.span('call').duration)).toBeGreaterThan(29)
})

test('a late span is written and ended with it, when all of it is within a turn', async () => {
  const operation = begin('call')
  operation.setLast({ last: 1 })
  operation.setLast((span) => span.updateName('called'))
  operation.endSoon()
  expect([operation.ended, started()]).toEqual([true, []])
  operation.endSoon()
  await turn()
  expect(setUp.telemetry.span('called').attributes).toEqual({ given: 1, last: 1 })
  expect(milliseconds(setUp.telemetry.span('called').duration)).toBeLessThan(25)
  expect(names(setUp)).toEqual(['first', 'called'])
})

test('one that is asked for has started', () => {
  const operation = begin('call')
  expect(operation.span.isRecording()).toBe(true)
  expect([started(), trace.getSpan(operation.context)]).toEqual([['call'], operation.span])
  operation.end()
  expect(setUp.telemetry.span('call').spanContext()).toEqual(operation.span.spanContext())
})

const key = createContextKey('test.key')
test.each<[string, (context: Context) => unknown]>([
  ['getValue', (asked) => trace.getSpan(asked)],
  ['setValue', (asked) => trace.getSpan(asked.setValue(key, 1))],
  ['deleteValue', (asked) => trace.getSpan(asked.deleteValue(key))],
])('starts when its context is asked for it: %s', (_, ask) => {
  const outer = trace.getTracer('app').startSpan('outer')
  const operation = begin('call', { parent: trace.setSpan(ROOT_CONTEXT, outer).setValue(WHOSE, 'hers') })
  const asked = operation.context
  expect([asked.getValue(WHOSE), started()]).toEqual(['hers', ['outer']])
  expect(ask(asked)).toBe(operation.span)
  expect(ask(asked)).toBe(operation.span)
  expect([asked.getValue(WHOSE), started()]).toEqual(['hers', ['outer', 'call']])
  operation.end()
  expect(setUp.telemetry.span('call').parentSpanContext).toEqual(outer.spanContext())
})

test('it is the parent of what is started inside, and has started before', () => {
  const operation = begin('call')
  context.with(operation.context, () => trace.getTracer('http').startSpan('POST').end())
  operation.end()
  expect(started()).toEqual(['call', 'POST'])
  expect(setUp.telemetry.span('POST').parentSpanContext).toEqual(operation.span.spanContext())
})

test('it sees what is around it as the active span while it starts, however it comes to start', async () => {
  const outer = trace.getTracer('app').startSpan('outer')
  const inside = trace.setSpan(ROOT_CONTEXT, outer)
  const [asked, fromElsewhere, waits] = context.with(
    inside,
    () => [begin('asked'), begin('asked from elsewhere'), begin('waits')] as const,
  )
  context.with(asked.context, () => trace.getActiveSpan())
  context.with(ROOT_CONTEXT, () => fromElsewhere.span)
  await turn()
  expect(setUp.starts.slice(1)).toEqual([
    ['asked', outer],
    ['asked from elsewhere', outer],
    ['waits', outer],
  ])
  waits.end()
})

test('it belongs to what was at work, where the context follows what is', async () => {
  const spans = ['before', 'after'].map((name) => trace.getTracer('app').startSpan(name))
  let at = trace.setSpan(ROOT_CONTEXT, spans[0]!)
  const now = (): Context => at
  const parent = { getValue: (k: symbol) => at.getValue(k), now } as unknown as Context
  const operation = begin('call', { parent })
  at = trace.setSpan(ROOT_CONTEXT, spans[1]!)
  await turn()
  operation.end()
  expect(setUp.telemetry.span('call').parentSpanContext).toEqual(spans[0]!.spanContext())
})

test('one that failed is there at once, with the times at which it started, failed and was over', () => {
  // By a clock of whole milliseconds some would be right by chance.
  for (let index = 0; index < 20; index++) {
    const name = `call ${index}`
    const at = [performance.now()]
    const operation = begin(name)
    at.push(performance.now())
    operation.fail(new TypeError('no'))
    at.push(performance.now())
    operation.end()
    at.push(performance.now())
    const { status, events, startTime, endTime } = setUp.telemetry.span(name)
    expect(status).toEqual({ code: 2, message: 'no' })
    const [start, failed, end] = [startTime, events[0]!.time, endTime].map(([s, ns]) => (s % 1e6) * 1e3 + ns / 1e6)
    const isBetween = (value: number, least: number, most: number) => value >= least - 1e-3 && value <= most + 1e-3
    expect(isBetween(failed! - start!, 0, at[2]! - at[0]!)).toBe(true)
    expect(isBetween(end! - start!, at[2]! - at[1]!, at[3]! - at[0]!)).toBe(true)
  }
})

test('a late span starts late after one that nobody records', () => {
  const suppressed = withoutTracing(() => context.active())
  expect(begin('unseen', { parent: suppressed }).span.isRecording()).toBe(false)
  begin('call')
  expect(started()).toEqual([])
})

test.each<[string, Partial<OperationOptions>]>([
  ['nobody names the tracer', { tracer: undefined as never }],
  ['nobody lets it wait', { late: false }],
])('starts at once where %s', (_, options) => {
  begin('call', options)
  expect(started()).toEqual(['call'])
})

test('a late span starts at once again when its set-up says so', () => {
  setUp.late = false
  begin('second').endSoon()
  catchUpSpans()
  setUp.starts = []
  begin('third')
  expect(started()).toEqual(['third'])
})

test('one of a set-up that throws is none, and nobody notices', async () => {
  const startSpan = vi.spyOn(Object.getPrototypeOf(tracer), 'startSpan').mockImplementation(() => {
    throw new Error('no')
  })
  const operation = begin('call')
  expect(trace.getSpan(operation.context)).toBeUndefined()
  operation.setLast({ last: 1 })
  operation.endSoon()
  begin('unreadable', { parent: { getValue: () => fails() } as never }).endSoon()
  await turn()
  startSpan.mockRestore()
  expect(names(setUp)).toEqual(['first'])
  expect(faultCounts()).toEqual({ 'api.startSpan': 1, 'api.startOperation': 1 })
})

function fails(): never {
  throw new Error('no')
}
