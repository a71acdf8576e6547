import { describe, expect, it } from 'vitest'
import { addToBucket, eachBucket, encodeHistogram, type SparseHistogram } from '../src/store/histogram.ts'

describe('a sparse histogram', () => {
  it('holds the same as a map of counts, whatever is added and taken back, in whatever order', () => {
    const histogram: SparseHistogram = []
    const counts = new Map<number, number>()
    let seed = 1
    const next = (bound: number): number => (seed = (seed * 48_271) % 2_147_483_647) % bound
    for (let i = 0; i < 5000; i++) {
      const bucket = next(60) * 5
      const count = (counts.get(bucket) ?? 0) > 0 && next(2) === 0 ? -1 : 1
      addToBucket(histogram, bucket, count)
      counts.set(bucket, (counts.get(bucket) ?? 0) + count)
      if (counts.get(bucket) === 0) counts.delete(bucket)
      if (i % 100 > 0) continue
      const sorted = [...counts].toSorted(([a], [b]) => a - b)
      expect(histogram).toEqual(sorted.flat())
      const read: [number, number][] = []
      eachBucket(encodeHistogram(histogram), (at, n) => read.push([at, n]))
      expect(read).toEqual(sorted)
    }
  })
})
