/** Whether figures are what they should be. */
import { expect } from 'vitest'
import { findMetric } from '../../packages/semconv/src/registry.ts'
import { percentileBounds } from './call-times.ts'

/** That figures are within a share of those expected. */
export function expectClose(
  title: string,
  shown: readonly (number | undefined)[],
  expected: readonly number[],
  share: number,
): void {
  for (const [i, value] of expected.entries()) {
    const distance = Math.abs((shown[i] ?? Number.NaN) - value)
    expect(distance, `${title}: ${shown[i]} shown, ${value} expected`).toBeLessThanOrEqual(Math.abs(value) * share)
  }
}

/** What a caller waits longer than the server served, at most, on a machine that is busy with other things, too. */
const SLACK = 1.25

/** That a time is the server's or a little more. */
export function expectServed(title: string, shown: number | undefined, served: number): void {
  expect(shown, `${title}: served in ${served}`).toBeGreaterThanOrEqual(served * 0.99)
  expect(shown, `${title}: served in ${served}`).toBeLessThanOrEqual(served * SLACK)
}

/** A percentile, the values of which it is, and the histogram in which it is looked for. */
export type Percentile = readonly [share: number, values: readonly number[], metric: string]

/** That percentiles are in the bucket where those of the values are, which may have become more on their way. */
export function expectWithin(
  title: string,
  shown: Readonly<Record<string, number | undefined>>,
  expected: Readonly<Record<string, Percentile>>,
): void {
  for (const [key, [share, values, metric]] of Object.entries(expected)) {
    const { least, most } = percentileBounds(share, values, findMetric(metric)?.buckets ?? [], SLACK)
    expect(shown[key], `${title}: ${key} is from ${least} to ${most}`).toBeGreaterThanOrEqual(least)
    expect(shown[key], `${title}: ${key} is from ${least} to ${most}`).toBeLessThanOrEqual(most)
  }
}
