import { guard } from '@agentel/api'
import { alertTelemetry } from './alert-telemetry.ts'
import type { Channel } from './channel.ts'
import { createEvaluator, type Evaluator, type EvaluatorOptions } from './evaluator.ts'
import { createNotifier, type Notifier, type NotifierOptions } from './notifier.ts'

/** What runs by itself, and how often. */
export interface AlertsOptions extends EvaluatorOptions {
  readonly channels: readonly Channel[]
  /** Between two evaluations, milliseconds; default 15,000. */
  readonly interval?: number
  readonly notifier?: Omit<NotifierOptions, 'channels' | 'onResult' | 'now'>
}

/** Alerts that run by themselves. */
export interface Alerts extends Omit<Evaluator, 'evaluate'> {
  /** Evaluates now, beside the interval. */
  evaluate(): void
  readonly notifier: Notifier
  /** Stops evaluating and gives up what is not sent yet. */
  close(): Promise<void>
}

/** Evaluates the rules at an interval, tells the channels, and writes events and metrics. Keeps no process alive. */
export function startAlerts(options: AlertsOptions): Alerts {
  const { channels, interval = 15_000, now = Date.now } = options
  const telemetry = alertTelemetry()
  const notifier = createNotifier({ ...options.notifier, channels, now, onResult: telemetry.notified })
  const evaluator = createEvaluator({
    ...options,
    onChange(change) {
      telemetry.changed(change)
      guard('alerts.onChange', () => options.onChange?.(change))
    },
  })
  const evaluate = (): void => {
    guard('alerts.evaluate', () => notifier.notify(evaluator.evaluate()))
  }
  const timer = setInterval(evaluate, interval)
  timer.unref()
  return {
    ...evaluator,
    evaluate,
    notifier,
    close() {
      clearInterval(timer)
      return notifier.close()
    },
  }
}
