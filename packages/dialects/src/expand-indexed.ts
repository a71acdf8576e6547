/** Keys that hold a structure in their dots: `0.message.role`, `0.message.content`, `1.message.role`. */

type Branch = Map<string, Branch | { leaf: unknown }>

/**
 * The structure that flattened keys stand for. Numbered levels become lists in the order of their numbers; gaps are
 * closed, so that a wild number cannot make a huge list.
 */
export function expandIndexed(flat: ReadonlyMap<string, unknown>): unknown {
  const root: Branch = new Map()
  for (const [path, value] of flat) insert(root, path.split('.'), value)
  return toValue(root)
}

/** `expandIndexed` of keys that begin with a number; undefined when there are none. */
export function expandList(flat: ReadonlyMap<string, unknown>): unknown[] | undefined {
  const value = expandIndexed(flat)
  return Array.isArray(value) && value.length > 0 ? value : undefined
}

function insert(root: Branch, path: readonly string[], value: unknown): void {
  let branch = root
  for (const word of path.slice(0, -1)) {
    const next = branch.get(word)
    // A key that is a value and a beginning at once: the structure wins.
    const below: Branch = next instanceof Map ? next : new Map()
    if (below !== next) branch.set(word, below)
    branch = below
  }
  const last = path.at(-1)!
  if (!(branch.get(last) instanceof Map)) branch.set(last, { leaf: value })
}

function toValue(branch: Branch): unknown {
  const entries = [...branch].map(([key, below]) => [key, below instanceof Map ? toValue(below) : below.leaf] as const)
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key)))
    return entries.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value)
  return Object.fromEntries(entries)
}
