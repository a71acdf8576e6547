import { expect, it } from 'vitest'
import { type EventSpan, transactionStages } from '../src/index.ts'

const span = (more: Partial<EventSpan>): EventSpan => ({
  spanId: 'p1',
  traceId: 't1',
  parentSpanId: null,
  handled: false,
  stage: 'published',
  type: 'order.created',
  eventId: 'e1',
  service: 'shop',
  start: 100,
  end: 102,
  errorType: null,
  message: null,
  ...more,
})
const handling = (more: Partial<EventSpan>): EventSpan =>
  span({ spanId: 'h1', parentSpanId: 'p1', handled: true, stage: 'completed', service: 'stock', ...more })

const short = (spans: readonly EventSpan[]) =>
  transactionStages(spans).map(({ stage, time, duration, spanId, error }) => [stage, time, duration, spanId, error])

it('a transaction is its events by stage, in order, with what led to each', () => {
  const spans = [
    handling({ start: 110, end: 140 }),
    span({}),
    span({ spanId: 'p2', parentSpanId: 'h1', type: 'order.packed', start: 120, end: 121 }),
    handling({
      spanId: 'h2',
      parentSpanId: 'p2',
      start: 120.5,
      end: 150,
      stage: 'error',
      errorType: 'E_STOCK',
      message: 'none left',
    }),
  ]
  expect(short(spans)).toEqual([
    ['published', 102, 2, 'p1', null],
    ['received', 110, 8, 'h1', null],
    // The other machine's clock is behind.
    ['received', 120.5, 0, 'h2', null],
    ['published', 121, 1, 'p2', null],
    ['completed', 140, 30, 'h1', null],
    ['error', 150, 29.5, 'h2', { type: 'E_STOCK', message: 'none left' }],
  ])
  expect(transactionStages(spans)[0]).toEqual({
    stage: 'published',
    type: 'order.created',
    eventId: 'e1',
    service: 'shop',
    time: 102,
    duration: 2,
    error: null,
    traceId: 't1',
    spanId: 'p1',
  })
})

it('what is not known is not guessed: a handling without its publishing, one given back, a publishing that failed', () => {
  expect(short([handling({ parentSpanId: 'elsewhere', start: 5, end: 9 })])).toEqual([
    ['received', 5, null, 'h1', null],
    ['completed', 9, 4, 'h1', null],
  ])
  expect(short([handling({ stage: 'received', start: 110, end: 111 }), span({ stage: 'error' })])).toEqual([
    ['error', 102, 2, 'p1', { type: '_OTHER', message: null }],
    ['received', 110, 8, 'h1', null],
  ])
})
