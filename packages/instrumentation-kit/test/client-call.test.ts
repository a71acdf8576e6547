import { trace } from '@opentelemetry/api'
import { addGate, faultCounts, GateError, resetFaults } from '@agentel/api'
import { afterEach, expect, test } from 'vitest'
import { observeClientCall, type OperationReaders } from '../src/index.ts'

const readers: OperationReaders = {
  name: 'test.chat',
  operation: 'chat',
  readDestination: () => ({ provider: 'test' }),
  readRequest: () => ({ streaming: false, attributes: {}, model: 'm' }),
  readResponse: () => ({}),
  reject: (_, error) => ({ rejected: error }),
}
const runtime = { tracer: trace.getTracer('test') }
const call = (given: Partial<OperationReaders>): unknown =>
  observeClientCall({ ...readers, ...given }, runtime)(undefined, [], () => 'answer')

let remove = (): void => undefined
afterEach(() => {
  remove()
  resetFaults()
})

test('a reader that reads nothing is not felt, beside a gate neither', () => {
  remove = addGate(() => undefined)
  expect(call({ readRequest: () => undefined as never })).toBe('answer')
  expect(call({ readDestination: () => undefined as never })).toBe('answer')
  expect(faultCounts()).toEqual({ 'test.chat.start': 2 })
})

test('a call that a gate stops is not made, even where its span cannot start', () => {
  const stops = new GateError('budget', 'used up')
  remove = addGate(() => {
    throw stops
  })
  const broken = { startSpan: () => fails(), startActiveSpan: () => fails() } as never
  const invoke = observeClientCall(readers, { tracer: broken })
  expect(invoke(undefined, [], () => fails())).toEqual({ rejected: stops })
})

function fails(): never {
  throw new Error('no')
}
