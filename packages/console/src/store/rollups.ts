import type { DatabaseSync } from 'node:sqlite'
import { openRowBuffer } from './bulk-insert.ts'
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
  /** The row of the next coarser tier. */
  readonly up: Row | undefined
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

/** What is known of one key of one service. Operations come roughly in order of time, so the last row is tried first. */
interface Slot {
  readonly service: number
  /** By tier and time. */
  readonly rows: readonly Map<number, Row>[]
  /** Of the finest tier. */
  last: Row | undefined
}

/** Opens the roll-ups for writing. */
export function openRollups(db: DatabaseSync): Rollups {
  const find = db.prepare(`SELECT n, errors, duration, input_tokens, output_tokens, cost, priced, unpriced, histogram
    FROM rollups WHERE dim = ? AND tier = ? AND t = ? AND key = ? AND service = ?`)
  find.setReturnArrays(true)
  const put = openRowBuffer(db, 'INSERT OR REPLACE INTO rollups', 14)
  /** By dim, then key; few services share a key. */
  const slots: (Map<number, Slot[]> | undefined)[] = []
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

  const load = (dim: number, tier: number, t: number, key: number, service: number, up: Row | undefined): Row => {
    const found = isNew(tier, t)
      ? undefined
      : (find.get(dim, tier, t, key, service) as unknown as (number | Uint8Array | null)[] | undefined)
    const row: Row = {
      dim,
      tier,
      t,
      key,
      service,
      up,
      n: Number(found?.[0] ?? 0),
      errors: Number(found?.[1] ?? 0),
      duration: Number(found?.[2] ?? 0),
      inputTokens: Number(found?.[3] ?? 0),
      outputTokens: Number(found?.[4] ?? 0),
      cost: Number(found?.[5] ?? 0),
      priced: Number(found?.[6] ?? 0),
      unpriced: Number(found?.[7] ?? 0),
      histogram: [],
      dirty: false,
    }
    const stored = found?.[8]
    if (stored instanceof Uint8Array) eachBucket(stored, (bucket, count) => row.histogram.push(bucket, count))
    return row
  }
  const slotFor = (dim: number, key: number, service: number): Slot => {
    const keys = (slots[dim] ??= new Map<number, Slot[]>())
    let services = keys.get(key)
    if (services === undefined) keys.set(key, (services = []))
    for (const slot of services) if (slot.service === service) return slot
    const slot: Slot = { service, rows: TIERS.map(() => new Map<number, Row>()), last: undefined }
    services.push(slot)
    return slot
  }
  /** The row of a tier; its coarser ones come with it. */
  const rowOf = (slot: Slot, dim: number, tier: number, micros: number, key: number): Row | undefined => {
    if (tier === TIERS.length) return undefined
    const t = Math.floor(micros / TIERS[tier]!)
    let row = slot.rows[tier]!.get(t)
    if (row === undefined) {
      row = load(dim, tier, t, key, slot.service, rowOf(slot, dim, tier + 1, micros, key))
      slot.rows[tier]!.set(t, row)
      cached++
    }
    return row
  }
  const clear = (): void => {
    slots.length = 0
    cached = 0
    dirty = []
    put.clear()
    known = TIERS.map((_, tier) => Number(newest.get(tier)?.t))
    owned = TIERS.map(() => new Set())
  }
  const write = (r: Row): void => {
    r.dirty = false
    const histogram = r.histogram.length === 0 ? null : encodeHistogram(r.histogram)
    put.add(
      r.dim,
      r.tier,
      r.t,
      r.key,
      r.service,
      r.n,
      r.errors,
      r.duration,
      r.inputTokens,
      r.outputTokens,
      r.cost,
      r.priced,
      r.unpriced,
      histogram,
    )
  }
  return {
    add(dim, key, service, contribution, sign = 1) {
      const slot = slotFor(dim, key, service)
      const finest = firstTierOf(dim)
      if (slot.last?.t !== Math.floor(contribution.micros / TIERS[finest]!)) {
        slot.last = rowOf(slot, dim, finest, contribution.micros, key)
      }
      const bucket = bucketOf(contribution.duration)
      for (let row = slot.last; row !== undefined; row = row.up) {
        apply(row, contribution, sign, bucket)
        if (row.dirty) continue
        row.dirty = true
        dirty.push(row)
      }
    },
    flush() {
      dirty.forEach(write)
      dirty = []
      put.flush()
      // All at once: what is needed again is one look-up away, and keeping an order of use would cost more.
      if (cached > MAX_CACHED) clear()
    },
    clear,
  }
}

function apply(row: Row, c: Contribution, sign: 1 | -1, bucket: number): void {
  row.n += sign * c.n
  row.errors += sign * c.errors
  row.inputTokens += sign * c.inputTokens
  row.outputTokens += sign * c.outputTokens
  row.cost += sign * c.cost
  row.priced += sign * c.priced
  row.unpriced += sign * c.unpriced
  if (c.duration < 0) return
  row.duration += sign * c.duration
  addToBucket(row.histogram, bucket, sign)
}
