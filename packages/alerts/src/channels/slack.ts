import type { Channel } from '../channel.ts'
import { bodyOf, titleOf } from '../notification-text.ts'
import type { Severity } from '../rule.ts'
import { type Environment, needSecret } from '../secret.ts'
import { checkUrl, post } from './post.ts'

const colours: Readonly<Record<Severity, string>> = {
  info: '#36a64f',
  warning: '#ff9500',
  error: '#ff0000',
  critical: '#8b0000',
}

/**
 * A Slack channel, by the incoming webhook of `SLACK_WEBHOOK_URL` (or `SLACK_WEBHOOK_URL_FILE`).
 * @throws ChannelError when it is not set or is no address.
 */
export function slackChannel(environment: Environment = process.env): Channel {
  const url = checkUrl('SLACK_WEBHOOK_URL', needSecret('SLACK_WEBHOOK_URL', environment))
  return {
    name: 'slack',
    send(notification, signal) {
      const title = titleOf(notification)
      const color = notification.status === 'resolved' ? colours.info : colours[notification.severity]
      const attachment = {
        color,
        title,
        text: escapeText(bodyOf(notification)),
        ts: Math.floor(notification.at / 1000),
      }
      return post(url, JSON.stringify({ text: title, attachments: [attachment] }), signal)
    },
  }
}

/** A label must not become a link or call everybody. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
