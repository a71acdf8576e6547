import * as bullmq from 'bullmq'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { getTransaction, publishEvent, withIdentity } from '@agentel/api'
import { BullMQInstrumentation } from '@agentel/instrumentation-event-bus'
import { type TestServer, startRedis } from '@agentel/testing/redis-server'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'
import { at, facts } from './facts.ts'

let redis: TestServer
let telemetry: TestTelemetry
let instrumentation: BullMQInstrumentation
const closing: { close(): Promise<unknown> }[] = []
beforeAll(async () => {
  telemetry = createTestTelemetry()
  instrumentation = new BullMQInstrumentation({
    enabled: false,
    describe: (_queue, job) => {
      const { tx } = job.data as { tx?: string }
      return tx === undefined ? undefined : { transactionId: tx }
    },
  })
  expect(instrumentation.manuallyInstrument(bullmq).missing).toEqual({})
  redis = await startRedis()
}, 120_000)
afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()))
  telemetry.reset()
})
afterAll(async () => {
  instrumentation.disable()
  await redis?.remove()
  await telemetry.shutdown()
})

const connection = () => ({ host: '127.0.0.1', port: redis.port })
let queues = 0
function newQueue(): bullmq.Queue {
  const queue = new bullmq.Queue(`orders${++queues}`, { connection: connection() })
  closing.push(queue)
  return queue
}
function newWorker(queue: bullmq.Queue, processor: bullmq.Processor): bullmq.Worker {
  const worker = new bullmq.Worker(queue.name, processor, { connection: connection(), name: 'w1' })
  closing.unshift(worker)
  return worker
}
const settled = (count: number) => expect.poll(() => telemetry.spans().length, { timeout: 10_000 }).toBe(count)

const worker = (queue: bullmq.Queue) => ({ 'agentel.worker.name': queue.name, 'agentel.worker.id': 'w1' })

/** A worker may have a job, and be done with it, before the answer to the one who added it has come. */
function expectInAnyOrder(spans: readonly unknown[], expected: readonly unknown[]): void {
  expect(spans).toHaveLength(expected.length)
  expect(spans).toEqual(expect.arrayContaining([...expected]))
}

