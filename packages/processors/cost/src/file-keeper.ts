import { guard } from '@agentel/api'
import { usageOf } from './budget-account.ts'
import type { BudgetKeeper, KeeperParts } from './budget-keeper.ts'
import { type BudgetStore, openBudgetStore } from './budget-store.ts'

const SAVE_EVERY = 100
/** About half a millisecond of the event loop; what is left follows soon after. */
const SAVE_AT_ONCE = 50
const SAVE_MORE_AFTER = 5
/** How old, in milliseconds, the knowledge of what other processes spent may be. */
const READ_EVERY = 200
const MAX_SAVE_ATTEMPTS = 50
const LONGEST_WINDOW = 62 * 24 * 3_600_000

/** Saves some of what is unsaved. */
function save(store: BudgetStore, { accounts, tell }: KeeperParts): 'done' | 'more' | 'busy' {
  const unsaved = accounts().filter((account) => account.unsaved.size > 0)
  if (unsaved.length === 0) return 'done'
  const now = unsaved.slice(0, SAVE_AT_ONCE)
  const added = now.map((account) => usageOf(account, account.unsaved))
  if (!store.save(now)) return 'busy'
  // Told after saving, by the process that has crossed the threshold of what all have spent.
  for (const [index, account] of now.entries()) tell(account, added[index] ?? 0, usageOf(account))
  return now.length === unsaved.length ? 'done' : 'more'
}

/**
 * Keeps spend in a SQLite file, which processes of one machine share.
 * @throws {BudgetStoreError} when the file cannot be used
 */
export function fileKeeper(path: string, parts: KeeperParts): BudgetKeeper {
  const store = openBudgetStore(path)
  store.forgetBefore(parts.now() - LONGEST_WINDOW)
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const saveSoon = (after = SAVE_EVERY): void => {
    if (timer !== undefined || closed) return
    timer = setTimeout(() => {
      timer = undefined
      const result = guard('budget.save', () => save(store, parts))
      if (result !== 'done') saveSoon(result === 'more' ? SAVE_MORE_AFTER : SAVE_EVERY)
    }, after).unref()
  }
  const flush = async (): Promise<void> => {
    for (let attempt = 0; attempt < MAX_SAVE_ATTEMPTS;) {
      const result = closed ? 'done' : save(store, parts)
      if (result === 'done') return
      if (result === 'busy') attempt++
      await new Promise((resolve) => setTimeout(resolve, result === 'busy' ? 20 : 0))
    }
    throw new Error(`budget file ${path} was being written by another process all the time: spend is not saved yet`)
  }
  return {
    keeps: true,
    refresh(account) {
      if (parts.now() - account.readAt <= READ_EVERY) return
      account.readAt = parts.now()
      store.load(account)
    },
    charged() {
      saveSoon()
      return true
    },
    isBeyondLease: () => false,
    flush,
    async close() {
      clearTimeout(timer)
      await flush().finally(() => {
        closed = true
        store.close()
      })
    },
  }
}
