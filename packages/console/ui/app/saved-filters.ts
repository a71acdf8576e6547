/** Filters that a person keeps, in this browser. */
import { signal } from '@preact/signals'

export interface SavedFilter {
  readonly name: string
  /** Query of `/runs`, without `?`. */
  readonly query: string
}

const KEY = 'agentel.filters'
const MOST = 30

function read(): readonly SavedFilter[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    if (!Array.isArray(stored)) return []
    return stored.filter((one): one is SavedFilter => typeof one?.name === 'string' && typeof one?.query === 'string')
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

/** Keeps a filter; one with the same query is replaced. */
export const saveFilter = (filter: SavedFilter): void =>
  keep([filter, ...savedFilters.value.filter(({ query }) => query !== filter.query)])

/** Forgets it. */
export const dropFilter = (filter: SavedFilter): void => keep(savedFilters.value.filter((other) => other !== filter))
