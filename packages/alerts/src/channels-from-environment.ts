import type { Channel } from './channel.ts'
import { emailChannel } from './channels/email.ts'
import { pagerDutyChannel } from './channels/pagerduty.ts'
import { slackChannel } from './channels/slack.ts'
import { webhookChannel } from './channels/webhook.ts'
import type { Environment } from './secret.ts'

const MAKERS: readonly (readonly [variable: string, make: (environment: Environment) => Channel])[] = [
  ['SMTP_SERVER', emailChannel],
  ['SLACK_WEBHOOK_URL', slackChannel],
  ['PAGERDUTY_INTEGRATION_KEY', pagerDutyChannel],
  ['ALERT_WEBHOOK_URL', (environment) => webhookChannel({ environment })],
]

/**
 * The channels that the environment names: e-mail by `SMTP_SERVER`, Slack by `SLACK_WEBHOOK_URL`, PagerDuty by
 * `PAGERDUTY_INTEGRATION_KEY`, a webhook by `ALERT_WEBHOOK_URL`; each also by a file, `…_FILE`.
 * @throws ChannelError when one is named and what else it needs is not there.
 */
export function channelsFromEnvironment(environment: Environment = process.env): Channel[] {
  const isSet = (variable: string): boolean => Boolean(environment[variable] || environment[`${variable}_FILE`])
  return MAKERS.filter(([variable]) => isSet(variable)).map(([, make]) => make(environment))
}
