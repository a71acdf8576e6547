/** How much a metric matters, the least first. */
export const IMPORTANCE_LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const
export type Importance = (typeof IMPORTANCE_LEVELS)[number]

/** Beginnings of names; the first that fits decides, what fits none is `info`. */
const BY_NAME: readonly (readonly [Importance, RegExp])[] = [
  ['critical', /^agentel\.(alert\.active|budget\.crossings)$/],
  ['error', /^agentel\.(errors|self\.(dropped|faults)|feedback\.low_rating)$/],
  [
    'warning',
    /^agentel\.(retries|anomal|budget\.|sla\.|guardrail\.|(agent|worker)\.health|client\.inference\.unpriced|self\.evicted|alert\.)/,
  ],
  ['debug', /^(otel\.|v8js\.|nodejs\.|system\.|agentel\.(self|thread)\.)/],
]

/** How much the metric matters, by its name: what must be seen at once is critical, how the runtime is doing is for debugging. */
export function importanceOf(name: string): Importance {
  return BY_NAME.find(([, fits]) => fits.test(name))?.[0] ?? 'info'
}

/** Whether the metric matters at least so much. */
export function isImportant(name: string, least: Importance): boolean {
  return IMPORTANCE_LEVELS.indexOf(importanceOf(name)) >= IMPORTANCE_LEVELS.indexOf(least)
}
