import {
  AlertRuleError,
  ChannelError,
  channelsFromEnvironment,
  metricFeed,
  openAlertStore,
  readRules,
  standardRules,
  startAlerts,
  type AlertRule,
} from '@agentel/alerts'
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics'
import { profileDefaults, type AgentelConfig } from './generated/config-fields.ts'
import { StartError } from './start-error.ts'

/** Alerts over the metrics of this process. */
export interface ProcessAlerts {
  /** What a metric reader hands its metrics to. */
  readonly exporter: PushMetricExporter
  readonly intervalMs: number
  /** Begins to evaluate; after the providers are registered, for it writes metrics and events itself. */
  start(): { close(): Promise<void> }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The rules, the standard one on failed model calls with the share that the configuration says. */
export function rulesOf({ alerts, profile = 'production' }: AgentelConfig): AlertRule[] {
  const above = alerts.errorRate ?? profileDefaults[profile]['alerts.errorRate']
  const summary = `More than ${above * 100} % of the model calls fail, for 5 minutes.`
  return readRules(alerts.rules).map((rule) =>
    rule.name === 'error-rate' && standardRules.includes(rule) ? { ...rule, above, summary } : rule,
  )
}

/**
 * Reads the rules, the channels of the environment and the store; evaluates nothing yet.
 * @throws StartError when one of them is wrong
 */
export function prepareAlerts(config: AgentelConfig): ProcessAlerts {
  const { store, intervalMs } = config.alerts
  try {
    const rules = rulesOf(config)
    const channels = channelsFromEnvironment()
    const longest = Math.max(...rules.map(({ window }) => window))
    const feed = metricFeed({ keep: longest, metrics: new Set(rules.flatMap(metricsOf)) })
    const kept = store === undefined ? {} : { store: openAlertStore({ file: store }) }
    return {
      exporter: feed as unknown as PushMetricExporter,
      intervalMs,
      start: () => startAlerts({ rules, series: feed, channels, interval: intervalMs, ...kept }),
    }
  } catch (error) {
    const option =
      error instanceof AlertRuleError ? 'alerts.rules' : error instanceof ChannelError ? 'alerts' : 'alerts.store'
    throw new StartError('AGENTEL_CONFIG_INVALID_VALUE', option, `${option}: ${reasonOf(error)}`)
  }
}

function metricsOf(rule: ReturnType<typeof readRules>[number]): string[] {
  return [rule.signal, ...[rule.numerator?.signal ?? []].flat()]
}
