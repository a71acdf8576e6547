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

/** Filled buckets only: bucket, count, bucket, count, ... by rising bucket. Most rows hold a handful. */
export type SparseHistogram = number[]

/** As `splice` does, which makes an array of what it took out, each time. */
function insertAt(histogram: SparseHistogram, at: number, bucket: number, count: number): void {
  histogram.push(0, 0)
  for (let i = histogram.length - 1; i > at + 1; i--) histogram[i] = histogram[i - 2]!
  histogram[at] = bucket
  histogram[at + 1] = count
}

/** Adds to one bucket; a count that comes to nothing is taken out. */
export function addToBucket(histogram: SparseHistogram, bucket: number, count: number): void {
  let low = 0
  let high = histogram.length / 2
  while (low < high) {
    const middle = (low + high) >>> 1
    if (histogram[middle * 2]! < bucket) low = middle + 1
    else high = middle
  }
  const i = low * 2
  if (histogram[i] !== bucket) {
    insertAt(histogram, i, bucket, count)
    return
  }
  histogram[i + 1]! += count
  if (histogram[i + 1] !== 0) return
  histogram.copyWithin(i, i + 2)
  histogram.length -= 2
}

const scratch = Buffer.alloc(BUCKETS * 10)

function writeVarint(at: number, value: number): number {
  let pos = at
  let rest = value
  while (rest >= 0x80) {
    scratch[pos++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  scratch[pos++] = rest
  return pos
}

/** Stored form: for each filled bucket, the gap since the one before and the count, as varints. */
export function encodeHistogram(histogram: SparseHistogram): Uint8Array {
  let pos = 0
  let last = -1
  for (let i = 0; i < histogram.length; i += 2) {
    pos = writeVarint(pos, histogram[i]! - last - 1)
    pos = writeVarint(pos, histogram[i + 1]!)
    last = histogram[i]!
  }
  return Uint8Array.prototype.slice.call(scratch, 0, pos)
}

/** Calls back for each filled bucket of a stored histogram. */
export function eachBucket(bytes: Uint8Array, take: (bucket: number, count: number) => void): void {
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
    if (bucket < BUCKETS) take(bucket, count)
  }
}

/** Adds a stored histogram to counts by bucket. */
export function addHistogram(counts: Float64Array, bytes: Uint8Array): void {
  eachBucket(bytes, (bucket, count) => (counts[bucket]! += count))
}

/** The q-quantile (0 to 1) in microseconds; null when nothing was counted. */
export function quantile(counts: Float64Array, q: number): number | null {
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
