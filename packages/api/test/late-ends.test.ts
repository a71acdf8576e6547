import { type Attributes, context, createContextKey, ROOT_CONTEXT, type Span } from '@opentelemetry/api'
import { ATTR_GEN_AI_OPERATION_NAME, ATTR_GEN_AI_USAGE_INPUT_TOKENS } from '@agentel/semconv'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTally, tallyAttributes } from '../src/agent-tally.ts'
import { addGate, beforeCall, catchUpEnds, faultCounts, mayEndLate, resetFaults } from '../src/index.ts'
import { startOperation } from '../src/operation.ts'

const WHOSE = createContextKey('test.whose')
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

let telemetry: TestTelemetry
/** Whether the set-up lets its spans end late. */
let late: boolean
/** In what context the spans ended. */
let endedIn: unknown[]
let throwing = false

beforeEach(() => {
  resetFaults()
  endedIn = []
  throwing = false
  late = true
  const processor = {
    onStart: (span: Span) => {
      if (late) mayEndLate(span)
    },
    onEnding: () => {
      if (throwing) throw new Error('no')
    },
    onEnd: () => void endedIn.push(context.active().getValue(WHOSE)),
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  }
  telemetry = createTestTelemetry({ spanProcessors: [processor] })
})
afterEach(async () => {
  catchUpEnds()
  await telemetry.shutdown()
})

const names = (): string[] => telemetry.spans().map(({ name }) => name)
const milliseconds = (span: { duration: [number, number] }): number => span.duration[0] * 1e3 + span.duration[1] / 1e6

/** An operation that is over. */
function over(name: string, last: Attributes = {}, parent = ROOT_CONTEXT): Span {
  const operation = startOperation({ name, parent, attributes: { [ATTR_GEN_AI_OPERATION_NAME]: 'chat' } })
  operation.setLast(last)
  operation.endSoon()
  expect(operation.ended).toBe(true)
  return operation.span
}

test('a span ends at once where its set-up does not let it wait', () => {
  late = false
  over('call', { last: 1 })
  expect(telemetry.span('call').attributes).toEqual({ [ATTR_GEN_AI_OPERATION_NAME]: 'chat', last: 1 })
})

test('a span ends at the end of the turn, as of when its operation was over', async () => {
  const operation = startOperation({ name: 'call', attributes: { given: 1 } })
  operation.setLast({ last: 1, first: 0 })
  operation.setLast({ last: 2, more: 3 })
  operation.set({ set: 4 })
  operation.endSoon()
  expect(operation.ended).toBe(true)
  operation.set({ late: true })
  operation.setLast({ late: true })
  operation.fail(new Error('late'))
  operation.end()
  operation.endSoon()
  expect(names()).toEqual([])
  const until = performance.now() + 30
  while (performance.now() < until);
  await turn()
  const span = telemetry.span('call')
  expect(span.attributes).toEqual({ given: 1, set: 4, last: 2, first: 0, more: 3 })
  expect(span.status).toEqual({ code: 0 })
  expect(milliseconds(span)).toBeLessThan(25)
})

test('spans end in the order in which their operations were over, each in the context around it', () => {
  over('a', {}, ROOT_CONTEXT.setValue(WHOSE, 'hers'))
  over('b', {}, ROOT_CONTEXT.setValue(WHOSE, 'his'))
  context.with(ROOT_CONTEXT.setValue(WHOSE, "somebody else's"), catchUpEnds)
  expect(names()).toEqual(['a', 'b'])
  expect(endedIn).toEqual(['hers', 'his'])
})

test('a gate is asked when all that was spent is known', () => {
  let seen: string[] = []
  const remove = addGate(() => void (seen = names()))
  over('call')
  beforeCall({ operation: 'chat', context: ROOT_CONTEXT })
  remove()
  expect(seen).toEqual(['call'])
})

test("an agent's sums hold its last call", () => {
  const agent = startTally(ROOT_CONTEXT)
  over('call', { [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: 7 }, agent)
  expect(tallyAttributes(agent)[ATTR_GEN_AI_USAGE_INPUT_TOKENS]).toBe(7)
})

test('whoever wants to know how an operation went is told at once, and so its span ends', () => {
  let told = 0
  startOperation({ name: 'call', onEnd: () => (told += 1) }).endSoon()
  expect([told, names()]).toEqual([1, ['call']])
})

test('a processor that throws is a fault of ours, and the spans behind it end', () => {
  throwing = true
  const spans = [over('a'), over('b')]
  catchUpEnds()
  expect(faultCounts()).toEqual({ 'api.end': 2 })
  expect(spans).toHaveLength(2)
})
