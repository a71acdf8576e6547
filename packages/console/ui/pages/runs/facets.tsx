/** The facets beside the list: click includes a value, alt-click (or the minus) excludes it. */
import type { FacetName, Facets as FacetCounts } from '../../../src/api/contract.ts'
import { query, setQuery } from '../../app/router.ts'
import { savedFor } from '../../app/saved-filters.ts'
import { count, plural } from '../../format/quantity.ts'
import { FACETS, toggled } from '../../app/run-filter.ts'
import { SavedList } from '../../parts/saved-filters.tsx'

const MOST = 8

function Facet({ name, values }: { name: FacetName; values: FacetCounts['facets'][FacetName] }) {
  const chosen = query.value.getAll(name)
  const choose = (value: string, exclude: boolean) => setQuery({ [name]: toggled(chosen, value, exclude) })
  const missing = chosen
    .map((value) => value.replace(/^!/, ''))
    .filter((value) => !values.some((other) => other.value === value))
    .map((value) => ({ value, count: 0, errors: 0 }))
  const rows = [...values.slice(0, MOST), ...missing]
  if (rows.length === 0) return null
  return (
    <fieldset class="facet">
      <legend>{name}</legend>
      <ul>
        {rows.map(({ value, count: runs, errors }) => {
          const state = chosen.includes(value) ? 'in' : chosen.includes(`!${value}`) ? 'out' : ''
          return (
            <li class={`facet-value ${state}`}>
              <button
                type="button"
                class="pick"
                aria-pressed={state !== ''}
                title={`${value}: ${plural(runs, 'run')}, ${errors} failed. Alt-click leaves them out.`}
                onClick={(event) => choose(value, event.altKey)}
              >
                <span class="clip">{value}</span>
                <span class="num faint">
                  {errors > 0 && errors < runs && <span class="error-text">{count(errors)}✕ </span>}
                  {count(runs)}
                </span>
              </button>
              <button
                type="button"
                class="leave"
                aria-label={`Leave out ${name} ${value}`}
                title="Leave out"
                onClick={() => choose(value, true)}
              >
                −
              </button>
            </li>
          )
        })}
      </ul>
      {values.length > MOST && <p class="faint">{values.length - MOST} more; search finds them</p>}
    </fieldset>
  )
}

/** Filters that were kept; each leads to its list. */
function Saved() {
  if (savedFor('/runs').length === 0) return null
  return (
    <nav class="facet" aria-label="Saved filters">
      <h2 class="facet-head">Saved</h2>
      <SavedList path="/runs" />
    </nav>
  )
}

/** @param counts null while they are not known yet */
export function Facets({ counts }: { counts: FacetCounts | null }) {
  if (!counts) return null
  return (
    <div class="facets">
      <Saved />
      {FACETS.map((name) => (
        <Facet name={name} values={counts.facets[name] ?? []} />
      ))}
      {!counts.exact && <p class="faint">Counted in the newest {count(counts.counted)} matching runs.</p>}
    </div>
  )
}
