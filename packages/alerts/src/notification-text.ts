import type { Alert, Notification } from './alert.ts'

const shown = 20
/** Characters of a label: channels refuse what is too long for them. */
const LABEL = 200

/** One line: `[critical] error-rate firing: 2 alerts`. */
export function titleOf({ rule, severity, status, alerts, omitted = 0 }: Notification): string {
  const count = alerts.length + omitted
  return `[${severity}] ${rule} ${status}: ${count} ${count === 1 ? 'alert' : 'alerts'}`
}

/** One line for each alert, the first 20 of them, then the summary of the rule and its runbook. */
export function bodyOf({ alerts, omitted = 0 }: Notification): string {
  const [first] = alerts
  const lines = alerts.slice(0, shown).map(lineOf)
  const rest = alerts.length + omitted - lines.length
  if (rest > 0) lines.push(`and ${rest} more`)
  if (first?.summary !== undefined) lines.unshift(first.summary)
  if (first?.runbook !== undefined) lines.push(`Runbook: ${first.runbook}`)
  return lines.join('\n')
}

/** What an alert says and of what, where its rule watches several: `A tool fails. gen_ai.tool.name=fetch`. */
export function alertSentence({ summary, rule, labels }: Alert): string {
  return [summary ?? rule, ...Object.entries(labels).map(([key, text]) => `${key}=${text}`)].join(' ')
}

function lineOf({ source, value, threshold, labels }: Alert): string {
  const about = Object.entries(labels).map(
    ([key, text]) => `${key}=${text.length > LABEL ? `${text.slice(0, LABEL)}…` : text}`,
  )
  const limit = threshold === undefined ? '' : ` (threshold ${threshold})`
  return `${source} = ${value}${limit}${about.length === 0 ? '' : `, ${about.join(', ')}`}`
}
