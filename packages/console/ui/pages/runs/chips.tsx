/** The filters in force: a click takes one out; all of them together can be kept. */
import { query, setQuery } from '../../app/router.ts'
import { FILTER_PARAMETERS } from '../../app/run-filter.ts'
import { saveFilter } from '../../app/saved-filters.ts'
import { count, money } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'

const NUMBERS: Record<string, (value: number) => string> = {
  minDuration: (value) => `duration ≥ ${duration(value)}`,
  maxDuration: (value) => `duration ≤ ${duration(value)}`,
  minCost: (value) => `cost ≥ ${money(value)}`,
  maxCost: (value) => `cost ≤ ${money(value)}`,
  minTokens: (value) => `tokens ≥ ${count(value)}`,
}

/** A filter in words. */
export function filterText(name: string, value: string): string {
  const number = NUMBERS[name]
  if (number) return number(Number(value))
  return value.startsWith('!') ? `${name} is not ${value.slice(1)}` : `${name}: ${value}`
}

/** Nothing where nothing is filtered. */
export function Chips() {
  const chips = FILTER_PARAMETERS.flatMap((name) => query.value.getAll(name).map((value) => ({ name, value })))
  if (chips.length === 0) return null
  const without = (name: string, value: string) =>
    setQuery({ [name]: query.value.getAll(name).filter((other) => other !== value) })
  const save = () =>
    saveFilter({
      path: '/runs',
      name: chips.map(({ name, value }) => filterText(name, value)).join(', '),
      query: new URLSearchParams(chips.map(({ name, value }) => [name, value])).toString(),
    })
  return (
    <div class="chips">
      {chips.map(({ name, value }) => (
        <button type="button" class="chip on" title="Remove this filter" onClick={() => without(name, value)}>
          <span class="clip">{filterText(name, value)}</span>
          <span aria-hidden="true">×</span>
        </button>
      ))}
      <button
        type="button"
        class="button quiet"
        onClick={() => setQuery(Object.fromEntries(FILTER_PARAMETERS.map((name) => [name, null])))}
      >
        Clear
      </button>
      <button type="button" class="button quiet" title="Keep these filters, in this browser" onClick={save}>
        Save
      </button>
    </div>
  )
}
