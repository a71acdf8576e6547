import type { DatabaseSync } from 'node:sqlite'
import { TIERS } from './codes.ts'
import { addHistogram, BUCKETS, bucketOf, encodeHistogram } from './histogram.ts'

const MAX_CACHED = 6000

/** What one operation adds to its row of each tier. `sign` -1 takes back what was added before. */
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
  histogram: Uint32Array | undefined
  dirty: boolean
}

/** The writer's side of the `rollups` table: rows are changed in memory and written once a transaction. */
export interface Rollups {
  add(dim: number, key: number, service: number, contribution: Contribution, sign?: 1 | -1): void
  flush(): void
  clear(): void
}

/** Opens the roll-ups for writing. */
export function openRollups(db: DatabaseSync): Rollups {
  const find = db.prepare(`SELECT n, errors, duration, input_tokens, output_tokens, cost, priced, unpriced, histogram
    FROM rollups WHERE dim = ? AND tier = ? AND t = ? AND key = ? AND service = ?`)
  const put = db.prepare('INSERT OR REPLACE INTO rollups VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)')
  const rows = new Map<string, Row>()
  let dirty: Row[] = []

  const load = (dim: number, tier: number, t: number, key: number, service: number): Row => {
    const found = find.get(dim, tier, t, key, service)
    const row: Row = {
      dim,
      tier,
      t,
      key,
      service,
      n: Number(found?.n ?? 0),
      errors: Number(found?.errors ?? 0),
      duration: Number(found?.duration ?? 0),
      inputTokens: Number(found?.input_tokens ?? 0),
      outputTokens: Number(found?.output_tokens ?? 0),
      cost: Number(found?.cost ?? 0),
      priced: Number(found?.priced ?? 0),
      unpriced: Number(found?.unpriced ?? 0),
      histogram: undefined,
      dirty: false,
    }
    if (found?.histogram instanceof Uint8Array) {
      row.histogram = new Uint32Array(BUCKETS)
      addHistogram(row.histogram, found.histogram)
    }
    return row
  }

  const rowFor = (dim: number, tier: number, t: number, key: number, service: number): Row => {
    const id = `${dim} ${tier} ${t} ${key} ${service}`
    let row = rows.get(id)
    if (row === undefined) {
      row = load(dim, tier, t, key, service)
      rows.set(id, row)
    }
    return row
  }

  return {
    add(dim, key, service, contribution, sign = 1) {
      for (let tier = 0; tier < TIERS.length; tier++) {
        const row = rowFor(dim, tier, Math.floor(contribution.micros / TIERS[tier]!), key, service)
        apply(row, contribution, sign)
        if (row.dirty) continue
        row.dirty = true
        dirty.push(row)
      }
    },
    flush() {
      for (const r of dirty) {
        r.dirty = false
        const histogram = r.histogram === undefined ? null : encodeHistogram(r.histogram)
        put.run(
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
      dirty = []
      if (rows.size <= MAX_CACHED) return
      for (const id of rows.keys()) {
        rows.delete(id)
        if (rows.size <= MAX_CACHED / 2) break
      }
    },
    clear() {
      rows.clear()
      dirty = []
    },
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
  row.histogram ??= new Uint32Array(BUCKETS)
  const bucket = bucketOf(c.duration)
  row.histogram[bucket]! += sign
}
