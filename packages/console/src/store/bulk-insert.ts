import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

/** Rows that one statement inserts at most: beyond it, next to nothing is gained. */
export const MAX_ROWS = 16

/** Inserts several rows of a table by one statement: much of what a small row costs is the call. */
export interface BulkInsert {
  /** Inserts up to {@link MAX_ROWS} rows, given one after the other; returns how many of them were new. */
  run(values: SQLInputValue[]): number
}

/** `into` is the statement up to the table's name, e.g. `INSERT OR IGNORE INTO spans`. */
export function openBulkInsert(db: DatabaseSync, into: string, columns: number): BulkInsert {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`
  const statements: (StatementSync | undefined)[] = []
  return {
    run(values) {
      const rows = values.length / columns
      const statement = (statements[rows] ??= db.prepare(
        `${into} VALUES ${Array.from({ length: rows }, () => row).join(', ')}`,
      ))
      return Number(statement.run(...values).changes)
    },
  }
}

/** Collects rows, and inserts them when there are enough for a statement. */
export interface RowBuffer {
  add(...row: SQLInputValue[]): void
  /** Inserts what has been collected. */
  flush(): void
  /** Forgets what has been collected. */
  clear(): void
}

/** Opens a buffer over {@link openBulkInsert}. */
export function openRowBuffer(db: DatabaseSync, into: string, columns: number): RowBuffer {
  const insert = openBulkInsert(db, into, columns)
  let values: SQLInputValue[] = []
  const flush = (): void => {
    if (values.length === 0) return
    const collected = values
    values = []
    insert.run(collected)
  }
  return {
    add(...row) {
      for (let i = 0; i < row.length; i++) values.push(row[i]!)
      if (values.length >= MAX_ROWS * columns) flush()
    },
    flush,
    clear: () => void (values = []),
  }
}
