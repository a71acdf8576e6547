import type { Account } from './budget-account.ts'

/** Keeps spend beyond this process, if anything does. */
export interface BudgetKeeper {
  /** Whether spend outlives the process, so that an account may be forgotten once it is kept. */
  readonly keeps: boolean
  /** An account is about to be read: takes over what others have spent, if that was long ago. */
  refresh(account: Account): void
  /** An account was charged. @returns whether the keeper tells of crossed thresholds, when it has kept the spend */
  charged(account: Account): boolean
  /** Whether this process has spent what it may spend before it has asked the others. */
  isBeyondLease(account: Account): boolean
  /** Resolves when all spend so far is kept. */
  flush(): Promise<void>
  /** Flushes and lets go. */
  close(): Promise<void>
}

/** Tells the thresholds that the last `added` of an account's spend has crossed; `used` is the sum it has led to. */
export type TellCrossings = (account: Account, added: number, used: number) => void

/** What a keeper works on. */
export interface KeeperParts {
  readonly accounts: () => readonly Account[]
  readonly tell: TellCrossings
  readonly now: () => number
}

/** Spend that ends with the process. */
export const forgetful: BudgetKeeper = {
  keeps: false,
  refresh: () => {},
  charged: () => false,
  isBeyondLease: () => false,
  flush: async () => {},
  close: async () => {},
}
