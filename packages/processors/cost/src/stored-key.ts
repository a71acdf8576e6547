import { createHash } from 'node:crypto'

/**
 * What stands in a file or on a server for the id of a tenant, agent, user or session: ids are often e-mail addresses,
 * and nobody reads them there. Whoever has an id can find and erase what belongs to it. Scope total has no id.
 */
export function storedKey(key: string): string {
  return key === '' ? '' : `sha256:${createHash('sha256').update(key).digest('hex').slice(0, 32)}`
}
