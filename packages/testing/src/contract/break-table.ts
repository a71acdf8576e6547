/** The part of a patch table that can be made to throw: every function of every patch, and of its readers. */
interface Breakable {
  readonly patches: readonly object[]
}

/**
 * Names of all functions in a patch table: `chat.completions.create.find`, `chat.completions.create.readers.readRequest`.
 * What they have in common is that none of them may be felt by the application when it throws.
 */
export function faultsOf(table: Breakable): string[] {
  const faults: string[] = []
  for (const patch of table.patches) visit(patch, nameOf(patch), (path) => void faults.push(path))
  return faults
}

/**
 * The same table with one of its functions made to throw.
 *
 * @throws RangeError when the table has no function of this name
 */
export function breakTable<T extends Breakable>(table: T, fault: string): T {
  let found = false
  const fail = (): never => {
    throw new Error(`injected fault in ${fault}`)
  }
  const patches = table.patches.map((patch) =>
    visit(patch, nameOf(patch), (path) => {
      if (path !== fault) return undefined
      found = true
      return fail
    }),
  )
  if (!found) throw new RangeError(`the patch table has no function ${fault}`)
  return { ...table, patches }
}

function nameOf(patch: object): string {
  return String((patch as { name?: unknown }).name)
}

/** A copy in which each function is replaced by what `replace` gives, if it gives something. */
function visit<T extends object>(holder: T, path: string, replace: (path: string) => unknown): T {
  const entries = Object.entries(holder).map(([key, value]): [string, unknown] => {
    const inner = `${path}.${key}`
    if (typeof value === 'function') return [key, replace(inner) ?? value]
    return [key, typeof value === 'object' && value !== null ? visit(value as object, inner, replace) : value]
  })
  return Object.fromEntries(entries) as T
}
