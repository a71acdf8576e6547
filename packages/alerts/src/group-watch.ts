import { adaptivePercentileDetector, type AdaptivePercentileState, type Detector } from '@agentel/detectors'
import type { Alert } from './alert.ts'
import type { AlertRule } from './rule.ts'

/** One group of a rule's series, from evaluation to evaluation. */
export interface GroupWatch {
  readonly id: string
  readonly rule: AlertRule
  /** The rule's own labels and those of the group. */
  readonly labels: Readonly<Record<string, string>>
  /** The open alert. */
  alert: Alert | undefined
  /** Since when the condition has held. */
  since: number | undefined
  /** Whether channels were told of the open alert. */
  told: boolean
  /** Whether they were told that nobody has acknowledged it. */
  escalated: boolean
  /** Until when they are not told again. */
  quietUntil: number
  readonly adaptive: Adaptive | undefined
}

interface Adaptive {
  readonly detector: Detector<AdaptivePercentileState>
  readonly state: AdaptivePercentileState
}

/** What one evaluation changes. */
export interface WatchStep {
  /** The alert in its new state. */
  readonly next?: Alert
  readonly tell?: 'firing' | 'resolved' | 'escalated'
  /** Nothing needs to be remembered of this group. */
  readonly forget?: boolean
}

/** A group that was not seen before. */
export function createGroupWatch(id: string, rule: AlertRule, labels: Readonly<Record<string, string>>): GroupWatch {
  return {
    id,
    rule,
    labels: { ...rule.labels, ...labels },
    alert: undefined,
    since: undefined,
    told: false,
    escalated: false,
    quietUntil: 0,
    adaptive: adaptiveOf(rule),
  }
}

function adaptiveOf({ above }: AlertRule): Adaptive | undefined {
  if (typeof above !== 'object') return undefined
  const { percentile = 95, values = 1000, minimum = 50 } = above
  const detector = adaptivePercentileDetector({ percentile, window: values, minimum })
  return { detector, state: detector.create() }
}

/** After a person closed the alert: it must hold anew, and is told of anew when the cooldown is over. */
export function closeByHand(watch: GroupWatch, now: number): void {
  watch.since = undefined
  watch.told = false
  watch.escalated = false
  watch.quietUntil = now + watch.rule.cooldown
}

/** Moves one group on by one evaluation. Changes of state are returned, not made. */
export function watchGroup(watch: GroupWatch, value: number | undefined, silenced: boolean, now: number): WatchStep {
  const { rule } = watch
  // After the clock was set back: neither waits longer than the rule says.
  if (watch.since !== undefined) watch.since = Math.min(watch.since, now)
  watch.quietUntil = Math.min(watch.quietUntil, now + rule.cooldown)
  const { holds, threshold } = judge(watch, value, now)
  if (value === undefined || !holds) return closeOf(watch, now)
  watch.since ??= now
  if (now - watch.since < rule.for) return {}
  const seen = { value, ...(threshold === undefined ? undefined : { threshold }) }
  const step = watch.alert === undefined ? openOf(watch, seen, silenced, now) : silenceOf(watch, seen, silenced, now)
  const state = step?.state ?? watch.alert?.state
  const tell = tellOf(watch, state, now)
  return { ...(step === undefined ? undefined : { next: step }), ...(tell === undefined ? undefined : { tell }) }
}

/** Whether channels are told now, and what; remembers that they were. */
function tellOf(watch: GroupWatch, state: Alert['state'] | undefined, now: number): 'firing' | 'escalated' | undefined {
  if (state !== 'active' || now < watch.quietUntil) return undefined
  const { escalateAfter } = watch.rule
  if (!watch.told) {
    watch.told = true
    return 'firing'
  }
  const since = watch.alert?.startedAt ?? now
  if (watch.escalated || escalateAfter === undefined || now - since < escalateAfter) return undefined
  watch.escalated = true
  return 'escalated'
}

function openOf(
  { id, rule, labels }: GroupWatch,
  seen: Pick<Alert, 'value' | 'threshold'>,
  silenced: boolean,
  now: number,
): Alert {
  return {
    id,
    rule: rule.name,
    severity: rule.severity,
    ...(rule.summary === undefined ? undefined : { summary: rule.summary }),
    ...(rule.runbook === undefined ? undefined : { runbook: rule.runbook }),
    labels,
    state: silenced ? 'suppressed' : 'active',
    ...seen,
    source: rule.signal,
    startedAt: now,
    changedAt: now,
  }
}

/** The open alert with the newest value; returned only when a silence began or ended. */
function silenceOf(
  watch: GroupWatch,
  seen: Pick<Alert, 'value' | 'threshold'>,
  silenced: boolean,
  now: number,
): Alert | undefined {
  const alert = { ...watch.alert!, ...seen }
  watch.alert = alert
  if (silenced && alert.state === 'active') return { ...alert, state: 'suppressed', changedAt: now }
  if (!silenced && alert.state === 'suppressed') return { ...alert, state: 'active', changedAt: now }
  return undefined
}

function closeOf(watch: GroupWatch, now: number): WatchStep {
  const { alert, told } = watch
  watch.since = undefined
  watch.told = false
  watch.escalated = false
  if (alert === undefined) return { forget: now >= watch.quietUntil && watch.adaptive === undefined }
  if (told) watch.quietUntil = now + watch.rule.cooldown
  const next: Alert = { ...alert, state: 'resolved', changedAt: now, resolved: { by: 'evaluator', at: now } }
  return { next, ...(told ? { tell: 'resolved' } : undefined) }
}

function judge(
  { rule, adaptive }: GroupWatch,
  value: number | undefined,
  now: number,
): { holds: boolean; threshold?: number | undefined } {
  if (value === undefined) return { holds: false }
  if (rule.aggregation === 'absence') return { holds: true }
  if (adaptive !== undefined) {
    const verdict = adaptive.detector.update(adaptive.state, value, now)
    return { holds: verdict?.anomalous ?? false, threshold: verdict?.expected }
  }
  if (typeof rule.above === 'number') return { holds: value > rule.above, threshold: rule.above }
  return { holds: rule.below !== undefined && value < rule.below, threshold: rule.below }
}
