import { createHmac } from 'node:crypto'
import type { Channel } from '../channel.ts'
import { type Environment, needSecret } from '../secret.ts'
import { checkUrl, post } from './post.ts'

/** How a webhook is called. */
export interface WebhookOptions {
  readonly name?: string
  readonly environment?: Environment
  /** The clock of the signature, milliseconds since the epoch. */
  readonly now?: () => number
}

/**
 * Posts every notification as JSON to `ALERT_WEBHOOK_URL`, signed with `ALERT_WEBHOOK_SECRET` (each also as `…_FILE`):
 * `x-agentel-timestamp` holds seconds since the epoch, `x-agentel-signature` is `sha256=` and the hex HMAC-SHA256 of
 * `<timestamp>.<body>`.
 * @throws ChannelError when one of them is not set.
 */
export function webhookChannel(options: WebhookOptions = {}): Channel {
  const { name = 'webhook', environment = process.env, now = Date.now } = options
  const url = checkUrl('ALERT_WEBHOOK_URL', needSecret('ALERT_WEBHOOK_URL', environment))
  const secret = needSecret('ALERT_WEBHOOK_SECRET', environment)
  return {
    name,
    send(notification, signal) {
      const body = JSON.stringify(notification)
      const timestamp = String(Math.floor(now() / 1000))
      const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
      return post(url, body, signal, {
        'x-agentel-timestamp': timestamp,
        'x-agentel-signature': `sha256=${signature}`,
      })
    },
  }
}
