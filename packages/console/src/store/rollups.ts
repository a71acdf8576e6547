import type { DatabaseSync } from 'node:sqlite'
import { firstTierOf, ROLLUP_DIMS, TIERS } from './codes.ts'
import { addToBucket, bucketOf, eachBucket, encodeHistogram, type SparseHistogram } from './histogram.ts'

const MAX_CACHED = 12_000

/** What one operation adds to its row of each tier. */
export interface Contribution {
  readonly micros: number
  /** Microseconds; negative when the duration does not count. */
  readonly duration: number
  readonly n: number
  readonly errors: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cost: number
  readonly priced: number
  readonly unpriced: number
}

interface Row {
  readonly dim: number
  readonly tier: number
  readonly t: number
  readonly key: number
  readonly service: number
  n: number
  errors: number
  duration: number
  inputTokens: number
  outputTokens: number
  cost: number
  priced: number
  unpriced: number
  readonly histogram: SparseHistogram
  dirty: boolean
}

/** The writer's side of the `rollups` table: rows are changed in memory and written once a transaction. */
export interface Rollups {
  /** `sign` -1 takes back what was added before. */
  add(dim: number, key: number, service: number, contribution: Contribution, sign?: 1 | -1): void
  flush(): void
  clear(): void
}

/** The rows of one key, by tier and time. Operations come roughly in order of time, so the last row is tried first. */
interface Slot {
  readonly rows: readonly Map<number, Row>[]
  readonly last: (Row | undefined)[]
}

function openSlot(): Slot {
  return { rows: TIERS.map(() => new Map<number, Row>()), last: TIERS.map(() => undefined) }
}

/** Opens the roll-ups for writing. */
export function openRollups(db: DatabaseSync): Rollups {
  const find = db.prepare(`SELECT n, errors, duration, input_tokens, output_tokens, cost, priced, unpriced, histogram
    FROM rollups WHERE dim = ? AND tier = ? AND t = ? AND key = ? AND service = ?`)
  find.setReturnArrays(true)
  const put = db.prepare('INSERT OR REPLACE INTO rollups VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)')
  /** dim -> key -> service -> slot */
  const slots = new Map<number, Map<number, Map<number, Slot>>>()
  let cached = 0
  let dirty: Row[] = []
  const newest = db.prepare(`SELECT coalesce(max(t), -1) AS t FROM rollups WHERE dim = ${ROLLUP_DIMS.all} AND tier = ?`)
  /** By tier: the newest time in the file, and the times since then, all of whose rows are in memory. */
  let known = TIERS.map((_, tier) => Number(newest.get(tier)?.t))
  let owned = TIERS.map(() => new Set<number>())

  /** Whether a row that is not in memory cannot be in the file either. */
  const isNew = (tier: number, t: number): boolean => {
    if (owned[tier]!.has(t)) return true
    if (t <= known[tier]!) return false
    owned[tier]!.add(t)
    known[tier] = t
    return true
  }

  const load = (dim: number, tier: number, t: number, key: number, service: number): Row => {
    const found = isNew(tier, t)
      ? undefined
      : (find.get(dim, tier, t, key, service) as unknown as (number | Uint8Array | null)[] | undefined)
    const numbers = (found ?? []).slice(0, 8).map(Number)
    const [n = 0, errors = 0, duration = 0, inputTokens = 0, outputTokens = 0, cost = 0, priced = 0, unpriced = 0] =
      numbers
    const histogram: SparseHistogram = []
    const stored = found?.[8]
    if (stored instanceof Uint8Array) eachBucket(stored, (bucket, count) => histogram.push(bucket, count))
    const sums = { n, errors, duration, inputTokens, outputTokens, cost, priced, unpriced }
    return { dim, tier, t, key, service, ...sums, histogram, dirty: false }
  }
  const slotFor = (dim: number, key: number, service: number): Slot => {
    let keys = slots.get(dim)
    if (keys === undefined) slots.set(dim, (keys = new Map()))
    let services = keys.get(key)
    if (services === undefined) keys.set(key, (services = new Map()))
    let slot = services.get(service)
    if (slot === undefined) services.set(service, (slot = openSlot()))
    return slot
  }
  const rowOf = (slot: Slot, dim: number, tier: number, t: number, key: number, service: number): Row => {
    const last = slot.last[tier]
    if (last !== undefined && last.t === t) return last
    let row = slot.rows[tier]!.get(t)
    if (row === undefined) {
      row = load(dim, tier, t, key, service)
      slot.rows[tier]!.set(t, row)
      cached++
    }
    slot.last[tier] = row
    return row
  }
  const clear = (): void => {
    slots.clear()
    cached = 0
    dirty = []
    known = TIERS.map((_, tier) => Number(newest.get(tier)?.t))
    owned = TIERS.map(() => new Set())
  }
  return {
    add(dim, key, service, contribution, sign = 1) {
      const slot = slotFor(dim, key, service)
      for (let tier = firstTierOf(dim); tier < TIERS.length; tier++) {
        const row = rowOf(slot, dim, tier, Math.floor(contribution.micros / TIERS[tier]!), key, service)
        apply(row, contribution, sign)
        if (row.dirty) continue
        row.dirty = true
        dirty.push(row)
      }
    },
    flush() {
      for (const r of dirty) {
        r.dirty = false
        const { dim, tier, t, key, service, n, errors, duration, inputTokens, outputTokens, cost, priced, unpriced } = r
        const histogram = r.histogram.length === 0 ? null : encodeHistogram(r.histogram)
        put.run(
          dim,
          tier,
          t,
          key,
          service,
          n,
          errors,
          duration,
          inputTokens,
          outputTokens,
          cost,
          priced,
          unpriced,
          histogram,
        )
      }
      dirty = []
      // All at once: what is needed again is one look-up away, and keeping an order of use would cost more.
      if (cached > MAX_CACHED) clear()
    },
    clear,
  }
}

function apply(row: Row, c: Contribution, sign: 1 | -1): void {
  row.n += sign * c.n
  row.errors += sign * c.errors
  row.inputTokens += sign * c.inputTokens
  row.outputTokens += sign * c.outputTokens
  row.cost += sign * c.cost
  row.priced += sign * c.priced
  row.unpriced += sign * c.unpriced
  if (c.duration < 0) return
  row.duration += sign * c.duration
  addToBucket(row.histogram, bucketOf(c.duration), sign)
}
