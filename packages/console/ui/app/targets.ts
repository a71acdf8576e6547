/** What the dashboards and the standard alerts hold a figure against: at the first a look is due, at the second a deed. */
export interface Target {
  readonly warn: number
  readonly bad: number
  /** Less than the bound is the trouble, not more. */
  readonly least?: boolean
}

/** Milliseconds, tokens, US dollars and shares; as in Grafana's dashboards. */
export const TARGETS = {
  /** p95 of a model's answer. */
  responseTime: { warn: 2_000, bad: 5_000 },
  tokensPerCall: { warn: 1_000, bad: 5_000 },
  costPerCall: { warn: 0.01, bad: 0.05 },
  failedRuns: { warn: 0.01, bad: 0.05 },
  toolSuccess: { warn: 0.95, bad: 0.9, least: true },
} as const satisfies Readonly<Record<string, Target>>

export type Standing = 'met' | 'near' | 'missed'

/** Where a figure stands; null when there is none. */
export function standingOf(value: number | null, { warn, bad, least = false }: Target): Standing | null {
  if (value === null || !Number.isFinite(value)) return null
  const beyond = (bound: number): boolean => (least ? value < bound : value > bound)
  return beyond(bad) ? 'missed' : beyond(warn) ? 'near' : 'met'
}
