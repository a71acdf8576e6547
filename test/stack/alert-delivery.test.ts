/** An alert from its cause to those who are told, and its end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePorts } from '../../scripts/stack/ports.ts'
import { type Stack, startStack } from '../../scripts/stack/start-stack.ts'
import { eventually } from './backends.ts'
import { startDemoDesk } from './demo-traffic.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentel-alerting-'))
const posts: { path: string; body: string }[] = []
const mails: string[] = []
let http: Server
let smtp: TcpServer
let stack: Stack

/** Says yes to everything, and keeps what comes after DATA. */
function mailSink(): TcpServer {
  return createTcpServer((socket) => {
    let mail: string | undefined
    let pending = ''
    socket.write('220 sink\r\n')
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      pending += chunk.toString()
      const lines = pending.split('\r\n')
      pending = lines.pop() ?? ''
      for (const line of lines) {
        if (mail === undefined) {
          if (line.startsWith('DATA')) mail = ''
          socket.write(
            line.startsWith('DATA') ? '354 go on\r\n' : line.startsWith('QUIT') ? '221 bye\r\n' : '250 ok\r\n',
          )
        } else if (line === '.') {
          // Quoted-printable, in lines of 76.
          mails.push(mail.replaceAll('=\n', ''))
          mail = undefined
          socket.write('250 kept\r\n')
        } else mail += `${line}\n`
      }
    })
  })
}

beforeAll(async () => {
  http = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    posts.push({ path: request.url ?? '', body })
    response.writeHead(request.url === '/pagerduty' ? 202 : 200).end('ok')
  }).listen(0, '127.0.0.1')
  smtp = mailSink().listen(0, '127.0.0.1')
  await Promise.all([once(http, 'listening'), once(smtp, 'listening')])
  const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  stack = await startStack({
    folder,
    ports: await freePorts(),
    interval: '1s',
    collectorEnv: { OTELCOL_BATCH_TIMEOUT: '200ms' },
    alerting: {
      slackUrl: `${address}/slack`,
      pagerDutyUrl: `${address}/pagerduty`,
      smtp: `127.0.0.1:${(smtp.address() as AddressInfo).port}`,
    },
    // A window of minutes would have the test wait for minutes.
    ruleWindow: '20s',
  })
})
afterAll(async () => {
  await stack?.stop()
  http.close()
  smtp.close()
  rmSync(folder, { recursive: true, force: true })
})

const sent = (path: string, ...words: string[]): boolean =>
  posts.some((post) => post.path === path && words.every((word) => post.body.includes(word)))
const mailed = (...words: string[]): boolean => mails.some((mail) => words.every((word) => mail.includes(word)))

it('reaches Slack, PagerDuty and the mailbox when the demo fails, and again when it no longer does', async () => {
  const env = { OTEL_METRIC_EXPORT_INTERVAL: '1000', OTEL_METRIC_EXPORT_TIMEOUT: '900' }
  const demo = await startDemoDesk(stack.urls.otlp, env, { fault: { kind: 'tool-outage', after: 6 } })
  try {
    await demo.askUpTo(6)
    await new Promise((resolve) => setTimeout(resolve, 4000))
    await demo.askUpTo(60)
    const told = (): Promise<boolean[]> =>
      Promise.resolve([
        sent('/slack/urgent', 'error: errors-many', '#ff0000'),
        sent('/pagerduty', '"event_action":"trigger"', 'errors-many', '"routing_key":"routing-key"'),
        mailed('Subject: error: errors-many', 'docs/runbooks/errors-many.md'),
      ])
    expect(await eventually(told, (all) => all.every(Boolean))).toEqual([true, true, true])
    const untold = (): Promise<boolean[]> =>
      Promise.resolve([
        sent('/slack/urgent', 'Resolved: errors-many', '#36a64f'),
        sent('/pagerduty', '"event_action":"resolve"', 'errors-many'),
        mailed('Subject: Resolved: errors-many'),
      ])
    expect(await eventually(untold, (all) => all.every(Boolean), 120_000)).toEqual([true, true, true])
  } finally {
    await demo.stop()
  }
})
