import { type Attributes, context, ROOT_CONTEXT, type Span } from '@opentelemetry/api'
import { ATTR_GEN_AI_OPERATION_NAME, ATTR_GEN_AI_USAGE_INPUT_TOKENS } from '@agentel/semconv'
import { expect, test } from 'vitest'
import { startTally, tallyAttributes } from '../src/agent-tally.ts'
import { addGate, beforeCall, catchUpSpans, faultCounts } from '../src/index.ts'
import { startOperation } from '../src/operation.ts'
import { lateSetUp, milliseconds, names, turn, WHOSE } from './late-set-up.ts'

const setUp = lateSetUp()

/** An operation that is over. */
function over(name: string, last: Attributes = {}, parent = ROOT_CONTEXT): Span {
  const operation = startOperation({ name, parent, attributes: { [ATTR_GEN_AI_OPERATION_NAME]: 'chat' } })
  operation.setLast(last)
  operation.endSoon()
  expect(operation.ended).toBe(true)
  return operation.span
}

test('a span ends at once where its set-up does not let it wait', () => {
  setUp.late = false
  over('call', { last: 1 })
  expect(setUp.telemetry.span('call').attributes).toEqual({ [ATTR_GEN_AI_OPERATION_NAME]: 'chat', last: 1 })
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
  expect(names(setUp)).toEqual([])
  const until = performance.now() + 30
  while (performance.now() < until);
  await turn()
  const span = setUp.telemetry.span('call')
  expect(span.attributes).toEqual({ given: 1, set: 4, last: 2, first: 0, more: 3 })
  expect(span.status).toEqual({ code: 0 })
  expect(milliseconds(span.duration)).toBeLessThan(25)
})

test('spans end in the order in which their operations were over, each in the context around it', () => {
  over('a', {}, ROOT_CONTEXT.setValue(WHOSE, 'hers'))
  over('b', {}, ROOT_CONTEXT.setValue(WHOSE, 'his'))
  context.with(ROOT_CONTEXT.setValue(WHOSE, "somebody else's"), catchUpSpans)
  expect(names(setUp)).toEqual(['a', 'b'])
  expect(setUp.endedIn).toEqual(['hers', 'his'])
})

test('a gate is asked when all that was spent is known', () => {
  let seen: string[] = []
  const remove = addGate(() => void (seen = names(setUp)))
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
  expect([told, names(setUp)]).toEqual([1, ['call']])
})

test('a processor that throws is a fault of ours, and the spans behind it end', () => {
  setUp.throwing = true
  const spans = [over('a'), over('b')]
  catchUpSpans()
  expect(faultCounts()).toEqual({ 'api.end': 2 })
  expect(spans).toHaveLength(2)
})
