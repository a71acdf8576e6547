import type { AlertChange } from '@agentel/alerts'
import { EVENT_AGENTEL_ALERT_STATE_CHANGED } from '@agentel/semconv'
import type { IncidentReport, LogRecord, TraceSummary } from '../api/contract.ts'
import { BadQuery } from '../query/bad-query.ts'
import { listLogs } from '../query/logs.ts'
import type { Reader } from '../query/reader.ts'
import { listTraces } from '../query/traces.ts'
import type { ConsoleAlerts } from './console-alerts.ts'

/** Looked at before the alert began: what led to it. */
const BEFORE_MS = 15 * 60_000
const AFTER_MS = 5 * 60_000
const MOST = '20'

/** Text of others in a report: one line, and nothing in it is Markdown. */
function plain(text: string, most = 200): string {
  const line = text.replaceAll(/\s+/g, ' ').slice(0, most)
  return line.replaceAll(/[\\`*_{}[\]<>#|]/g, '\\$&')
}

const at = (time: number): string => new Date(time).toISOString()

function changeLine({ alert, from, actor, at: time }: AlertChange): [number, string] {
  const threshold = alert.threshold === undefined ? '' : `, threshold ${alert.threshold}`
  const who = actor === 'evaluator' ? '' : ` by ${plain(actor)}`
  return [
    time,
    `alert ${from === undefined ? '' : `${from} → `}${alert.state}${who} (value ${alert.value}${threshold})`,
  ]
}

function runLine(run: TraceSummary): [number, string] {
  const why =
    run.error === null ? '' : `: ${plain([run.error.name, run.error.message ?? run.error.type ?? ''].join(' '))}`
  return [run.startTime, `run \`${run.traceId}\` failed${why}`]
}

function logLine({ time, event, body }: LogRecord): [number, string] {
  const text = typeof body === 'string' ? body : ''
  return [time, plain([event ?? 'log record', text].filter(Boolean).join(': '))]
}

/** What was done by people, in order. */
function actionsOf(changes: readonly AlertChange[]): string[] {
  return changes
    .filter(({ actor }) => actor !== 'evaluator')
    .map(({ alert, actor, at: time }) => `- ${at(time)} ${plain(actor)}: ${alert.state}`)
}

function section(title: string, lines: readonly string[], otherwise: string): string {
  return `## ${title}\n\n${lines.length === 0 ? otherwise : lines.join('\n')}\n`
}

function headOf(alert: AlertChange['alert'], end: number | undefined): string[] {
  const labels = Object.entries(alert.labels).map(([key, value]) => `${plain(key)}=${plain(value)}`)
  return [
    `# ${plain(alert.rule)}: ${alert.severity}`,
    '',
    ...(alert.summary === undefined ? [] : [plain(alert.summary), '']),
    `- state: ${alert.state}`,
    `- began: ${at(alert.startedAt)}${end === undefined ? '' : `, ended ${at(end)} (${Math.round((end - alert.startedAt) / 1000)} s)`}`,
    `- value: ${alert.value}${alert.threshold === undefined ? '' : ` (threshold ${alert.threshold})`}, of ${plain(alert.source)}`,
    ...(labels.length === 0 ? [] : [`- labels: ${labels.join(', ')}`]),
    ...(alert.runbook === undefined ? [] : [`- runbook: <${alert.runbook.replaceAll(/[<>\s]/g, '')}>`]),
    '',
  ]
}

/**
 * `GET /api/alerts/incident`: time line, failed runs and actions of one alert, from a quarter of an hour before it until
 * five minutes after its end. undefined when nothing is known of the alert.
 */
export function incidentReport(
  reader: Reader,
  alerts: ConsoleAlerts,
  query: URLSearchParams,
): IncidentReport | undefined {
  const id = query.get('id')
  if (id === null) throw new BadQuery('id is missing: which alert?')
  const open = alerts.list().alerts.find((one) => one.id === id)
  const changes = alerts.changesOf(id)
  const alert = open ?? changes.at(-1)?.alert
  if (alert === undefined) return undefined
  const own = changes.filter(({ alert: { startedAt } }) => startedAt === alert.startedAt)
  const end = alert.state === 'resolved' ? alert.changedAt : undefined
  const window = { from: String(alert.startedAt - BEFORE_MS), to: String((end ?? Date.now()) + AFTER_MS) }
  const failed = new URLSearchParams({ ...window, status: 'error', limit: MOST })
  const grave = new URLSearchParams({ ...window, minSeverity: '13', limit: MOST })
  const runs = listTraces(reader, failed)
  const records = listLogs(reader, grave).logs.filter(({ event }) => event !== EVENT_AGENTEL_ALERT_STATE_CHANGED)
  const line = [...own.map(changeLine), ...runs.traces.map(runLine), ...records.map(logLine)]
    .toSorted(([one], [other]) => one - other)
    .map(([time, text]) => `- ${at(time)} ${text}`)
  const runLines = runs.traces.map(
    ({ traceId, title, agents }) =>
      `- \`${traceId}\` ${plain(title, 80)} (${agents.map((name) => plain(name)).join(', ')})`,
  )
  const more = runs.total > runs.traces.length ? [`- and ${runs.total - runs.traces.length} more`] : []
  return {
    id,
    markdown: [
      ...headOf(alert, end),
      section('Time line', line, 'Nothing was recorded.'),
      section('Failed runs', [...runLines, ...more], 'No run failed in this time.'),
      section('Actions taken', actionsOf(own), 'Nobody has done anything yet.'),
    ].join('\n'),
  }
}
