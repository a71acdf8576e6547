import { type Account, moveOn, openAccount } from './budget-account.ts'
import type { BudgetKeeper } from './budget-keeper.ts'
import type { Budget } from './budget-options.ts'

/** The accounts of all budgets. */
export interface Book {
  readonly budgets: readonly Budget[]
  readonly keeper: BudgetKeeper
  readonly now: () => number
  /** The account of a budget for a key, opened if need be, as it stands now. */
  account(budget: Budget, key: string): Account
}

/** What a book is made of. */
export interface BookOptions {
  readonly budgets: readonly Budget[]
  readonly now: () => number
  /** Accounts in memory for each budget. */
  readonly maxAccounts: number
  /** Called when spend is forgotten that nobody else keeps. */
  readonly onForgotten: () => void
}

/** The accounts that are in memory, by budget and key. The order of an inner map is that of use. */
export type Accounts = ReadonlyMap<string, Map<string, Account>>

/** A book without accounts. */
export function emptyAccounts(budgets: readonly Budget[]): Accounts {
  return new Map(budgets.map((budget) => [budget.name, new Map<string, Account>()]))
}

/** All accounts that are in memory. */
export function allOf(accounts: Accounts): Account[] {
  return [...accounts.values()].flatMap((known) => [...known.values()])
}

/** Opens accounts as they are needed, and forgets the one used longest ago where there are too many. */
export function createBook(accounts: Accounts, keeper: BudgetKeeper, options: BookOptions): Book {
  const { budgets, now, maxAccounts, onForgotten } = options
  const makeRoom = (known: Map<string, Account>): void => {
    if (known.size < maxAccounts) return
    for (const [key, account] of known) {
      // Spend that is not kept elsewhere yet must not be forgotten.
      if (keeper.keeps && account.unsaved.size > 0) continue
      known.delete(key)
      if (!keeper.keeps) onForgotten()
      return
    }
  }
  /** The account of each budget that was used last: it stands where it belongs already. */
  const latest = new Map<Budget, Account>()
  const use = (budget: Budget, key: string): Account => {
    const known = accounts.get(budget.name)!
    let account = known.get(key)
    if (account === undefined) {
      makeRoom(known)
      account = openAccount(budget, key, now())
    } else known.delete(key)
    known.set(key, account)
    latest.set(budget, account)
    return account
  }
  return {
    budgets,
    keeper,
    now,
    account(budget, key) {
      const last = latest.get(budget)
      const account = last !== undefined && last.key === key ? last : use(budget, key)
      moveOn(account, now())
      keeper.refresh(account)
      return account
    },
  }
}
