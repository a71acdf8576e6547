import { aggregate, type GroupValue } from './aggregate.ts'
import type { Alert, AlertChange, AlertState, Notification, Silence } from './alert.ts'
import { closeByHand, createGroupWatch, type GroupWatch, watchGroup } from './group-watch.ts'
import type { AlertRule, Severity } from './rule.ts'
import { restoreWatch, type SavedAlerts, saveWatches } from './saved-alerts.ts'
import { createSilences } from './silences.ts'
import type { TimeSeries } from './time-series.ts'

/** How rules are evaluated. */
export interface EvaluatorOptions {
  readonly rules: readonly AlertRule[]
  readonly series: TimeSeries
  /** The clock, milliseconds since the epoch. */
  readonly now?: () => number
  /** Changes that `history()` remembers; default 1000. */
  readonly historySize?: number
  /** Groups of all rules together that are watched; default 10,000. Those beyond are dropped and counted. */
  readonly maxGroups?: number
  /** What `saved()` gave before a restart: open alerts stay open and are not told of anew. */
  readonly saved?: SavedAlerts
  /** Told of every change. What it throws is the caller's. */
  readonly onChange?: (change: AlertChange) => void
}

/** How many alerts there are, and what goes wrong. */
export interface AlertSummary {
  readonly byState: Readonly<Record<Exclude<AlertState, 'resolved'>, number>>
  readonly bySeverity: Readonly<Record<Severity, number>>
  /** Rules that could not be evaluated last time, and why. */
  readonly faults: Readonly<Record<string, string>>
  /** Groups that were not watched because there were too many. */
  readonly dropped: number
}

/** Evaluates rules and keeps the states of their alerts. */
export interface Evaluator {
  /** Looks at every rule once; says what channels must be told. A rule that fails leaves its alerts as they are. */
  evaluate(): Notification[]
  /** The alerts that are not resolved, newest first. */
  alerts(): Alert[]
  /** Somebody looks after it. False when no such alert is active. */
  acknowledge(id: string, by: string): boolean
  /** Somebody closes it; it opens again when the condition holds for as long as the rule says. False when it is not open. */
  resolve(id: string, by: string): boolean
  /** @throws RangeError when it does not end in the future. */
  silence(silence: Omit<Silence, 'id'>): Silence
  endSilence(id: string): boolean
  silences(): Silence[]
  /** The last changes, newest first. */
  history(): AlertChange[]
  summary(): AlertSummary
  /** All that is needed to go on after a restart, as plain data. */
  saved(): SavedAlerts
}

/** The dedup key of a rule's alert; labels in order, so that all replicas agree. */
export function alertId(rule: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels).toSorted()
  return pairs.length === 0 ? rule : `${rule}{${pairs.map((key) => `${key}=${JSON.stringify(labels[key])}`).join(',')}}`
}

