import type { Alert, AlertChange, Silence } from './alert.ts'
import { createGroupWatch, type GroupWatch } from './group-watch.ts'
import type { AlertRule } from './rule.ts'

/** One group that has an open alert, or that is not told of for a while. */
export interface SavedWatch {
  readonly id: string
  /** Name of the rule. */
  readonly rule: string
  readonly labels: Readonly<Record<string, string>>
  readonly alert?: Alert
  readonly since?: number
  readonly told: boolean
  readonly escalated: boolean
  readonly quietUntil: number
}

/** What an evaluator knows beyond its rules, as plain data. History: oldest first. */
export interface SavedAlerts {
  readonly watches: readonly SavedWatch[]
  readonly silences: readonly Silence[]
  readonly history: readonly AlertChange[]
}

/** The groups that a restart must not forget. What an adaptive threshold has learnt is learnt anew. */
export function saveWatches(watches: Iterable<GroupWatch>, now: number): SavedWatch[] {
  return [...watches]
    .filter(({ alert, quietUntil }) => alert !== undefined || quietUntil > now)
    .map(({ id, rule, labels, alert, since, told, escalated, quietUntil }) => ({
      id,
      rule: rule.name,
      labels,
      ...(alert === undefined ? undefined : { alert }),
      ...(since === undefined ? undefined : { since }),
      told,
      escalated,
      quietUntil,
    }))
}

/** The group as it was; undefined when its rule is gone. */
export function restoreWatch(saved: SavedWatch, rules: readonly AlertRule[]): GroupWatch | undefined {
  const rule = rules.find(({ name }) => name === saved.rule)
  if (rule === undefined) return undefined
  const watch = createGroupWatch(saved.id, rule, saved.labels)
  const { alert, since, told, escalated, quietUntil } = saved
  return Object.assign(watch, { alert, since, told, escalated, quietUntil })
}
