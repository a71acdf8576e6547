/** Numbers as a person reads them: three significant digits, tabular, and `-` for what is not known. */

/** Shown where nothing is known; never 0. */
export const UNKNOWN = '-'

type Maybe = number | null | undefined

const known = (value: Maybe): value is number => value !== null && value !== undefined && Number.isFinite(value)

/** Three significant digits without exponent: 0.0321, 1.23, 12.3, 123, 1234. */
export function significant(value: number, digits = 3): string {
  const rounded = Number(value.toPrecision(digits))
  if (rounded === 0) return '0'
  return rounded.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded)))))
}

/** A figure of any kind as short as it is true to four digits: 95, 0.9, 0.1667. */
export const plain = (value: number): string => String(Number(value.toPrecision(4)))

const SUFFIXES: [number, string][] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
]

/** Tokens, spans and other counts: 0, 999, 11.7k, 1.20M. */
export function count(value: Maybe): string {
  if (!known(value)) return UNKNOWN
  for (const [size, suffix] of SUFFIXES) {
    if (Math.abs(value) >= size * 0.9995) return `${significant(value / size)}${suffix}`
  }
  return Number.isInteger(value) ? String(value) : significant(value)
}

/** All digits with separators, for tooltips and copies. */
export const exact = (value: Maybe): string =>
  known(value) ? value.toLocaleString('en-US', { maximumFractionDigits: 9 }) : UNKNOWN

/** US dollars by size: $0.000097, $0.0321, $1.10, $1,240. */
export function money(value: Maybe): string {
  if (!known(value)) return UNKNOWN
  const size = Math.abs(value)
  if (size === 0) return '$0'
  if (size < 0.000_01) return '<$0.00001'
  if (size < 0.001) return `$${significant(value, 2)}`
  if (size < 1) return `$${significant(value)}`
  if (size < 100) return `$${value.toFixed(2)}`
  return `$${Math.round(value).toLocaleString('en-US')}`
}

/** Whether an estimate says anything: one that may be nothing as well as twice what is expected does not. */
export const isTelling = ({ expected, low, high }: { expected: number; low: number; high: number }): boolean =>
  low > 0 || high <= 2 * expected

/** The exact amount, for tooltips. */
export const exactMoney = (value: Maybe): string => (known(value) ? `$${exact(value)}` : 'not known')

/** A share of 0 to 1: 0 %, 0.4 %, 12 %. */
export function percent(share: Maybe): string {
  if (!known(share)) return UNKNOWN
  const value = share * 100
  if (value === 0) return '0 %'
  return value < 0.1 ? '<0.1 %' : `${value < 10 ? significant(value, 2) : Math.round(value)} %`
}

/** Bytes in kB, MB, GB (powers of ten). */
export function bytes(value: Maybe): string {
  if (!known(value)) return UNKNOWN
  if (value < 1000) return `${value} B`
  for (const [size, unit] of [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const) {
    if (value >= size) return `${significant(value / size)} ${unit}`
  }
  return UNKNOWN
}

/** `1 run`, `2 runs`. */
export const plural = (value: number, noun: string, many = `${noun}s`): string =>
  `${value >= 1_000_000 ? count(value) : value.toLocaleString('en-US')} ${value === 1 ? noun : many}`
