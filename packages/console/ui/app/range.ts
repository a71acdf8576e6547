/** The time range of all pages: `range` in the URL, `30m` when it is not there. */
import { computed } from '@preact/signals'
import { query } from './router.ts'

/** What the range may be, with its name. */
export const RANGES: readonly (readonly [string, string])[] = [
  ['15m', '15 min'],
  ['1h', '1 hour'],
  ['6h', '6 hours'],
  ['24h', '24 hours'],
  ['7d', '7 days'],
  ['30d', '30 days'],
]
const DEFAULT = '1h'

/** As in the URL, e.g. `1h`. */
export const range = computed(() => {
  const asked = query.value.get('range')
  return RANGES.some(([value]) => value === asked) ? asked! : DEFAULT
})
export const rangeName = computed(() => RANGES.find(([value]) => value === range.value)![1])
/** Only this service, or all. */
export const service = computed(() => query.value.get('service'))

/** Parameters for the API. */
export const window = computed(() => ({ from: `-${range.value}`, service: service.value }))
