/** Filters that a person keeps, in this browser. */
import { signal } from '@preact/signals'

export interface SavedFilter {
  /** The page that it filters. */
  readonly path: string
  readonly name: string
  /** Query of the page, without `?`. */
  readonly query: string
}

const KEY = 'agentel.filters'
const MOST = 30

function read(): readonly SavedFilter[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    if (!Array.isArray(stored)) return []
    return stored
      .filter((one) => typeof one?.name === 'string' && typeof one?.query === 'string')
      .map(({ path, name, query }) => ({ path: typeof path === 'string' ? path : '/runs', name, query }))
  } catch {
    return []
  }
}

/** The newest first. */
export const savedFilters = signal(read())

function keep(filters: readonly SavedFilter[]): void {
  savedFilters.value = filters.slice(0, MOST)
  localStorage.setItem(KEY, JSON.stringify(savedFilters.value))
}

/** Those of one page. */
export const savedFor = (path: string): readonly SavedFilter[] =>
  savedFilters.value.filter((filter) => filter.path === path)

/** Keeps a filter; one of the same page with the same query is replaced. */
export const saveFilter = (filter: SavedFilter): void =>
  keep([filter, ...savedFilters.value.filter(({ path, query }) => path !== filter.path || query !== filter.query)])

/** Forgets it. */
export const dropFilter = (filter: SavedFilter): void => keep(savedFilters.value.filter((other) => other !== filter))
