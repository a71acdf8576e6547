import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  createNotifier,
  emailChannel,
  functionChannel,
  pagerDutyChannel,
  slackChannel,
  webhookChannel,
} from '../src/index.ts'
import { listenHttpForTest, listenSmtp } from './listeners.ts'
import { notification, NOTIFIED_AT, send } from './notifying.ts'

describe('Slack', () => {
  it('gets the colour of the severity, the values and the runbook', async () => {
    const server = await listenHttpForTest()
    const slack = slackChannel({ SLACK_WEBHOOK_URL: server.url })
    const severities = ['info', 'warning', 'error', 'critical'] as const
    await send(
      [slack],
      severities.map((severity) => notification(severity)),
    )
    const bodies = server.received.map(({ body }) => JSON.parse(body))
    expect(bodies.map(({ attachments }) => attachments[0].color)).toStrictEqual([
      '#36a64f',
      '#ff9500',
      '#ff0000',
      '#8b0000',
    ])
    expect(bodies[2]).toStrictEqual({
      text: '[error] spend firing: 1 alert',
      attachments: [
        {
          color: '#ff0000',
          title: '[error] spend firing: 1 alert',
          text: 'Too much.\nagentel.errors = 12 (threshold 10), model=&lt;m&gt;\nRunbook: https://example.org/spend',
          ts: NOTIFIED_AT / 1000,
        },
      ],
    })
  })
})

describe('PagerDuty', () => {
  it('gets error and critical only, and the incident is closed when nothing of the rule is open', async () => {
    const server = await listenHttpForTest()
    const channel = pagerDutyChannel({ PAGERDUTY_INTEGRATION_KEY: 'k' }, { url: server.url })
    await send(
      [channel],
      [
        notification('info'),
        notification('warning'),
        notification('critical'),
        notification('critical', 'resolved', 1),
        notification('critical', 'resolved', 0),
      ],
    )
    expect(server.received.map(({ body }) => JSON.parse(body))).toStrictEqual([
      {
        routing_key: 'k',
        dedup_key: 'agentel/spend',
        event_action: 'trigger',
        payload: {
          summary: '[critical] spend firing: 1 alert',
          source: hostname(),
          severity: 'critical',
          timestamp: '2026-01-02T00:00:00.000Z',
          component: 'agentel.errors',
          custom_details: {
            text: 'Too much.\nagentel.errors = 12 (threshold 10), model=<m>\nRunbook: https://example.org/spend',
          },
        },
        links: [{ href: 'https://example.org/spend', text: 'Runbook' }],
      },
      { routing_key: 'k', dedup_key: 'agentel/spend', event_action: 'resolve' },
    ])
  })
})

describe('a webhook', () => {
  it('gets the notification as JSON, signed over time and body', async () => {
    const server = await listenHttpForTest()
    const environment = { ALERT_WEBHOOK_URL: server.url, ALERT_WEBHOOK_SECRET: 's3' }
    await send([webhookChannel({ environment, now: () => NOTIFIED_AT })], [notification('info')])
    const [{ headers, body } = { headers: {}, body: '' }] = server.received
    expect(JSON.parse(body)).toStrictEqual(notification('info'))
    const signature = createHmac('sha256', 's3')
      .update(`${NOTIFIED_AT / 1000}.${body}`)
      .digest('hex')
    expect(headers).toMatchObject({
      'x-agentel-timestamp': String(NOTIFIED_AT / 1000),
      'x-agentel-signature': `sha256=${signature}`,
    })
  })
})

describe('e-mail', () => {
  const settings = {
    SMTP_SERVER: '127.0.0.1',
    ALERT_FROM_EMAIL: 'a@example.org',
    ALERT_TO_EMAILS: 'b@example.org, c@example.org',
  }

  it('goes to every address over SMTP, with the password from a file', async () => {
    const server = await listenSmtp()
    onTestFinished(server.close)
    const folder = mkdtempSync(join(tmpdir(), 'alerts-'))
    writeFileSync(join(folder, 'password'), 'hunter2\n')
    const environment = {
      ...settings,
      SMTP_PORT: String(server.port),
      SMTP_USER: 'u',
      SMTP_PASSWORD_FILE: join(folder, 'password'),
    }
    const { results } = await send([emailChannel(environment)], [notification('warning')])
    rmSync(folder, { recursive: true })
    expect(results).toStrictEqual([['email', undefined]])
    expect(server.commands).toContain(`AUTH PLAIN ${Buffer.from('\0u\0hunter2').toString('base64')}`)
    expect(server.commands.filter((line) => line.startsWith('RCPT'))).toStrictEqual([
      'RCPT TO:<b@example.org>',
      'RCPT TO:<c@example.org>',
    ])
    expect(server.mails[0]).toContain('Subject: [warning] spend firing: 1 alert')
    expect(server.mails[0]).toContain('agentel.errors = 12 (threshold 10)')
  })

  it('that is refused for good is not tried again, and the server’s words stay out of the record', async () => {
    const server = await listenSmtp('550 no such user hunter2')
    onTestFinished(server.close)
    const { dead } = await send(
      [emailChannel({ ...settings, SMTP_PORT: String(server.port) })],
      [notification('warning')],
    )
    expect(dead.map(({ attempts, errorType, error }) => [attempts, errorType, error])).toStrictEqual([
      [1, '550', 'the mail server refused or was not reached (550)'],
    ])
  })
})

