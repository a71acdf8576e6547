/** Something that is found by a path with `{names}`. */
interface AtPath {
  readonly path: string
}

/** A search through entries by their paths; gives the entry and the values of its names, decoded. */
export function compilePaths<Entry extends AtPath>(entries: readonly Entry[]) {
  const compiled = entries.map((entry) => ({
    entry,
    pattern: new RegExp(`^${entry.path.replace(/\{[^}]+\}/g, '([^/]+)')}$`),
  }))
  return (
    pathname: string,
    fits: (entry: Entry) => boolean = () => true,
  ): { entry: Entry; path: string[] } | undefined => {
    for (const { entry, pattern } of compiled) {
      const match = fits(entry) ? pattern.exec(pathname) : null
      if (match === null) continue
      try {
        return { entry, path: match.slice(1).map(decodeURIComponent) }
      } catch {
        return undefined // A malformed escape names nothing.
      }
    }
    return undefined
  }
}
