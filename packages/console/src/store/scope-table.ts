import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

const MAX_CACHED = 2000

/** Resource and scope of telemetry, kept once for all spans and logs that share them. Messages are protobuf. */
export interface ScopeParts {
  readonly resource: Buffer
  readonly scope: Buffer
  readonly resourceSchema: Buffer
  readonly scopeSchema: Buffer
}

/** The writer's side of the `scopes` table. */
export interface ScopeTable {
  id(parts: ScopeParts): number
  clear(): void
}

/** Opens the scopes for writing. */
export function openScopeTable(db: DatabaseSync): ScopeTable {
  const find = db.prepare('SELECT id FROM scopes WHERE hash = ?')
  const add = db.prepare(
    'INSERT INTO scopes(hash, resource, scope, resource_schema, scope_schema) VALUES(?, ?, ?, ?, ?)',
  )
  const cache = new Map<string, number>()
  return {
    id({ resource, scope, resourceSchema, scopeSchema }) {
      const hash = createHash('sha256')
      for (const part of [resource, scope, resourceSchema, scopeSchema]) hash.update(`${part.length} `).update(part)
      const digest = hash.digest().subarray(0, 16)
      const key = digest.toString('latin1')
      const known = cache.get(key)
      if (known !== undefined) return known
      const row = find.get(digest)
      const id = Number(
        row === undefined ? add.run(digest, resource, scope, resourceSchema, scopeSchema).lastInsertRowid : row.id,
      )
      if (cache.size >= MAX_CACHED) cache.clear()
      cache.set(key, id)
      return id
    },
    clear: () => cache.clear(),
  }
}