describe('channels', () => {
  it.each([
    ['SLACK_WEBHOOK_URL', () => slackChannel({})],
    ['PAGERDUTY_INTEGRATION_KEY', () => pagerDutyChannel({})],
    ['ALERT_WEBHOOK_URL', () => webhookChannel({ environment: {} })],
    ['SMTP_SERVER', () => emailChannel({})],
  ])('say that %s is not set', (name, make) => {
    expect(make).toThrow(`${name} is not set; set it, or ${name}_FILE to the file that holds it`)
  })

  it('say which address is wrong, but not what it is', () => {
    expect(() => slackChannel({ SLACK_WEBHOOK_URL: 'hooks/T0/secret' })).toThrow(
      /^SLACK_WEBHOOK_URL is not an http\(s\) address$/,
    )
  })

  it('try again when the server may recover, and give up when it will not', async () => {
    const [flaky, wrong] = [await listenHttpForTest([503, 429]), await listenHttpForTest([403])]
    const { results, dead } = await send(
      [
        slackChannel({ SLACK_WEBHOOK_URL: flaky.url }),
        webhookChannel({ environment: { ALERT_WEBHOOK_URL: wrong.url, ALERT_WEBHOOK_SECRET: 's3' } }),
      ],
      [notification('error')],
    )
    expect(flaky.received).toHaveLength(3)
    expect(wrong.received).toHaveLength(1)
    expect(results.toSorted()).toStrictEqual([
      ['slack', undefined],
      ['webhook', '403'],
    ])
    expect(dead.map(({ channel, attempts, error }) => [channel, attempts, error])).toStrictEqual([
      ['webhook', 1, 'the server answered 403'],
    ])
    expect(JSON.stringify(dead)).not.toContain('secret-path')
  })

  it('that hang, throw or fail never stop the others', async () => {
    const server = await listenHttpForTest(['hang'])
    const seen: string[] = []
    const stuck = functionChannel('stuck', () => new Promise(() => {}))
    const broken = functionChannel('broken', () => {
      throw new TypeError('key abc123')
    })
    const working = functionChannel('working', ({ rule }) => void seen.push(rule))
    const slack = slackChannel({ SLACK_WEBHOOK_URL: server.url })
    const notifier = createNotifier({ channels: [stuck, slack, broken, working], timeout: 20_000, attempts: 1 })
    notifier.notify([notification('error')])
    await expect.poll(() => notifier.deadLetters().length).toBe(1)
    expect(seen).toStrictEqual(['spend'])
    await expect.poll(() => server.received.length).toBe(1)
    await notifier.close()
    expect(
      notifier
        .deadLetters()
        .map(({ channel, errorType, error }) => [channel, errorType, error])
        .toSorted(),
    ).toStrictEqual([
      ['broken', 'TypeError', 'the channel threw TypeError'],
      ['slack', 'timeout', 'no answer in time'],
      ['stuck', 'timeout', 'no answer in time'],
    ])
  })

  it('are told of a storm by its first hundred alerts, and of how many more there are', async () => {
    const server = await listenHttpForTest([])
    const seen: number[] = []
    const { alerts, ...rest } = notification('error')
    const storm = { ...rest, alerts: Array.from({ length: 10_000 }, () => alerts[0]!) }
    const stuck = functionChannel('stuck', ({ alerts: some, omitted }) => {
      seen.push(some.length, omitted ?? 0)
      throw new TypeError('no')
    })
    const { dead } = await send([stuck, slackChannel({ SLACK_WEBHOOK_URL: server.url })], [storm], { attempts: 1 })
    expect(seen).toEqual([100, 9900])
    expect(dead.map(({ notification: { alerts: some, omitted } }) => [some.length, omitted])).toEqual([[100, 9900]])
    expect(server.received[0]?.body).toContain('10000 alerts')
    expect(server.received[0]?.body).toContain('and 9980 more')
  })

  it('are told no more often than allowed, and what is left out is on record', async () => {
    const seen: string[] = []
    const channel = functionChannel('f', ({ rule }) => void seen.push(rule))
    const { dead } = await send(
      [channel],
      Array.from({ length: 10 }, () => notification('info')),
      { perMinute: 4, deadLetterSize: 5 },
    )
    expect(seen).toHaveLength(4)
    expect(dead.map(({ errorType }) => errorType)).toStrictEqual(Array.from({ length: 5 }, () => 'rate_limit'))
  })
})
