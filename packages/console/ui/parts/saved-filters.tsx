/** Filters that were kept of a page, and the way to keep the one in force. */
import { href, query } from '../app/router.ts'
import { dropFilter, type SavedFilter, savedFor, saveFilter } from '../app/saved-filters.ts'

function addressOf({ path, query: filter }: SavedFilter): string {
  const page = href(path)
  return `${page}${page.includes('?') ? '&' : '?'}${filter}`
}

/** One below the other; each leads to its list. */
export function SavedList({ path }: { path: string }) {
  return (
    <ul>
      {savedFor(path).map((filter) => (
        <li class="facet-value">
          <a class="pick clip" href={addressOf(filter)} title={filter.name}>
            {filter.name}
          </a>
          <button
            type="button"
            class="leave"
            aria-label={`Forget ${filter.name}`}
            title="Forget"
            onClick={() => dropFilter(filter)}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  )
}

interface SavedFiltersProps {
  readonly path: string
  /** The parameters that filter the page. */
  readonly names: readonly string[]
}

/** For pages without a column of facets: behind a button; nothing where nothing is filtered or kept. */
export function SavedFilters({ path, names }: SavedFiltersProps) {
  const inForce = names.flatMap((name) => query.value.getAll(name).map((value): [string, string] => [name, value]))
  const save = (): void =>
    saveFilter({
      path,
      name: inForce.map(([name, value]) => `${name}: ${value}`).join(', '),
      query: new URLSearchParams(inForce).toString(),
    })
  if (inForce.length === 0 && savedFor(path).length === 0) return null
  return (
    <details class="saved-filters">
      <summary class="button quiet">Saved filters</summary>
      <nav class="panel padded" aria-label="Saved filters">
        <SavedList path={path} />
        {inForce.length > 0 && (
          <button type="button" class="button" title="Keep these filters, in this browser" onClick={save}>
            Save this filter
          </button>
        )}
      </nav>
    </details>
  )
}
