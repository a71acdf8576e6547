import { dirname, join } from 'node:path'
import { type AlertRule, type Channel, channelsFromEnvironment, readRules } from '@agentel/alerts'
import type { Reader } from '../query/reader.ts'
import type { Intake } from '../receiver/intake.ts'
import { type AuditSource, auditSource } from './audit-source.ts'
import { type ConsoleAlerts, startConsoleAlerts } from './console-alerts.ts'

/** What the console's options say of alerts, and the rules and channels that follow from it. */
export interface PreparedAlerts {
  readonly rules: readonly AlertRule[]
  readonly rulesFile: string | undefined
  readonly channels: readonly Channel[]
  readonly interval: number
  readonly alertsFile: string
  readonly auditFile: string
}

const INTERVAL_MS = 15_000

/** Where the alerts of a store's console are kept. */
export function alertsFileOf(dataFile: string): string {
  return `${dataFile}.alerts`
}

/** Where the audit log is when no other is named. */
export function auditFileOf(dataFile: string): string {
  return join(dirname(dataFile), 'audit.db')
}

/** @throws AlertRuleError or ChannelError when the rules or the channels of the environment are wrong. */
export function prepareAlerts(settings: {
  readonly dataFile: string
  readonly alertRules?: string
  readonly alertInterval?: number
  readonly auditFile?: string
}): PreparedAlerts {
  const { dataFile, alertRules, alertInterval, auditFile } = settings
  return {
    rules: readRules(alertRules),
    rulesFile: alertRules,
    channels: channelsFromEnvironment(process.env),
    interval: alertInterval ?? INTERVAL_MS,
    alertsFile: alertsFileOf(dataFile),
    auditFile: auditFile ?? auditFileOf(dataFile),
  }
}

/** Evaluates from now on; what changes is a log record in the console's own store. */
export function openAlerts(
  prepared: PreparedAlerts,
  reader: Reader,
  intake: Intake,
): { alerts: ConsoleAlerts; audit: AuditSource; close(): Promise<void> } {
  const { rules, rulesFile, channels, interval, alertsFile, auditFile } = prepared
  const audit = auditSource(auditFile)
  const record = (json: string): void => void intake.accept('logs', 'json', Buffer.from(json))
  const alerts = startConsoleAlerts({ reader, audit, rules, rulesFile, channels, interval, file: alertsFile, record })
  return {
    alerts,
    audit,
    async close() {
      await alerts.close()
      await audit.close()
    },
  }
}
