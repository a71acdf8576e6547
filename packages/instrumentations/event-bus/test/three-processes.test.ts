import { expect, it } from 'vitest'
import { ledgerOf, stagesOf } from './show/ledger.ts'
import { runShop } from './show/run-shop.ts'

const ORDERS = 200

it('through three processes on a real Redis, every stage of every transaction is accounted for, as the ledger has it', async () => {
  const { told, metrics, processed, stages, events, workers } = await runShop(ORDERS)
  const ledger = ledgerOf(ORDERS)
  expect(told).toEqual(ledger)
  expect(metrics).toEqual({
    'order.placed completed': ORDERS,
    'pack.order published': ORDERS,
    'pack.order completed': ledger.events['pack.order']!.completed,
    'pack.order error': ledger.events['pack.order']!.errors,
    'mail.order published': ledger.events['mail.order']!.published,
    'mail.order completed': ledger.events['mail.order']!.completed,
    'mail.order error': ledger.events['mail.order']!.errors,
    'mail.sent published': ledger.events['mail.sent']!.published,
  })
  const { 'pack.order': pack, 'mail.order': mail, 'mail.sent': sent } = ledger.events
  expect(Object.fromEntries(Object.entries(processed).filter(([key]) => key.includes(' span ')))).toEqual({
    'producer span exported': 2 * ORDERS,
    'packer span exported': pack!.received + mail!.published,
    'mailer span exported': mail!.received + sent!.published,
  })
  // The publishing of a job may be over only after its worker has it.
  const inOrder = (all: readonly string[]): string[] => all.toSorted()
  expect(stages.map(inOrder)).toEqual(Array.from({ length: ORDERS }, (_, n) => inOrder(stagesOf(n))))
  expect(events.rows.map(({ type, latency }) => [type, latency.p95 !== null]).toSorted()).toEqual([
    ['mail.order', true],
    ['mail.sent', false],
    ['order.placed', false],
    ['pack.order', true],
  ])
  const failed = ledger.workers['pack']!.errors + ledger.workers['mail']!.errors
  expect(workers.summary).toMatchObject({ workers: 2, errors: failed, slow: 0 })
})