describe('a job', () => {
  it('is published and processed in one trace, with its transaction and identity, and its data untouched', async () => {
    const queue = newQueue()
    const options = { jobId: 'j1', removeOnComplete: true }
    const seen: unknown[] = []
    newWorker(queue, async (job) => {
      seen.push(job.data, getTransaction())
      await publishEvent('stock.reserved', async () => undefined)
      return 'shipped'
    })
    const job = await withIdentity({ userId: 'u1' }, () => queue.add('ship', { tx: 'tx1' }, options))
    expect([job.id, job.name, job.data]).toEqual(['j1', 'ship', { tx: 'tx1' }])
    expect(options).toEqual({ jobId: 'j1', removeOnComplete: true })
    await settled(3)
    expect(seen).toEqual([{ tx: 'tx1' }, 'tx1'])
    const event = { 'agentel.event.id': 'j1', 'agentel.transaction.id': 'tx1', 'user.id': 'u1' }
    const type = `${queue.name}.ship`
    expectInAnyOrder(facts(telemetry), [
      { name: `publish ${type}`, parent: undefined, attributes: at('published', type, event) },
      {
        name: 'publish stock.reserved',
        parent: `process ${type}`,
        attributes: at('published', 'stock.reserved', { 'agentel.transaction.id': 'tx1', 'user.id': 'u1' }),
      },
      {
        name: `process ${type}`,
        parent: `publish ${type}`,
        attributes: at('completed', type, { ...event, ...worker(queue) }),
      },
    ])
  })

  it('is an error at every attempt that fails, and says which attempt it was', async () => {
    const queue = newQueue()
    let attempts = 0
    const failed: string[] = []
    newWorker(queue, async () => {
      if (++attempts < 3) throw new TypeError('no stock')
    }).on('failed', (_job, error) => failed.push(error.message))
    await queue.add('ship', {}, { jobId: 'j1', attempts: 3 })
    await settled(4)
    const type = `${queue.name}.ship`
    const error = { 'error.type': 'TypeError', 'agentel.error.category': 'other' }
    const event = { 'agentel.event.id': 'j1', ...worker(queue) }
    expectInAnyOrder(
      telemetry.spans().map(({ attributes }) => attributes),
      [
        at('published', type, { 'agentel.event.id': 'j1' }),
        at('error', type, { ...event, ...error }),
        at('error', type, { ...event, ...error, 'agentel.retry.attempt': 2 }),
        at('completed', type, { ...event, 'agentel.retry.attempt': 3 }),
      ],
    )
    expect(failed).toEqual(['no stock', 'no stock'])
  })

  it('that its processor gives back is received, and completed the next time', async () => {
    const queue = newQueue()
    let times = 0
    newWorker(queue, async (job, token) => {
      if (++times > 1) return
      await job.moveToDelayed(Date.now() + 10, token)
      throw new bullmq.DelayedError()
    })
    await queue.add('ship', {})
    await settled(3)
    expectInAnyOrder(
      telemetry.spans().map(({ attributes }) => attributes['agentel.event.stage']),
      ['published', 'received', 'completed'],
    )
    expect(telemetry.spans().map(({ status }) => status.code)).toEqual([0, 0, 0])
  })

  it('with null for options is told like any other', async () => {
    const queue = newQueue()
    newWorker(queue, async () => undefined)
    await queue.add('ship', {}, null as never)
    await settled(2)
    expect(
      telemetry
        .spans()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([`process ${queue.name}.ship`, `publish ${queue.name}.ship`])
  })

  it('that cannot be added is an error of its publishing, with the very error for the application', async () => {
    const queue = newQueue()
    await expect(queue.add('ship', {}, { jobId: '0' })).rejects.toThrow("JobId cannot be '0'")
    expect(telemetry.span(`publish ${queue.name}.ship`).attributes).toEqual(
      at('error', `${queue.name}.ship`, {
        'agentel.event.id': '0',
        'error.type': 'Error',
        'agentel.error.category': 'other',
      }),
    )
  })
})

describe('several jobs', () => {
  it('of one call are an event each, in the trace of their own publishing', async () => {
    const queue = newQueue()
    newWorker(queue, async () => undefined)
    const jobs = await queue.addBulk([
      { name: 'pick', data: {} },
      { name: 'pack', data: {}, opts: { telemetry: { omitContext: true } } },
    ])
    await settled(4)
    const spans = facts(telemetry) as { name: string; parent?: string; attributes: Record<string, unknown> }[]
    const [pick, pack] = [`${queue.name}.pick`, `${queue.name}.pack`]
    expectInAnyOrder(
      spans.map(({ name, parent, attributes }) => [name, parent, attributes['agentel.event.id']]),
      [
        [`publish ${pick}`, undefined, jobs[0]!.id],
        [`publish ${pack}`, undefined, jobs[1]!.id],
        [`process ${pick}`, `publish ${pick}`, jobs[0]!.id],
        // The application wants no context on this one.
        [`process ${pack}`, undefined, jobs[1]!.id],
      ],
    )
  })

  it('of a flow, or of several, are an event each', async () => {
    const queue = newQueue()
    const flows = new bullmq.FlowProducer({ connection: connection() })
    closing.push(flows)
    newWorker(queue, async () => undefined)
    const job = (name: string, jobId: string) => ({ name, queueName: queue.name, data: {}, opts: { jobId } })
    const children = [job('pick', 'c1')]
    const flow = await flows.add({ ...job('ship', 'p1'), children })
    expect([flow.job.id, flow.children?.[0]?.job.id]).toEqual(['p1', 'c1'])
    expect(children).toEqual([job('pick', 'c1')])
    await settled(4)
    await flows.addBulk([job('bill', 'b1'), job('bill', 'b2')])
    await settled(8)
    const [ship, pick, bill] = [`${queue.name}.ship`, `${queue.name}.pick`, `${queue.name}.bill`]
    const spans = facts(telemetry) as { name: string; parent?: string; attributes: Record<string, unknown> }[]
    expectInAnyOrder(
      spans.map(({ name, parent, attributes }) => [name, parent, attributes['agentel.event.id']]),
      [
        [`publish ${ship}`, undefined, 'p1'],
        [`publish ${pick}`, undefined, 'c1'],
        [`process ${pick}`, `publish ${pick}`, 'c1'],
        [`process ${ship}`, `publish ${ship}`, 'p1'],
        [`publish ${bill}`, undefined, 'b1'],
        [`publish ${bill}`, undefined, 'b2'],
        [`process ${bill}`, `publish ${bill}`, 'b1'],
        [`process ${bill}`, `publish ${bill}`, 'b2'],
      ],
    )
  })
})
