/** Time columns without the empty stretch before the first value, so that a young store is not a blank with one bar. */

/** At least this many buckets stay. */
const LEAST = 20

/** Number of leading buckets in which every column is empty and which may be left out. */
export function leadingEmpty(columns: readonly (readonly (number | null)[])[]): number {
  const length = columns[0]?.length ?? 0
  let first = 0
  while (first < length - LEAST && columns.every((column) => !column[first])) first++
  // A bucket of air before the first value shows that there was nothing before it.
  return Math.max(0, first - 1)
}
