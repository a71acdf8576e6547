/** One process of the shop, on a real Redis: `producer`, `packer` or `mailer`. Arguments: role, port of Redis, number of orders. */
import { Queue, Worker } from 'bullmq'
import { event, publishEvent } from '@agentel/api'
import { isMailed, isPacked, orderId } from './ledger.ts'

const [role, port, count] = process.argv.slice(2)
const orders = Number(count)
const connection = { host: '127.0.0.1', port: Number(port) }
const IN_FLIGHT = 50

interface Order {
  readonly n: number
}

/** Every order is a transaction: its first event says so, all others inherit it. */
async function produce(): Promise<void> {
  const queue = new Queue('pack', { connection })
  const place = (n: number): Promise<unknown> =>
    event('order.placed', orderId(n), { transactionId: orderId(n) }).received(() =>
      queue.add('order', { n }, { removeOnComplete: true, removeOnFail: true }),
    )
  for (let from = 0; from < orders; from += IN_FLIGHT) {
    const batch = Array.from({ length: Math.min(IN_FLIGHT, orders - from) }, (_, i) => place(from + i))
    await Promise.all(batch)
  }
  await queue.close()
}

/** Ends when it has seen all jobs that it will get. */
async function work(name: string, jobs: number, handle: (order: Order) => Promise<unknown>): Promise<void> {
  const worker = new Worker<Order>(name, ({ data }) => handle(data), { connection, concurrency: 20 })
  const done = Promise.withResolvers<void>()
  let left = jobs
  const one = (): void => void (--left === 0 && done.resolve())
  worker.on('completed', one).on('failed', one)
  await done.promise
  await worker.close()
}

async function pack(): Promise<void> {
  const mails = new Queue('mail', { connection })
  await work('pack', orders, async ({ n }) => {
    if (!isPacked(n)) throw new RangeError('none left')
    await mails.add('order', { n }, { removeOnComplete: true, removeOnFail: true })
  })
  await mails.close()
}

async function mail(): Promise<void> {
  const packed = Array.from({ length: orders }, (_, n) => n).filter(isPacked).length
  await work('mail', packed, async ({ n }) => {
    if (!isMailed(n)) throw new TypeError('no such address')
    await publishEvent({ type: 'mail.sent' }, async () => undefined)
  })
}

const ROLES: Readonly<Record<string, () => Promise<void>>> = { producer: produce, packer: pack, mailer: mail }
await ROLES[role ?? '']?.()
