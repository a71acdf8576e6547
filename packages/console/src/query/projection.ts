import { projectSpend, type SpendBucket } from '@agentel/prices'
import type { CostBreakdown } from '../api/contract.ts'
import { ROLLUP_DIMS, TIERS } from '../store/codes.ts'
import type { Reader } from './reader.ts'
import { rollupRows } from './rollup-reader.ts'

/** Whole hours of the last week, or quarters of an hour of the last half day where the store is younger. */
const ROWS = [
  { tier: 2, count: 168 },
  { tier: 1, count: 48 },
] as const

/** The complete buckets up to now, from the first in which anything was spent. */
function spendOf(reader: Reader, tier: number, count: number, service: string | null, now: number): SpendBucket[] {
  const length = TIERS[tier]! / 1000
  const first = Math.floor(now / length) - count
  const amounts = Array.from({ length: count }, () => 0)
  const buckets = { tier, first, count, perStep: 1 }
  for (const row of rollupRows(reader, { dim: ROLLUP_DIMS.all, buckets, service })) {
    amounts[Number(row[0]) - first]! += Number(row[7])
  }
  const began = amounts.findIndex((amount) => amount > 0)
  if (began === -1) return []
  return amounts.slice(began).map((amount, i) => ({ start: (first + began + i) * length, amount }))
}

/** What the next hour, day and 30 days will cost if the trend goes on; null when there is too little to tell. */
export function projectionOf(reader: Reader, service: string | null, now: number): CostBreakdown['projection'] {
  for (const { tier, count } of ROWS) {
    const buckets = spendOf(reader, tier, count, service, now)
    const projection = projectSpend(buckets, TIERS[tier]! / 1000)
    if (projection !== undefined) return { ...projection, from: buckets[0]!.start }
  }
  return null
}
