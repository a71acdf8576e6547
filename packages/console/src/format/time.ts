/** Times as a person reads them. Inputs are epoch milliseconds and milliseconds, possibly with fractions. */
import { significant, UNKNOWN } from './quantity.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000

/** 840 µs, 12 ms, 1.23 s, 2 m 05 s, 1 h 27 m, 3 d 4 h. */
export function duration(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN
  if (value < 0) return `-${duration(-value)}`
  if (value < 0.0005) return '0 ms'
  if (value < 1) return `${Math.round(value * 1000)} µs`
  if (value < 999.5) return `${significant(value)} ms`
  if (value < MINUTE - 50) return `${significant(value / 1000)} s`
  if (value < HOUR) return twoUnits(Math.round(value / 1000), 60, 'm', 's')
  if (value < DAY) return twoUnits(Math.round(value / MINUTE), 60, 'h', 'm')
  return twoUnits(Math.round(value / HOUR), 24, 'd', 'h')
}

function twoUnits(total: number, base: number, large: string, small: string): string {
  const rest = total % base
  return `${Math.floor(total / base)} ${large} ${String(rest).padStart(base === 60 ? 2 : 1, '0')} ${small}`
}

/** A duration that somebody chose, without what is 0 in it: 15 s, 5 m, 7 d. */
export const roundDuration = (value: number): string =>
  duration(value)
    .replace(/ 0+ [smh]$/, '')
    .replace(/(\.\d*?)0+ /, '$1 ')
    .replace('. ', ' ')

/** Offset inside a run: +31.1 s. */
export const offset = (value: number): string => (value < 0 ? duration(value) : `+${duration(value)}`)

const two = (value: number): string => String(value).padStart(2, '0')

/** Clock of the reader's zone: 10:19:43. */
export function clock(time: number): string {
  const at = new Date(time)
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

/** `12 s ago` under an hour, else the clock, with the day when it is another one. */
export function age(time: number | null | undefined, now: number): string {
  if (time === null || time === undefined) return UNKNOWN
  const passed = now - time
  if (passed < -5_000) return `${clock(time)} (ahead)`
  if (passed < 1_500) return 'now'
  if (passed < MINUTE) return `${Math.floor(passed / 1000)} s ago`
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} m ago`
  if (passed < DAY && new Date(now).getDate() === new Date(time).getDate()) return clock(time)
  return `${day(time)} ${clock(time).slice(0, 5)}`
}

/** 2026-11-21 in the reader's zone. */
export function day(time: number): string {
  const at = new Date(time)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** Everything about a moment, for a tooltip. */
export function moment(time: number | null | undefined): string {
  if (time === null || time === undefined) return 'not known'
  return `${new Date(time).toISOString()} (UTC)\n${day(time)} ${clock(time)} here\n${time} ms since the epoch`
}
