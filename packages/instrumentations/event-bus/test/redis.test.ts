import { createClient } from '@redis/client'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { withIdentity } from '@agentel/api'
import { observeRedis, type ObserveRedisOptions } from '@agentel/instrumentation-event-bus'
import { type TestServer, startRedis } from '@agentel/testing/redis-server'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'
import { at, facts } from './facts.ts'

let redis: TestServer
let telemetry: TestTelemetry
const closing: (() => unknown)[] = []
beforeAll(async () => {
  telemetry = createTestTelemetry()
  redis = await startRedis()
}, 120_000)
afterEach(async () => {
  await Promise.allSettled(closing.splice(0).map((close) => close()))
  telemetry.reset()
})
afterAll(async () => {
  await redis?.remove()
  await telemetry.shutdown()
})

/** What a test does with a client of either library. */
interface Client {
  readonly own: object
  publish(channel: string, message: string | Buffer): Promise<unknown>
  /** @returns takes the listener off again */
  listen(channel: string, listener: (message: unknown) => unknown): Promise<() => Promise<unknown>>
  listenToPattern(pattern: string, listener: (message: unknown, channel: unknown) => unknown): Promise<unknown>
}

async function nodeRedis(options?: ObserveRedisOptions): Promise<Client> {
  const client = createClient({ url: redis.url })
  if (options !== undefined) observeRedis(client, options)
  await client.connect()
  closing.push(() => client.destroy())
  return {
    own: client,
    publish: (channel, message) => client.publish(channel, message),
    async listen(channel, listener) {
      await client.subscribe(channel, listener)
      return () => client.unsubscribe(channel, listener)
    },
    listenToPattern: (pattern, listener) => client.pSubscribe(pattern, listener),
  }
}

async function ioredis(options?: ObserveRedisOptions): Promise<Client> {
  const client = new Redis(redis.url)
  if (options !== undefined) observeRedis(client, options)
  closing.push(() => client.disconnect())
  return {
    own: client,
    publish: (channel, message) => client.publish(channel, message),
    async listen(channel, listener) {
      const onMessage = (from: string, message: string) => void (from === channel && listener(message))
      client.on('message', onMessage)
      await client.subscribe(channel)
      return async () => client.off('message', onMessage)
    },
    async listenToPattern(pattern, listener) {
      client.on('pmessage', (_pattern, channel, message) => void listener(message, channel))
      await client.psubscribe(pattern)
    },
  }
}

const describeOrder: ObserveRedisOptions['describe'] = (_channel, message) => {
  const { id } = JSON.parse(String(message)) as { id: string }
  return { id, transactionId: `tx-${id}` }
}
const ids = { 'agentel.event.id': '1', 'agentel.transaction.id': 'tx-1' }

describe.each([
  ['@redis/client', nodeRedis],
  ['ioredis', ioredis],
])('messages over %s', (_name, connect) => {
  it('are published and received, with what the application says of them and nothing added to them', async () => {
    const [publisher, subscriber] = await Promise.all([
      connect({ describe: describeOrder }),
      connect({ describe: describeOrder }),
    ])
    const plain = await connect()
    const seen: unknown[] = []
    await plain.listen('orders', (message) => seen.push(message))
    await subscriber.listen('orders', (message) => seen.push(message))
    expect(await publisher.publish('orders', '{"id":"1"}')).toBe(2)
    await expect.poll(() => seen).toEqual(['{"id":"1"}', '{"id":"1"}'])
    await expect.poll(() => telemetry.spans().length).toBe(2)
    expect(facts(telemetry).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
      { name: 'process orders', parent: undefined, attributes: at('completed', 'orders', ids) },
      { name: 'publish orders', parent: undefined, attributes: at('published', 'orders', ids) },
    ])
  })

  it('carry trace, transaction and identity where every subscriber is observed, text and bytes alike', async () => {
    const [publisher, subscriber] = await Promise.all([
      connect({ describe: describeOrder, carry: true }),
      connect({ channels: (channel) => channel.startsWith('order') }),
    ])
    const seen: unknown[] = []
    await subscriber.listenToPattern('o*', (message, channel) => seen.push([channel, message]))
    await withIdentity({ userId: 'u1' }, () => publisher.publish('orders', '{"id":"1"}'))
    await expect.poll(() => seen.length).toBe(1)
    await publisher.publish('offside', Buffer.from('{"id":"2"}'))
    await expect
      .poll(() => seen)
      .toEqual([
        ['orders', '{"id":"1"}'],
        ['offside', '{"id":"2"}'],
      ])
    await expect.poll(() => telemetry.spans().length).toBe(3)
    const transaction = { 'agentel.transaction.id': 'tx-1', 'user.id': 'u1' }
    expect(facts(telemetry)).toEqual(
      expect.arrayContaining([
        {
          name: 'publish orders',
          parent: undefined,
          attributes: at('published', 'orders', { ...ids, 'user.id': 'u1' }),
        },
        { name: 'process orders', parent: 'publish orders', attributes: at('completed', 'orders', transaction) },
        {
          name: 'publish offside',
          parent: undefined,
          attributes: at('published', 'offside', { 'agentel.event.id': '2', 'agentel.transaction.id': 'tx-2' }),
        },
      ]),
    )
  })

  it('reach their listeners though the function that chooses channels fails', async () => {
    const client = await connect({
      channels: () => {
        throw new TypeError('no')
      },
    })
    const seen: unknown[] = []
    await client.listen('orders', (message) => seen.push(message))
    await (await connect()).publish('orders', 'one')
    await expect.poll(() => seen).toEqual(['one'])
  })

  it('reach no listener that was taken off', async () => {
    const client = await connect({})
    const other = await connect()
    const seen: unknown[] = []
    const stop = await client.listen('orders', (message) => seen.push(message))
    await client.listenToPattern('last', () => seen.push('last'))
    await other.publish('orders', 'one')
    await expect.poll(() => seen).toEqual(['one'])
    await stop()
    await other.publish('orders', 'two')
    await other.publish('last', 'x')
    await expect.poll(() => seen).toEqual(['one', 'last'])
  })
})
