import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { isBusy, openOwnFile } from '@agentel/sqlite-file'
import type { Account } from './budget-account.ts'
import { storedKey } from './stored-key.ts'

/** Spend that outlives the process and that processes on one machine share. */
export interface BudgetStore {
  /**
   * Adds the unsaved spend of accounts, all or nothing, and takes over what others added to the same slots; when this
   * returns true it survives a crash.
   * False: another process is writing; try again later.
   */
  save(accounts: readonly Account[]): boolean
  /** Replaces what an account knows of its window by what the store knows, and adds what is unsaved. */
  load(account: Account): void
  /** Deletes spend before a time. */
  forgetBefore(time: number): void
  close(): void
}

/** A store that cannot be used; the message says which file and what to do. */
export class BudgetStoreError extends Error {
  override readonly name = 'BudgetStoreError'
  readonly code = 'AGENTEL_BUDGET_STORE'
}

const VERSION = 2

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS spend (
    budget TEXT NOT NULL,
    key TEXT NOT NULL,
    slot INTEGER NOT NULL,
    amount REAL NOT NULL,
    PRIMARY KEY (budget, key, slot)
  ) WITHOUT ROWID;
`

function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
}

/** Brings a file to this version. Version 1 had ids as they are; no byte of them is left. */
function migrate(database: DatabaseSync): void {
  database.function('stored_key', { deterministic: true }, (key) => storedKey(String(key)))
  database.exec('PRAGMA secure_delete = ON; BEGIN IMMEDIATE')
  // Asked again: another process may have done it meanwhile, and twice would be once too often.
  const version = versionOf(database)
  if (version === 1) database.exec('UPDATE spend SET key = stored_key(key)')
  database.exec(`${SCHEMA} PRAGMA user_version = ${VERSION}; COMMIT`)
  if (version === 1) database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
}

/** How long a start waits for others that start with the same file. */
const PATIENCE_MS = 1000

function open(path: string): DatabaseSync {
  const database = openOwnFile(path, { patience: PATIENCE_MS })
  const version = versionOf(database)
  if (version > VERSION) {
    database.close()
    throw new BudgetStoreError(
      `budget file ${path} has version ${version}, this agentel knows ${VERSION}: use the newer agentel, or another file`,
    )
  }
  if (version < VERSION) migrate(database)
  // From here on, waiting for another writer would stop the application: a save is tried again later instead.
  database.exec('PRAGMA busy_timeout = 0')
  return database
}

/** What slots hold now, of all processes, by account in the order given. */
type Saved = readonly (readonly [slot: number, amount: number])[]

function addAll(add: StatementSync, { budget, key, unsaved }: Account): Saved {
  const stored = storedKey(key)
  return [...unsaved].map(([slot, amount]) => {
    const { total } = add.get(budget.name, stored, slot, amount) as { total: number }
    return [slot, total] as const
  })
}

function saveAll(database: DatabaseSync, add: StatementSync, accounts: readonly Account[]): boolean {
  try {
    database.exec('BEGIN IMMEDIATE')
  } catch (error) {
    if (isBusy(error)) return false
    throw error
  }
  let saved: Saved[]
  try {
    saved = accounts.map((account) => addAll(add, account))
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
  for (const [index, { slots, unsaved }] of accounts.entries()) {
    unsaved.clear()
    for (const [slot, total] of saved[index] ?? []) slots.set(slot, total)
  }
  return true
}

/**
 * Opens a budget file, or makes one.
 * @throws {BudgetStoreError} when it cannot be opened or is of a newer version
 */
export function openBudgetStore(path: string): BudgetStore {
  let database: DatabaseSync
  try {
    database = open(path)
  } catch (error) {
    if (error instanceof BudgetStoreError) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw new BudgetStoreError(`budget file ${path} cannot be opened: ${message}`, { cause: error })
  }
  const add = database.prepare(
    'INSERT INTO spend VALUES (?, ?, ?, ?) ON CONFLICT (budget, key, slot) DO UPDATE SET amount = amount + excluded.amount RETURNING amount AS total',
  )
  const read = database.prepare('SELECT slot, amount FROM spend WHERE budget = ? AND key = ? AND slot >= ?')
  const forget = database.prepare('DELETE FROM spend WHERE slot < ?')
  return {
    save: (accounts) => saveAll(database, add, accounts),
    load({ budget, key, slots, unsaved, window }) {
      const rows = read.all(budget.name, storedKey(key), window.start) as { slot: number; amount: number }[]
      slots.clear()
      for (const { slot, amount } of rows) slots.set(slot, amount)
      for (const [slot, amount] of unsaved) slots.set(slot, (slots.get(slot) ?? 0) + amount)
    },
    forgetBefore(time) {
      try {
        forget.run(time)
      } catch (error) {
        // Another process is writing: what has passed is forgotten by whoever starts next.
        if (!isBusy(error)) throw error
      }
    },
    close: () => database.close(),
  }
}
