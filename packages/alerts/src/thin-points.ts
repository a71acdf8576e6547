/**
 * Fewer points, the rarer the older they are: at an age, none is nearer to the next than a share of that age. What a
 * window is asked for is then wrong at its beginning by that share at most. The first point stays.
 *
 * @param points oldest first
 * @param most a bound that the result is well below, for it is not to be thinned again with the next point
 */
export function thinned<Point extends { readonly time: number }>(points: readonly Point[], most: number): Point[] {
  const newest = points.at(-1)?.time ?? 0
  for (let share = 16 / most; ; share *= 2) {
    const kept: Point[] = []
    for (const [index, point] of points.entries()) {
      const next = points[index + 1]
      const last = kept.at(-1)
      // What stands between the last one kept and the next is left out when these two are near enough.
      if (last === undefined || next === undefined || next.time - last.time > (newest - next.time) * share)
        kept.push(point)
    }
    if (kept.length <= Math.max(3, most * 0.9)) return kept
  }
}
