import { describe, expect, it, onTestFinished } from 'vitest'
import { createNotifier, emailChannel, functionChannel, slackChannel, webhookChannel } from '../src/index.ts'
import { listenHttpForTest, listenSlowSmtp } from './listeners.ts'
import { notification, send } from './notifying.ts'

describe('channels', () => {
  it('follow no redirect, and do not wait for an answer without an end', async () => {
    const [moved, endless] = [await listenHttpForTest([302]), await listenHttpForTest([299])]
    const { results, dead } = await send(
      [
        slackChannel({ SLACK_WEBHOOK_URL: moved.url }),
        webhookChannel({ environment: { ALERT_WEBHOOK_URL: endless.url, ALERT_WEBHOOK_SECRET: 's3' } }),
      ],
      [notification('error')],
    )
    expect(moved.received).toHaveLength(1)
    expect(results.toSorted()).toStrictEqual([
      ['slack', '302'],
      ['webhook', undefined],
    ])
    expect(dead[0]?.error).toBe('the server answered 302: it is elsewhere, and redirects are not followed')
  })

  it('leave no connection to a mail server that never comes to an end', async () => {
    const server = await listenSlowSmtp()
    onTestFinished(server.close)
    const environment = {
      SMTP_SERVER: '127.0.0.1',
      SMTP_PORT: String(server.port),
      ALERT_FROM_EMAIL: 'a@example.org',
      ALERT_TO_EMAILS: 'b@example.org',
    }
    const { dead } = await send([emailChannel(environment)], [notification('error')], { timeout: 200, attempts: 2 })
    expect(dead.map(({ attempts, errorType }) => [attempts, errorType])).toStrictEqual([[2, 'timeout']])
    await expect.poll(() => server.open()).toBe(0)
  })

  it('are told again as soon as before when the clock was set back', async () => {
    let clock = 10_000_000
    const seen: string[] = []
    const channel = functionChannel('f', ({ rule }) => void seen.push(rule))
    const notifier = createNotifier({ channels: [channel], perMinute: 1, now: () => clock })
    notifier.notify([notification('info')])
    clock -= 3_600_000
    notifier.notify([notification('info')])
    await notifier.flush()
    expect(seen).toHaveLength(2)
    await notifier.close()
  })

  it('cut a label that is too long for them', async () => {
    const server = await listenHttpForTest()
    const { alerts, ...rest } = notification('error')
    const long = { ...rest, alerts: [{ ...alerts[0]!, labels: { model: 'm'.repeat(100_000) } }] }
    await send([slackChannel({ SLACK_WEBHOOK_URL: server.url })], [long])
    expect(server.received[0]?.body).toContain(`model=${'m'.repeat(200)}…`)
    expect(server.received[0]?.body.length).toBeLessThan(1000)
  })
})
