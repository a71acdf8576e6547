import {
  type Alert,
  type AlertChange,
  type Alerts,
  type AlertStore,
  type AlertRule,
  type Channel,
  openAlertStore,
  standardRules,
  startAlerts,
} from '@agentel/alerts'
import { EVENT_AGENTEL_ALERT_STATE_CHANGED } from '@agentel/semconv'
import type { AlertDeed, AlertHistory, AlertList, AlertRuleList, SilenceEnd, SilenceRequest } from '../api/contract.ts'
import { BadQuery } from '../query/bad-query.ts'
import { limitOf } from '../query/parameters.ts'
import type { Reader } from '../query/reader.ts'
import type { AuditSource } from './audit-source.ts'
import { alertRecord } from './alert-record.ts'
import { storeSeries } from './store-series.ts'

/** Alerts over everything that the console receives. */
export interface ConsoleAlerts {
  list(): AlertList
  history(query: URLSearchParams): AlertHistory
  rules(): AlertRuleList
  /** All changes that are remembered of one alert, oldest first. */
  changesOf(id: string): AlertChange[]
  acknowledge(deed: AlertDeed): boolean
  resolve(deed: AlertDeed): boolean
  silence(request: SilenceRequest): ReturnType<Alerts['silence']>
  endSilence(end: SilenceEnd): boolean
  close(): Promise<void>
}

/** What {@link startConsoleAlerts} needs. */
export interface ConsoleAlertsOptions {
  readonly reader: Reader
  /** Where open alerts and their history are kept. */
  readonly file: string
  readonly audit: AuditSource
  readonly rules: readonly AlertRule[]
  readonly channels: readonly Channel[]
  /** File of the rules beside the standard ones. */
  readonly rulesFile: string | undefined
  /** Milliseconds between two evaluations. */
  readonly interval: number
  /** Takes a log record of a changed alert, as OTLP/JSON. */
  readonly record: (json: string) => void
}

/** What a person did is audited; what the evaluator did is only recorded. */
function auditDeed(audit: AuditSource, { alert, actor, at }: AlertChange): void {
  if (actor === 'evaluator') return
  const { rule, severity, state, value, threshold } = alert
  const attributes = { actor, alert: alert.id, rule, severity, state, value, threshold }
  audit.append({ event: EVENT_AGENTEL_ALERT_STATE_CHANGED, time: at, attributes })
}

const newestFirst = (changes: readonly AlertChange[], query: URLSearchParams): AlertHistory => {
  const id = query.get('id')
  const limit = limitOf(query, 100)
  return { changes: changes.filter(({ alert }) => id === null || alert.id === id).slice(0, limit) }
}

/** Starts evaluating. */
export function startConsoleAlerts(options: ConsoleAlertsOptions): ConsoleAlerts {
  const { reader, audit, interval, rulesFile, rules, channels } = options
  const timing: { at: number | null; took: number | null } = { at: null, took: null }
  const series = storeSeries(reader)
  const alerts = startAlerts({
    rules,
    series,
    channels,
    interval,
    store: openAlertStore({ file: options.file }),
    telemetry: { changed: (change) => options.record(alertRecord(change)), notified: () => undefined },
    onChange: (change) => auditDeed(audit, change),
    onEvaluated: (at, took) => Object.assign(timing, { at, took }),
  })
  return {
    list: () => ({
      alerts: alerts.alerts(),
      silences: alerts.silences(),
      summary: alerts.summary(),
      deadLetters: alerts.notifier.deadLetters(),
      evaluator: {
        interval,
        rulesFile: rulesFile ?? null,
        channels: channels.map(({ name }) => name),
        lastEvaluation: timing.at,
        lastDuration: timing.took,
      },
    }),
    history: (query) => newestFirst(alerts.history(), query),
    rules: () => ({ rules }),
    changesOf: (id) =>
      alerts
        .history()
        .filter(({ alert }) => alert.id === id)
        .toReversed(),
    acknowledge: ({ id, by }) => alerts.acknowledge(id, by),
    resolve: ({ id, by }) => alerts.resolve(id, by),
    silence(request) {
      const silence = alerts.silence(request)
      audit.append({ event: 'agentel.alert.silenced', attributes: { actor: request.by, ...silence } })
      return silence
    },
    endSilence({ id, by }) {
      const ended = alerts.endSilence(id)
      if (ended) audit.append({ event: 'agentel.alert.silence_ended', attributes: { actor: by, id } })
      return ended
    },
    close: () => alerts.close(),
  }
}

const notHere = (): never => {
  throw new BadQuery('alerts are not evaluated here: ask a running console')
}

/** What a store of alerts held last, without evaluating: for reading a file when no console runs. */
export function restingAlerts(open: () => AlertStore | undefined): ConsoleAlerts {
  const saved = () => {
    const store = open()
    try {
      return store?.load() ?? { watches: [], silences: [], history: [] }
    } finally {
      store?.close()
    }
  }
  return {
    list() {
      const { watches, silences } = saved()
      const alerts = watches.flatMap(({ alert }) => alert ?? []).toSorted((a, b) => b.startedAt - a.startedAt)
      return { alerts, silences, summary: summaryOf(alerts), deadLetters: [], evaluator: null }
    },
    history: (query) => newestFirst(saved().history.toReversed(), query),
    rules: () => ({ rules: standardRules }),
    changesOf: (id) => saved().history.filter(({ alert }) => alert.id === id),
    acknowledge: notHere,
    resolve: notHere,
    silence: notHere,
    endSilence: notHere,
    close: () => Promise.resolve(),
  }
}

function summaryOf(alerts: readonly Alert[]): AlertList['summary'] {
  const count = (key: 'state' | 'severity', value: string): number => alerts.filter((one) => one[key] === value).length
  return {
    byState: {
      active: count('state', 'active'),
      acknowledged: count('state', 'acknowledged'),
      suppressed: count('state', 'suppressed'),
    },
    bySeverity: {
      info: count('severity', 'info'),
      warning: count('severity', 'warning'),
      error: count('severity', 'error'),
      critical: count('severity', 'critical'),
    },
    faults: {},
    dropped: 0,
  }
}