/** An evaluator. Nothing runs by itself: call `evaluate()` as often as you like. */
export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const { rules, series, now = Date.now, historySize = 1000, maxGroups = 10_000, onChange, saved } = options
  const silences = createSilences(now, saved?.silences)
  const restored = (saved?.watches ?? []).flatMap((watch) => restoreWatch(watch, rules) ?? [])
  const watches = new Map<string, GroupWatch>(restored.map((watch) => [watch.id, watch]))
  const past: AlertChange[] = (saved?.history ?? []).slice(-historySize)
  const faults = new Map<string, string>()
  let dropped = 0
  const closedByHand: Alert[] = []
  const open = (): Alert[] => [...watches.values()].flatMap(({ alert }) => alert ?? [])

  const change = (watch: GroupWatch, next: Alert, actor: string): void => {
    const made: AlertChange = { alert: next, from: watch.alert?.state, actor, at: next.changedAt }
    watch.alert = next.state === 'resolved' ? undefined : next
    past.push(made)
    if (past.length > historySize) past.shift()
    onChange?.(made)
  }

  const watchOf = (rule: AlertRule, { labels }: GroupValue): GroupWatch | undefined => {
    const id = alertId(rule.name, labels)
    const known = watches.get(id)
    if (known !== undefined) return known
    if (watches.size >= maxGroups) {
      dropped += 1
      return undefined
    }
    const watch = createGroupWatch(id, rule, labels)
    watches.set(id, watch)
    return watch
  }

  /** One rule: what to tell of its groups. */
  const evaluateRule = (rule: AlertRule): Told => {
    const told: Told = { firing: [], escalated: [], resolved: [] }
    const seen = new Map<GroupWatch, number>()
    for (const group of aggregate(rule, series, now())) {
      const watch = watchOf(rule, group)
      if (watch !== undefined) seen.set(watch, group.value)
    }
    for (const watch of watches.values()) {
      if (watch.rule !== rule) continue
      const step = watchGroup(watch, seen.get(watch), silences.covers({ rule: rule.name, labels: watch.labels }), now())
      if (step.next !== undefined) change(watch, step.next, 'evaluator')
      const about = watch.alert ?? step.next
      if (step.tell !== undefined && about !== undefined) told[step.tell].push(about)
      if (step.forget) watches.delete(watch.id)
    }
    return told
  }

  const deed = (id: string, by: string, make: (alert: Alert, at: number) => Alert | undefined): boolean => {
    const watch = watches.get(id)
    const next = watch?.alert && make(watch.alert, now())
    if (watch === undefined || next === undefined) return false
    change(watch, next, by)
    return true
  }

  return {
    evaluate() {
      const notifications: Notification[] = []
      for (const rule of rules) {
        try {
          const told = evaluateRule(rule)
          faults.delete(rule.name)
          for (const alert of closedByHand.splice(0)) {
            if (alert.rule === rule.name) told.resolved.push(alert)
            else closedByHand.push(alert)
          }
          const rest = open().filter((alert) => alert.rule === rule.name).length
          notifications.push(...notificationsOf(rule, told, { open: rest, at: now() }))
        } catch (error) {
          faults.set(rule.name, error instanceof Error ? error.message : String(error))
        }
      }
      return notifications
    },
    alerts: () => open().toSorted((one, other) => other.startedAt - one.startedAt),
    acknowledge: (id, by) =>
      deed(id, by, (alert, at) =>
        alert.state === 'active'
          ? { ...alert, state: 'acknowledged', changedAt: at, acknowledged: { by, at } }
          : undefined,
      ),
    resolve(id, by) {
      const watch = watches.get(id)
      return deed(id, by, (alert, at) => {
        const next: Alert = { ...alert, state: 'resolved', changedAt: at, resolved: { by, at } }
        if (watch?.told === true) closedByHand.push(next)
        if (watch !== undefined) closeByHand(watch, at)
        return next
      })
    },
    silence: silences.add,
    endSilence: silences.end,
    silences: silences.list,
    history: () => past.toReversed(),
    saved: () => ({ watches: saveWatches(watches.values(), now()), silences: silences.list(), history: [...past] }),
    summary: () => ({ ...countOf(open()), faults: Object.fromEntries(faults), dropped }),
  }
}

type Told = Record<'firing' | 'escalated' | 'resolved', Alert[]>

/** What channels are told of one rule: one notification for each kind of news. */
function notificationsOf(rule: AlertRule, told: Told, when: Pick<Notification, 'open' | 'at'>): Notification[] {
  const about = { rule: rule.name, severity: rule.severity, ...when }
  const all: Notification[] = [
    { ...about, status: 'firing', alerts: told.firing },
    { ...about, status: 'firing', escalated: true, alerts: told.escalated },
    { ...about, status: 'resolved', alerts: told.resolved },
  ]
  return all.filter(({ alerts }) => alerts.length > 0)
}

function countOf(alerts: readonly Alert[]): Pick<AlertSummary, 'byState' | 'bySeverity'> {
  const byState = { active: 0, acknowledged: 0, suppressed: 0 }
  const bySeverity = { info: 0, warning: 0, error: 0, critical: 0 }
  for (const { state, severity } of alerts) {
    if (state !== 'resolved') byState[state] += 1
    bySeverity[severity] += 1
  }
  return { byState, bySeverity }
}
