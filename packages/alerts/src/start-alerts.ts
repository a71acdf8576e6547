import { countLoss, guard } from '@agentel/api'
import { diag } from '@opentelemetry/api'
import type { Alert, AlertChange, Notification } from './alert.ts'
import type { AlertStore } from './alert-store.ts'
import { alertTelemetry } from './alert-telemetry.ts'
import type { Channel } from './channel.ts'
import { type AlertSummary, createEvaluator, type Evaluator, type EvaluatorOptions } from './evaluator.ts'
import { createNotifier, type Notifier, type NotifierOptions } from './notifier.ts'

/** What runs by itself, and how often. */
export interface AlertsOptions extends EvaluatorOptions {
  readonly channels: readonly Channel[]
  /** Between two evaluations, milliseconds; default 15,000. */
  readonly interval?: number
  readonly notifier?: Omit<NotifierOptions, 'channels' | 'onResult' | 'now'>
  /** Where alerts survive a restart; processes that share one tell of an alert once. It is closed with the alerts. */
  readonly store?: AlertStore
  /** Where changes and notifications are written as telemetry; default the application's own providers. */
  readonly telemetry?: AlertTelemetry
  /** Told after every evaluation: when it was, and the milliseconds that it took. */
  readonly onEvaluated?: (at: number, duration: number) => void
}

/** Told of what happens, for telemetry. */
export interface AlertTelemetry {
  changed(change: AlertChange): void
  notified(channel: string, errorType: string | undefined): void
}

/** Alerts that run by themselves. */
export interface Alerts extends Omit<Evaluator, 'evaluate'> {
  /** Evaluates now, beside the interval. */
  evaluate(): void
  readonly notifier: Notifier
  /** Stops evaluating and gives up what is not sent yet. */
  close(): Promise<void>
}

/** Changes that wait for a store that takes none. */
const UNSAVED = 10_000

/** Writes through to a store what an evaluator changes; a store that fails takes only itself away. */
function keptIn(store: AlertStore | undefined) {
  let unsaved: AlertChange[] = []
  let changed = false
  let failing = false
  /** A store that another process keeps locked makes the application wait once for each evaluation, not for each step. */
  const ask = <T>(where: string, work: (store: AlertStore) => T): T | undefined => {
    if (store === undefined || failing) return undefined
    const answer = guard(where, () => ({ is: work(store) }))
    failing = answer === undefined
    return answer?.is
  }
  return {
    load: () => ask('alerts.load', (from) => from.load()),
    /** Before each evaluation, and each deed of a person. */
    begin(): void {
      failing = false
    },
    onChange(change: AlertChange): void {
      changed = true
      if (store !== undefined) unsaved.push(change)
    },
    /** What this process tells of the notifications. */
    claim(notifications: readonly Notification[], open: readonly Alert[]): readonly Notification[] {
      const mine = notifications.length === 0 ? [] : ask('alerts.claim', (by) => by.claim(notifications))
      if (open.length > 0) ask('alerts.renew', (by) => by.renew(open.filter(({ state }) => state !== 'suppressed')))
      // Told twice is better than not at all.
      return mine ?? notifications
    },
    save(saved: Evaluator['saved'], force = false): void {
      if (!changed && !force) return
      const isSaved = ask('alerts.save', (to) => {
        to.save(saved(), unsaved)
        return true
      })
      changed = isSaved !== true
      if (isSaved === true) unsaved = []
      const lost = unsaved.splice(0, Math.max(0, unsaved.length - UNSAVED)).length
      if (lost > 0) countLoss('alerts.history', lost)
    },
    close: () => guard('alerts.store', () => store?.close()),
  }
}

/** Counts, among what the process has lost, what was not evaluated, and says once why a rule could not be. */
function troublesTold(): (summary: AlertSummary) => void {
  let before: AlertSummary['faults'] = {}
  let dropped = 0
  return (summary) => {
    const faults = Object.entries(summary.faults)
    if (faults.length > 0) countLoss('alerts.rules', faults.length)
    if (summary.dropped > dropped) countLoss('alerts.groups', summary.dropped - dropped)
    for (const [rule, reason] of faults)
      if (before[rule] !== reason) diag.warn(`agentel: the alert rule ${rule} could not be evaluated: ${reason}`)
    before = summary.faults
    dropped = summary.dropped
  }
}

/** Evaluates the rules at an interval, tells the channels, and writes events and metrics. Keeps no process alive. */
export function startAlerts(options: AlertsOptions): Alerts {
  const { channels, interval = 15_000, now = Date.now, telemetry = alertTelemetry() } = options
  const notifier = createNotifier({ ...options.notifier, channels, now, onResult: telemetry.notified })
  const kept = keptIn(options.store)
  const saved = options.saved ?? kept.load()
  const evaluator = createEvaluator({
    ...options,
    ...(saved === undefined ? undefined : { saved }),
    onChange(change) {
      telemetry.changed(change)
      kept.onChange(change)
      guard('alerts.onChange', () => options.onChange?.(change))
    },
  })
  const tellTroubles = troublesTold()
  const evaluate = (): void => {
    const begun = now()
    const before = performance.now()
    kept.begin()
    guard('alerts.evaluate', () => {
      const notifications = evaluator.evaluate()
      notifier.notify(kept.claim(notifications, evaluator.alerts()))
      kept.save(evaluator.saved, notifications.length > 0)
    })
    tellTroubles(evaluator.summary())
    guard('alerts.onEvaluated', () => options.onEvaluated?.(begun, performance.now() - before))
  }
  const timer = setInterval(evaluate, interval)
  timer.unref()
  /** A person's deed is on disk at once. */
  const savedAfter = <Args extends unknown[], Result>(deed: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      kept.begin()
      const result = deed(...args)
      kept.save(evaluator.saved, true)
      return result
    }
  }
  return {
    ...evaluator,
    acknowledge: savedAfter(evaluator.acknowledge),
    resolve: savedAfter(evaluator.resolve),
    silence: savedAfter(evaluator.silence),
    endSilence: savedAfter(evaluator.endSilence),
    evaluate,
    notifier,
    async close() {
      clearInterval(timer)
      await notifier.close()
      kept.close()
    },
  }
}
