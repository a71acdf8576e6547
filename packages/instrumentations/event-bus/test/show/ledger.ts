/** What the producer decided for each order, and what must therefore be told of it. */

/** The id of an order, of its event and of its transaction. */
export const orderId = (n: number): string => `order-${n}`
/** Whether there was enough of it to pack. */
export const isPacked = (n: number): boolean => n % 10 !== 3
/** Whether its address was good. */
export const isMailed = (n: number): boolean => n % 25 !== 7

/** The figures of one type of events. */
export interface TypeFigures {
  readonly published: number
  readonly received: number
  readonly completed: number
  readonly errors: number
}

/** Events by type, and executions and errors by worker. */
export interface Ledger {
  readonly events: Readonly<Record<string, TypeFigures>>
  readonly workers: Readonly<Record<string, { readonly executions: number; readonly errors: number }>>
}

/** The stages of one order. */
export function stagesOf(n: number): string[] {
  const stages = ['order.placed received', 'pack.order published', 'order.placed completed', 'pack.order received']
  if (!isPacked(n)) return [...stages, 'pack.order error']
  stages.push('mail.order published', 'pack.order completed', 'mail.order received')
  if (!isMailed(n)) return [...stages, 'mail.order error']
  return [...stages, 'mail.sent published', 'mail.order completed']
}

/** Sums up what was decided. */
export function ledgerOf(orders: number): Ledger {
  const all = Array.from({ length: orders }, (_, n) => n)
  const packed = all.filter(isPacked)
  const mailed = packed.filter(isMailed)
  const figures = (published: number, received: number, completed: number): TypeFigures => ({
    published,
    received,
    completed,
    errors: received - completed,
  })
  return {
    events: {
      'order.placed': figures(0, orders, orders),
      'pack.order': figures(orders, orders, packed.length),
      'mail.order': figures(packed.length, packed.length, mailed.length),
      'mail.sent': figures(mailed.length, 0, 0),
    },
    workers: {
      pack: { executions: orders, errors: orders - packed.length },
      mail: { executions: packed.length, errors: packed.length - mailed.length },
    },
  }
}
