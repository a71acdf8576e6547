import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  AlertHistory,
  AlertList,
  AlertRuleList,
  AuditList,
  AuditTotals,
  AuditVerification,
  IncidentReport,
  LogList,
} from '../src/index.ts'
import { openStoreFile } from '../src/read-store.ts'
import { type ConsoleFixture, startFixture } from './console-fixture.ts'
import { keyValues, logRequest, spanId, traceRequest } from './otlp-json.ts'

const RULES = `
rules:
  - name: queue-long
    summary: Work piles up.
    signal: agentel.queue.depth
    aggregation: average
    groupBy: [agentel.queue.name, service.name]
    window: 5m
    above: 100
    severity: error
    runbook: https://example.org/queue
  - name: errors-some
    signal: agentel.errors
    aggregation: increase
    window: 5m
    above: 2
    severity: warning
`

let folder: string
let fixture: ConsoleFixture

async function start(): Promise<ConsoleFixture> {
  const dataFile = join(folder, 'console.db')
  return startFixture({ dataFile, alertRules: join(folder, 'rules.yaml'), alertInterval: 50 })
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-alerts-api-'))
  writeFileSync(join(folder, 'rules.yaml'), RULES)
  fixture = await start()
})
afterEach(async () => {
  await fixture.stop()
  rmSync(folder, { recursive: true })
})

const nanos = (millis: number): string => `${BigInt(Math.round(millis)) * 1_000_000n}`

function metricRequest(name: string, data: object, service = 'desk'): object {
  return {
    resourceMetrics: [
      {
        resource: { attributes: keyValues({ 'service.name': service }) },
        scopeMetrics: [{ scope: { name: 'test' }, metrics: [{ name, ...data }] }],
      },
    ],
  }
}

const depth = (value: number): object =>
  metricRequest('agentel.queue.depth', {
    gauge: {
      dataPoints: [
        { timeUnixNano: nanos(Date.now()), asDouble: value, attributes: keyValues({ 'agentel.queue.name': 'mail' }) },
      ],
    },
  })

const ID = 'queue-long{agentel.queue.name="mail",service.name="desk"}'

