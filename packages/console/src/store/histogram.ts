/** 8 buckets an octave: a value read from a bucket's middle is off by at most 4.5 %. */
const PER_OCTAVE = 8
const OCTAVES = 42

/** Number of buckets; the last one holds everything above 2^42 microseconds (50 days). */
export const BUCKETS: number = PER_OCTAVE * OCTAVES

/** Bucket of a duration in microseconds; below 1 is bucket 0. */
export function bucketOf(micros: number): number {
  if (micros < 1) return 0
  return Math.min(BUCKETS - 1, Math.floor(Math.log2(micros) * PER_OCTAVE))
}

/** Geometric middle of a bucket, microseconds. */
export function bucketMiddle(bucket: number): number {
  return 2 ** ((bucket + 0.5) / PER_OCTAVE)
}

/** Upper bound of a bucket, microseconds. */
export function bucketEnd(bucket: number): number {
  return 2 ** ((bucket + 1) / PER_OCTAVE)
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  bytes.push(rest)
}

/** Sparse form: for each filled bucket, the gap since the one before and the count, as varints. */
export function encodeHistogram(counts: Uint32Array): Uint8Array {
  const bytes: number[] = []
  let last = -1
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!
    if (count === 0) continue
    pushVarint(bytes, i - last - 1)
    pushVarint(bytes, count)
    last = i
  }
  return Uint8Array.from(bytes)
}

/** Adds a sparse histogram to counts. */
export function addHistogram(counts: Uint32Array | Float64Array, bytes: Uint8Array): void {
  let pos = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; pos < bytes.length; shift += 7) {
      const byte = bytes[pos++]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return value >>> 0
  }
  let bucket = -1
  while (pos < bytes.length) {
    bucket += varint() + 1
    const count = varint()
    if (bucket < counts.length) counts[bucket]! += count
  }
}

/** The q-quantile (0 to 1) in microseconds; null when nothing was counted. */
export function quantile(counts: Uint32Array | Float64Array, q: number): number | null {
  let total = 0
  for (const count of counts) total += count
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil(q * total))
  let seen = 0
  for (let i = 0; i < counts.length; i++) {
    seen += counts[i]!
    if (seen >= rank) return bucketMiddle(i)
  }
  return null
}
