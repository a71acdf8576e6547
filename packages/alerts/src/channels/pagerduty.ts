import { hostname } from 'node:os'
import type { Channel } from '../channel.ts'
import { bodyOf, titleOf } from '../notification-text.ts'
import { type Environment, needSecret } from '../secret.ts'
import { checkUrl, post } from './post.ts'

/** Where PagerDuty listens; another one for the EU or a test. */
export interface PagerDutyOptions {
  readonly url?: string
}

/**
 * PagerDuty's Events API v2, by the key of `PAGERDUTY_INTEGRATION_KEY` (or `…_FILE`). Told of error and critical only.
 * The dedup key is the rule's name, the same in all replicas; the incident is closed when no alert of the rule is open.
 * @throws ChannelError when the key is not set.
 */
export function pagerDutyChannel(environment: Environment = process.env, options: PagerDutyOptions = {}): Channel {
  const key = needSecret('PAGERDUTY_INTEGRATION_KEY', environment)
  const url = checkUrl('url', options.url ?? 'https://events.pagerduty.com/v2/enqueue')
  return {
    name: 'pagerduty',
    severities: ['error', 'critical'],
    send(notification, signal) {
      const { rule, severity, status, alerts, open, at } = notification
      const about = { routing_key: key, dedup_key: `agentel/${rule}` }
      if (status === 'resolved')
        return open > 0 ? undefined : post(url, JSON.stringify({ ...about, event_action: 'resolve' }), signal)
      const runbook = alerts[0]?.runbook
      const event = {
        ...about,
        event_action: 'trigger',
        payload: {
          summary: titleOf(notification),
          source: hostname(),
          severity,
          timestamp: new Date(at).toISOString(),
          component: alerts[0]?.source,
          custom_details: { text: bodyOf(notification) },
        },
        ...(runbook === undefined ? undefined : { links: [{ href: runbook, text: 'Runbook' }] }),
      }
      return post(url, JSON.stringify(event), signal)
    },
  }
}
