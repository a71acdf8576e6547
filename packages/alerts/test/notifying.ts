import { type Channel, createNotifier, type Notification, type NotifierOptions, type Severity } from '../src/index.ts'

/** When every notification of the tests was made. */
export const NOTIFIED_AT = Date.UTC(2026, 0, 2)

/** One of an alert of the rule `spend`. */
export function notification(severity: Severity, status: Notification['status'] = 'firing', open = 1): Notification {
  const alert = {
    id: 'spend{model="m"}',
    rule: 'spend',
    severity,
    summary: 'Too much.',
    runbook: 'https://example.org/spend',
    labels: { model: '<m>' },
    state: status === 'firing' ? ('active' as const) : ('resolved' as const),
    value: 12,
    threshold: 10,
    source: 'agentel.errors',
    startedAt: NOTIFIED_AT,
    changedAt: NOTIFIED_AT,
  }
  return { rule: 'spend', severity, status, alerts: [alert], open, at: NOTIFIED_AT }
}

/** Sends notifications, and gives what became of them. */
export async function send(channels: Channel[], sent: Notification[], options: Partial<NotifierOptions> = {}) {
  const results: [string, string | undefined][] = []
  const notifier = createNotifier({
    channels,
    backoff: 1,
    ...options,
    onResult: (channel, errorType) => results.push([channel, errorType]),
  })
  notifier.notify(sent)
  await notifier.flush()
  return { results, dead: notifier.deadLetters() }
}
