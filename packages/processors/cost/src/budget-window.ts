import type { Budget } from './budget-options.ts'

/** A stretch of time, in milliseconds since 1970; `end` does not belong to it. */
export interface Window {
  readonly start: number
  readonly end: number
}

const HOUR = 3_600_000
const LENGTHS = { request: 0, hour: HOUR, day: 24 * HOUR, month: 30 * 24 * HOUR }
/** A rolling window moves on in this many steps. */
const STEPS = 60

interface LocalDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (format === undefined) {
    const two = '2-digit'
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
      hourCycle: 'h23',
    })
    formats.set(timeZone, format)
  }
  return format
}

function partsOf(time: number, timeZone: string): Record<string, number> {
  const parts = formatOf(timeZone).formatToParts(time)
  return Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]))
}

/** Milliseconds by which local time is ahead of UTC. */
function offsetAt(time: number, timeZone: string): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = partsOf(time, timeZone)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000
}

/** The first instant of a local day: local midnight, or what comes after the gap where midnight is skipped. */
function dayStart({ year, month, day }: LocalDate, timeZone: string): number {
  const asUtc = Date.UTC(year, month - 1, day)
  const before = offsetAt(asUtc - 24 * HOUR, timeZone)
  const after = offsetAt(asUtc + 24 * HOUR, timeZone)
  // The offset is that of the day before or of the day after; midnight comes first with the larger one that fits.
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    const start = asUtc - offset
    if (offsetAt(start, timeZone) === offset) return start
  }
  // Midnight does not exist: the clock goes from before it to after it at this instant.
  return asUtc - before
}

function calendarWindow(time: number, period: Budget['period'], timeZone: string): Window {
  if (period === 'hour') {
    const local = time + offsetAt(time, timeZone)
    const start = time - (local % HOUR)
    return { start, end: start + HOUR }
  }
  const { year = 0, month = 1, day = 1 } = partsOf(time, timeZone)
  if (period === 'month') {
    return {
      start: dayStart({ year, month, day: 1 }, timeZone),
      end: dayStart({ year, month: month + 1, day: 1 }, timeZone),
    }
  }
  return { start: dayStart({ year, month, day }, timeZone), end: dayStart({ year, month, day: day + 1 }, timeZone) }
}

/** The slot in which spend at `time` is counted: the calendar window, or one step of a rolling one. */
export function slotAt(budget: Budget, time: number): Window {
  if (!budget.rolling) return calendarWindow(time, budget.period, budget.timeZone)
  const step = LENGTHS[budget.period] / STEPS
  const start = Math.floor(time / step) * step
  return { start, end: start + step }
}

/** The window over which spend counts at `time`. A rolling one is at least its length: it holds whole steps. */
export function windowAt(budget: Budget, time: number): Window {
  const slot = slotAt(budget, time)
  return budget.rolling ? { start: slot.end - LENGTHS[budget.period], end: slot.end } : slot
}
