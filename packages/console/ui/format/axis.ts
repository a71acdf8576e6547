/** Ticks of a time axis: round numbers, at most so many. */

const STEPS = [1, 2, 5]

/** Round offsets between two offsets (milliseconds). */
export function ticks(from: number, to: number, most = 8): readonly number[] {
  const span = to - from
  if (!(span > 0)) return [from]
  const rough = span / most
  // Seconds go by 1, 2, 5; minutes and hours by parts of 60.
  const step = rough > 30_000 ? clockStep(rough) : decimalStep(rough)
  // `|| 0` turns -0 into 0.
  const first = Math.ceil(from / step - 1e-9) || 0
  const found: number[] = []
  for (let n = first; n * step <= to + step * 1e-9 && found.length <= most + 1; n++) found.push(n * step)
  return found
}

function decimalStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * (STEPS.find((step) => step * power >= rough) ?? 10)
}

const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * 60_000)

const clockStep = (rough: number): number =>
  CLOCK.find((step) => step >= rough) ?? Math.ceil(rough / CLOCK.at(-1)!) * CLOCK.at(-1)!