async function post<T>(path: string, body: object, headers: Record<string, string> = {}): Promise<[number, T]> {
  const response = await fetch(fixture.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return [response.status, (await response.json()) as T]
}

const ours = (list: AlertList) => list.alerts.filter(({ rule }) => rule === 'queue-long')

describe('alerts in the console', () => {
  it('are found in the metrics that it receives, and acknowledged, silenced and resolved by people', async () => {
    await fixture.send('metrics', depth(500))
    const open = await fixture.until<AlertList>('/api/alerts', (list) => ours(list).length === 1)
    expect(ours(open)[0]).toEqual({
      id: ID,
      rule: 'queue-long',
      severity: 'error',
      summary: 'Work piles up.',
      runbook: 'https://example.org/queue',
      labels: { 'agentel.queue.name': 'mail', 'service.name': 'desk' },
      state: 'active',
      value: 500,
      threshold: 100,
      source: 'agentel.queue.depth',
      startedAt: expect.any(Number),
      changedAt: expect.any(Number),
    })
    expect(open.evaluator).toMatchObject({ interval: 50, channels: [], rulesFile: join(folder, 'rules.yaml') })

    expect(await post('/api/alerts/acknowledge', { id: ID, by: 'ada' })).toEqual([200, { done: true }])
    expect(await post('/api/alerts/acknowledge', { id: ID, by: 'ada' })).toEqual([200, { done: false }])
    const until = Date.now() + 60_000
    const [, silence] = await post<{ id: string }>('/api/alerts/silences', { rule: 'queue-long', until, by: 'ada' })
    expect((await fixture.get<AlertList>('/api/alerts')).silences).toEqual([
      { id: silence.id, rule: 'queue-long', until, by: 'ada' },
    ])
    expect(await post('/api/alerts/silences/end', { id: silence.id, by: 'ada' })).toEqual([200, { done: true }])
    await fixture.send('metrics', depth(0))
    await fixture.send('metrics', depth(0))
    expect(await post('/api/alerts/resolve', { id: ID, by: 'grace' })).toEqual([200, { done: true }])
    const history = await fixture.get<AlertHistory>(`/api/alerts/history?id=${encodeURIComponent(ID)}`)
    expect(
      history.changes
        .map(({ alert, actor }) => [alert.state, actor])
        .toReversed()
        .slice(0, 3),
    ).toEqual([
      ['active', 'evaluator'],
      ['acknowledged', 'ada'],
      ['resolved', 'grace'],
    ])
  })

  it('are over differences as over totals: a counter of either temporality', async () => {
    const now = Date.now()
    const sum = (temporality: number, points: [number, number][]) => ({
      sum: {
        aggregationTemporality: temporality,
        isMonotonic: true,
        dataPoints: points.map(([age, value]) => ({
          startTimeUnixNano: nanos(now - 120_000),
          timeUnixNano: nanos(now - age),
          asInt: String(value),
        })),
      },
    })
    await fixture.send(
      'metrics',
      metricRequest(
        'agentel.errors',
        sum(1, [
          [3000, 1],
          [2000, 2],
        ]),
        'differences',
      ),
    )
    await fixture.send(
      'metrics',
      metricRequest(
        'agentel.errors',
        sum(2, [
          [3000, 2],
          [2000, 4],
        ]),
        'totals',
      ),
    )
    const { alerts } = await fixture.until<AlertList>('/api/alerts', (list) =>
      list.alerts.some(({ rule, value }) => rule === 'errors-some' && value === 7),
    )
    expect(alerts.find(({ rule }) => rule === 'errors-some')?.value).toBe(7)
  })

  it('survive a restart of the console, with what people did', async () => {
    await fixture.send('metrics', depth(500))
    await fixture.until<AlertList>('/api/alerts', (list) => ours(list).length === 1)
    await post('/api/alerts/acknowledge', { id: ID, by: 'ada' })
    await fixture.console.stop()
    const file = openStoreFile(fixture.dataFile)
    expect(ours(file.answer('/api/alerts') as AlertList)[0]?.acknowledged?.by).toBe('ada')
    file.close()
    fixture = await start()
    expect(ours(await fixture.get<AlertList>('/api/alerts'))[0]).toMatchObject({ id: ID, state: 'acknowledged' })
  })

  it('are log records too, and what people do is in the audit log, whose chain is whole', async () => {
    expect(await fixture.get('/api/audit')).toEqual({ file: null, entries: [], nextCursor: null })
    await fixture.send('metrics', depth(500))
    await fixture.until<AlertList>('/api/alerts', (list) => ours(list).length === 1)
    await post('/api/alerts/acknowledge', { id: ID, by: 'ada' })
    const logs = await fixture.until<LogList>(
      '/api/logs?event=agentel.alert.state_changed',
      ({ logs: records }) => records.length >= 2,
    )
    expect(logs.logs.map(({ attributes }) => attributes['agentel.alert.state']).toSorted()).toEqual([
      'acknowledged',
      'active',
    ])
    const { entries } = await fixture.until<AuditList>('/api/audit', (list) => list.entries.length === 1)
    expect(entries[0]).toMatchObject({
      event: 'agentel.alert.state_changed',
      attributes: { actor: 'ada', alert: ID, rule: 'queue-long', state: 'acknowledged', value: 500, threshold: 100 },
    })
    // A page begins after the last row of the one before: what is written meanwhile changes neither.
    const first = await fixture.get<AuditList>('/api/audit?limit=1')
    expect(first.nextCursor).toBe(`${first.entries[0]!.time}-${first.entries[0]!.sequence}`)
    await post('/api/alerts/silences', { rule: 'queue-long', until: Date.now() + 60_000, by: 'bob' })
    await post('/api/alerts/resolve', { id: ID, by: 'bob' })
    const all = await fixture.until<AuditList>('/api/audit', (list) => list.entries.length === 3)
    const [newest, ...older] = all.entries
    const page = await fixture.get<AuditList>(`/api/audit?limit=1&cursor=${newest!.time}-${newest!.sequence}`)
    expect(page.entries).toEqual(older.slice(0, 1))
    const last = await fixture.get<AuditList>(`/api/audit?cursor=${first.nextCursor}`)
    expect(last).toEqual({ file: first.file, entries: [], nextCursor: null })
    expect((await fetch(`${fixture.url}/api/audit?cursor=1`)).status).toBe(400)
    expect(await fixture.get<AuditTotals>('/api/audit/summary?event=agentel.alert.state_changed')).toMatchObject({
      total: all.entries.filter(({ event }) => event === 'agentel.alert.state_changed').length,
    })
    expect((await fixture.get<AuditVerification>('/api/audit/verify')).verification).toMatchObject({
      ok: true,
      rows: all.entries.length,
    })
  })

  it('have a report: what led to it, which runs failed, what was done', async () => {
    await fixture.send(
      'traces',
      traceRequest([
        {
          spanId: spanId(1),
          name: 'invoke_agent desk',
          start: Date.now() - 60_000 - (Date.now() - 1_800_000),
          error: 'the [queue](http://evil) is full',
          attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'desk' },
        },
      ]),
    )
    const warning = {
      timeUnixNano: nanos(Date.now() - 30_000),
      severityNumber: 13,
      eventName: 'agentel.security.event',
      body: { stringValue: 'refused' },
    }
    await fixture.send('logs', logRequest([warning]))
    await fixture.send('metrics', depth(500))
    await fixture.until<AlertList>('/api/alerts', (list) => ours(list).length === 1)
    await post('/api/alerts/acknowledge', { id: ID, by: 'ada' })
    const { markdown } = await fixture.until<IncidentReport>(
      `/api/alerts/incident?id=${encodeURIComponent(ID)}`,
      (report) => report.markdown.includes('0af7651916cd43dd8448eb211c80319c'),
    )
    expect(markdown).toMatch(/^# queue-long: error\n\nWork piles up\.\n/)
    expect(markdown).toContain('agentel.security.event: refused')
    expect(markdown).toContain('the \\[queue\\](http://evil) is full')
    expect(markdown).toMatch(/## Actions taken\n\n- \S+ ada: acknowledged\n/)
    expect(markdown.indexOf('failed: ')).toBeLessThan(markdown.indexOf('alert active'))
  })

  it('take no orders from another site, nor what makes no sense', async () => {
    const foreign = await post('/api/alerts/resolve', { id: ID, by: 'x' }, { origin: 'http://evil.example' })
    expect(foreign[0]).toBe(403)
    const wrong: [string, object, RegExp][] = [
      ['/api/alerts/resolve', { id: ID }, /^by: /],
      ['/api/alerts/silences', { until: 5, by: 'ada' }, /^until: /],
      ['/api/alerts/silences', { until: Date.now() + 1e6, by: 'ada', labels: ['a'] }, /^labels: /],
      ['/api/alerts/acknowledge', [1], /not an object/],
    ]
    for (const [path, body, message] of wrong) {
      const [status, answer] = await post<{ error: { message: string } }>(path, body)
      expect([status, answer.error.message]).toEqual([400, expect.stringMatching(message)])
    }
    expect((await fixture.get<AlertRuleList>('/api/alerts/rules')).rules.length).toBeGreaterThan(20)
  })
})
