import type { Alert, Notification } from './alert.ts'

const shown = 20

/** One line: `[critical] error-rate firing: 2 alerts`. */
export function titleOf({ rule, severity, status, alerts }: Notification): string {
  return `[${severity}] ${rule} ${status}: ${alerts.length} ${alerts.length === 1 ? 'alert' : 'alerts'}`
}

/** One line for each alert, the first 20 of them, then the summary of the rule and its runbook. */
export function bodyOf({ alerts }: Notification): string {
  const [first] = alerts
  const lines = alerts.slice(0, shown).map(lineOf)
  if (alerts.length > shown) lines.push(`and ${alerts.length - shown} more`)
  if (first?.summary !== undefined) lines.unshift(first.summary)
  if (first?.runbook !== undefined) lines.push(`Runbook: ${first.runbook}`)
  return lines.join('\n')
}

function lineOf({ source, value, threshold, labels }: Alert): string {
  const about = Object.entries(labels).map(([key, text]) => `${key}=${text}`)
  const limit = threshold === undefined ? '' : ` (threshold ${threshold})`
  return `${source} = ${value}${limit}${about.length === 0 ? '' : `, ${about.join(', ')}`}`
}
