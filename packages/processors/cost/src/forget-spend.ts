import { existsSync } from 'node:fs'
import { BudgetStoreError } from './budget-store.ts'
import { storedKey } from './stored-key.ts'

/**
 * Deletes what a budget file knows of a user, so that no byte of it is left. What the user spent is gone from
 * the user's own budgets only.
 * @returns how many entries were deleted
 * @throws {BudgetStoreError} when the file is not there or cannot be written
 */
export function forgetSpend(path: string, { userId }: { readonly userId: string }): number {
  if (!existsSync(path)) throw new BudgetStoreError(`budget file ${path} is not there`)
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite')
  const database = new DatabaseSync(path, { timeout: 10_000 })
  try {
    database.exec('PRAGMA secure_delete = ON')
    const { changes } = database
      .prepare('DELETE FROM spend WHERE key IN (?, ?)')
      // A file of version 1 that nobody has opened since has the id itself.
      .run(storedKey(userId), userId)
    database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
    return Number(changes)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new BudgetStoreError(`budget file ${path}: ${message}`, { cause: error })
  } finally {
    database.close()
  }
}
