import type { Budget } from './budget-options.ts'
import { slotAt, type Window, windowAt } from './budget-window.ts'

/** Spend of one budget for one tenant, agent, user or session (or in total), in the unit of the limit. */
export interface Account {
  readonly budget: Budget
  /** Whose it is; empty for scope total. */
  readonly key: string
  /** Spend by the start of its slot: all that is known, of other processes too. May hold slots before the window. */
  readonly slots: Map<number, number>
  /** Spend by slot that is not in the store yet. */
  readonly unsaved: Map<number, number>
  /** Thresholds that were crossed in the window that began at `window.start`. */
  readonly crossed: Set<number>
  window: Window
  /** When the store was last asked, milliseconds since 1970. */
  readAt: number
}

/** An account without spend. */
export function openAccount(budget: Budget, key: string, now: number): Account {
  return {
    budget,
    key,
    slots: new Map(),
    unsaved: new Map(),
    crossed: new Set(),
    window: windowAt(budget, now),
    readAt: 0,
  }
}

/** Moves the window to where it is now, and forgets spend and crossings that are out of it. */
export function moveOn(account: Account, now: number): void {
  if (now < account.window.end) return
  account.window = windowAt(account.budget, now)
  for (const slot of account.slots.keys()) if (slot < account.window.start) account.slots.delete(slot)
  const used = usageOf(account)
  // In a rolling window spend falls again: a threshold may be crossed again once it was fallen below.
  for (const share of account.crossed) if (used < share * account.budget.limit) account.crossed.delete(share)
}

/**
 * What is spent in the window, or as much of `slots` as is: the last spend of a window may be kept in the one after it.
 */
export function usageOf(account: Account, slots: ReadonlyMap<number, number> = account.slots): number {
  let sum = 0
  for (const [slot, amount] of slots) if (slot >= account.window.start) sum += amount
  return sum
}

/** Adds spend; `keeps` when it is to be stored somewhere too. */
export function spend(account: Account, amount: number, now: number, keeps: boolean): void {
  moveOn(account, now)
  // A calendar window is its only slot; working out where it begins takes microseconds, so it is not asked again.
  const start = account.budget.rolling ? slotAt(account.budget, now).start : account.window.start
  account.slots.set(start, (account.slots.get(start) ?? 0) + amount)
  if (keeps) account.unsaved.set(start, (account.unsaved.get(start) ?? 0) + amount)
}

/** What is spent and not in the store yet. */
export function unsavedOf(account: Account): number {
  let sum = 0
  for (const amount of account.unsaved.values()) sum += amount
  return sum
}

const NONE: readonly number[] = []

/**
 * Thresholds that the last `added` of the spend has crossed, each told once in a window. Processes that share a
 * store ask after they have saved: so the one whose spend did it tells it, and no other. `used` is the sum with
 * `added` as its last part, where more has been spent since.
 */
export function crossedBy(account: Account, added: number, used = usageOf(account)): readonly number[] {
  const { thresholds, limit } = account.budget
  if (used < thresholds[0]! * limit) return NONE
  const reached = thresholds.filter(
    (share) => used >= share * limit && used - added < share * limit && !account.crossed.has(share),
  )
  for (const share of reached) account.crossed.add(share)
  return reached
}
