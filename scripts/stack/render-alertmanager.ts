/** Alertmanager's file with other receivers than the real ones: it has no variables of its own. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceAll } from './replace-all.ts'

const FILE = 'deploy/alertmanager/alertmanager.yml'

/** Where alerts go. */
export interface AlertingOptions {
  /** Address of a Slack webhook, for both channels. */
  readonly slackUrl: string
  /** Address that takes PagerDuty's events. */
  readonly pagerDutyUrl: string
  /** `host:port` of a mail server without TLS and passwords. */
  readonly smtp: string
}

/** The text of the file; secrets are written to `folder`. */
export function renderAlertmanager(
  source: string,
  folder: string,
  { slackUrl, pagerDutyUrl, smtp }: AlertingOptions,
): string {
  const secrets = join(folder, 'secrets')
  mkdirSync(secrets, { recursive: true })
  writeFileSync(join(secrets, 'slack-notice-url'), `${slackUrl}/notice`)
  writeFileSync(join(secrets, 'slack-urgent-url'), `${slackUrl}/urgent`)
  writeFileSync(join(secrets, 'pagerduty-routing-key'), 'routing-key')
  return replaceAll(FILE, source, [
    ['smtp.example.com:587', smtp],
    ['  smtp_auth_username: "alerts@example.com"\n', ''],
    ['  smtp_auth_password_file: /etc/alertmanager/secrets/smtp-password\n', ''],
    ['smtp_require_tls: true', 'smtp_require_tls: false'],
    ['https://events.pagerduty.com/v2/enqueue', pagerDutyUrl],
    ['/etc/alertmanager/secrets', secrets],
    ['- "*.tmpl"', `- ${JSON.stringify(join(import.meta.dirname, '../../deploy/alertmanager/*.tmpl'))}`],
    ['group_wait: 30s', 'group_wait: 1s'],
    ['group_interval: 5m', 'group_interval: 2s'],
  ])
}
