import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { openDictionaryReader } from '../store/dictionary.ts'
import { openForReading } from '../store/open-database.ts'

const MAX_STATEMENTS = 200

/** A row as an array of its columns. */
export type Cells = readonly (number | string | Uint8Array | null)[]

/** The store's file, opened for queries. */
export interface Reader {
  readonly db: DatabaseSync
  /** All rows, as arrays; statements are kept prepared. */
  rows(sql: string, ...values: SQLInputValue[]): Cells[]
  row(sql: string, ...values: SQLInputValue[]): Cells | undefined
  /** The string of a dictionary number. */
  text(id: number): string
  /** The dictionary number of a string; undefined when the store does not know it. */
  idOf(text: string): number | undefined
  close(): void
}

/** Opens the file for queries. */
export function openReader(file: string): Reader {
  const db = openForReading(file)
  const statements = new Map<string, StatementSync>()
  const statement = (sql: string): StatementSync => {
    let found = statements.get(sql)
    if (found === undefined) {
      if (statements.size >= MAX_STATEMENTS) statements.clear()
      found = db.prepare(sql)
      found.setReturnArrays(true)
      statements.set(sql, found)
    }
    return found
  }
  return {
    db,
    rows: (sql, ...values) => statement(sql).all(...values) as unknown as Cells[],
    row: (sql, ...values) => statement(sql).get(...values) as unknown as Cells | undefined,
    text: openDictionaryReader(db),
    idOf(text) {
      const row = statement('SELECT id FROM dict WHERE text = ?').get(text) as unknown as Cells | undefined
      return row === undefined ? undefined : Number(row[0])
    },
    close: () => db.close(),
  }
}
