import { EventEmitter, once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { span } from '@agentel/api'
import { observeEmitter } from '@agentel/instrumentation-event-bus'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'
import { at, facts } from './facts.ts'

let telemetry: TestTelemetry
beforeAll(() => void (telemetry = createTestTelemetry()))
afterEach(() => telemetry.reset())
afterAll(() => telemetry.shutdown())

interface Order {
  readonly id: string
}

function observed(): { bus: EventEmitter; stop: () => void } {
  const bus = new EventEmitter()
  const describeOrder = (_name: string, [order]: readonly unknown[]) => ({
    id: (order as Order).id,
    transactionId: `tx-${(order as Order).id}`,
  })
  return { bus, stop: observeEmitter(bus, { events: ['order'], describe: describeOrder }) }
}

const ids = { 'agentel.event.id': '1', 'agentel.transaction.id': 'tx-1' }

describe('events of an observed emitter', () => {
  it('are published once and received by every listener, whose work is inside', async () => {
    const { bus } = observed()
    const done = Promise.withResolvers<void>()
    bus.on('order', () => span('stock', () => undefined))
    bus.on('order', () => done.promise)
    bus.on('other', () => undefined)
    expect(bus.emit('order', { id: '1' })).toBe(true)
    bus.emit('other', { id: '1' })
    expect(telemetry.spans().map(({ name }) => name)).toEqual(['stock', 'process order', 'publish order'])
    done.resolve()
    await done.promise
    await expect.poll(() => telemetry.spans().length).toBe(4)
    const processed = { name: 'process order', parent: 'publish order', attributes: at('completed', 'order', ids) }
    expect(facts(telemetry)).toEqual([
      { name: 'stock', parent: 'process order', attributes: { 'agentel.span.type': 'custom' } },
      processed,
      { name: 'publish order', parent: undefined, attributes: at('published', 'order', ids) },
      processed,
    ])
  })

  it('are an error of the listener that fails, now or later, and published all the same', async () => {
    const { bus } = observed()
    const failure = new TypeError('no stock')
    bus.on('order', () => {
      throw failure
    })
    expect(() => bus.emit('order', { id: '1' })).toThrow(failure)
    const error = { ...ids, 'error.type': 'TypeError', 'agentel.error.category': 'other' }
    expect(facts(telemetry)).toEqual([
      { name: 'process order', parent: 'publish order', attributes: at('error', 'order', error) },
      { name: 'publish order', parent: undefined, attributes: at('published', 'order', ids) },
    ])
  })

  it('are told though the words of the application for them fail', () => {
    const bus = new EventEmitter()
    observeEmitter(bus, {
      events: ['order'],
      describe: () => {
        throw new Error('fault of the description')
      },
    })
    expect(bus.emit('order', { id: '1' })).toBe(false)
    expect(facts(telemetry)).toEqual([
      { name: 'publish order', parent: undefined, attributes: at('published', 'order') },
    ])
  })
})

describe('an observed emitter', () => {
  it('shows, calls and removes listeners as one that is not', async () => {
    const story = async (bus: EventEmitter): Promise<unknown[]> => {
      const seen: unknown[] = []
      const say = (word: string) =>
        function (this: unknown, order: Order) {
          seen.push([word, this === bus, order.id])
        }
      const [first, second, third] = [say('first'), say('second'), say('third')]
      bus.on('newListener', (name, listener) => seen.push([name, listener === first || listener === second]))
      bus.on('order', first).prependListener('order', second).addListener('order', first)
      bus.once('order', third).prependOnceListener('order', third)
      seen.push(bus.listeners('order').map((one) => [first, second, third].indexOf(one as never)))
      bus.emit('order', { id: '1' })
      seen.push(bus.listenerCount('order'), bus.listenerCount('order', second))
      bus.off('order', first)
      bus.emit('order', { id: '2' })
      bus.once('order', third).removeListener('order', third)
      const next = once(bus, 'order')
      bus.emit('order', { id: '3' })
      seen.push(await next, bus.listenerCount('order'))
      bus.removeAllListeners('order')
      seen.push(bus.emit('order', { id: '4' }), Object.keys(bus), bus.on.name, bus.emit.length)
      return seen
    }
    expect(await story(observed().bus)).toEqual(await story(new EventEmitter()))
  })

  it('leaves unhandled rejections to an emitter that captures them', async () => {
    const bus = new EventEmitter({ captureRejections: true })
    observeEmitter(bus, { events: ['order'] })
    const failed = once(bus, 'error')
    bus.on('order', async () => Promise.reject(new RangeError('too late')))
    bus.emit('order', { id: '1' })
    expect((await failed)[0]).toBeInstanceOf(RangeError)
    expect(telemetry.span('process order').attributes).toEqual(
      at('error', 'order', { 'error.type': 'RangeError', 'agentel.error.category': 'other' }),
    )
  })

  it('is as it was after the end of it, and tells nothing more', () => {
    const { bus, stop } = observed()
    const seen: unknown[] = []
    bus.on('order', ({ id }: Order) => seen.push(id))
    stop()
    bus.on('order', ({ id }: Order) => seen.push(id))
    bus.emit('order', { id: '1' })
    expect(seen).toEqual(['1', '1'])
    expect(telemetry.spans()).toEqual([])
    expect(Object.hasOwn(bus, 'emit')).toBe(false)
  })
})
