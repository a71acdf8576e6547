import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** What one process measured of one variant. */
export interface Measurement {
  variant: string
  p50Us: number
  cpuUs: number
  firstChunkUs: number | null
  heapBytes: number
  spansPerCall: number
  attributesPerSpan: number
  metricPoints: number
}

/** Measures one variant in a fresh process. */
export function measure(folder: string, variant: string, operation: string, calls: number): Measurement {
  const run = spawnSync(
    process.execPath,
    [
      '--expose-gc',
      '--conditions=@agentel/source',
      '--min-semi-space-size=256',
      '--max-semi-space-size=256',
      join(import.meta.dirname, 'measure.ts'),
      folder,
      variant,
      operation,
      String(calls),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const line = run.stdout.trim().split('\n').at(-1) ?? ''
  if (run.status !== 0 || !line.startsWith('{'))
    throw new Error(`${variant} ${operation} failed: ${run.stderr.slice(-2000)}`)
  return JSON.parse(line)
}

/** The middle one. */
export function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

/** In another order each time, so that no variant always comes first. */
export function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => [Math.random(), item] as const)
    .toSorted((a, b) => a[0] - b[0])
    .map(([, item]) => item)
}

/** One digit after the point. */
export function round1(value: number): number {
  return Math.round(value * 10) / 10
}
/** Two digits after the point. */
export function round2(value: number): number {
  return Math.round(value * 100) / 100
}
