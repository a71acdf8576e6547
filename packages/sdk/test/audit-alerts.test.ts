import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAuditReader } from '@agentel/audit'
import { openAlertStore } from '@agentel/alerts'
import { agent, lossCounts, recordFeedback, task, withIdentity } from '@agentel/api'
import { metrics } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Agentel, startAgentel } from '../src/index.ts'
import { rulesOf } from '../src/process-alerts.ts'
import { resolveConfig } from '../src/settings.ts'
import { listenHttp } from '../../alerts/test/listeners.ts'
import { startOtlpSink } from './otlp-sink.ts'

let folder: string
let agentel: Agentel | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-sdk-audit-'))
  for (const signal of ['TRACES', 'METRICS', 'LOGS']) vi.stubEnv(`OTEL_${signal}_EXPORTER`, 'none')
})
afterEach(async () => {
  await agentel?.shutdown()
  agentel = undefined
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

it('audits the events of agents when a file is named, redacted, and they are on disk after a flush', async () => {
  const file = join(folder, 'audit.db')
  vi.stubEnv('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', 'SPAN_AND_EVENT')
  agentel = startAgentel({ audit: { file } })
  withIdentity({ userId: 'u1', sessionId: 's1' }, () =>
    task({ name: 'mail', parameters: { to: 'ada@example.org' } }, () => 'sent'),
  )
  expect(await agentel.forceFlush()).toBe(true)
  const reader = openAuditReader(file)
  const rows = reader.query({ user: 'u1' })
  expect(rows.map(({ event, session }) => [event, session]).toSorted()).toEqual([
    ['agentel.task.completed', 's1'],
    ['agentel.task.started', 's1'],
  ])
  expect(JSON.stringify(rows)).not.toContain('ada@example.org')
  expect(reader.verify()).toMatchObject({ ok: true, rows: 2 })
  reader.close()
})

it('has events of a severity that is declared durable on disk before the application goes on', () => {
  const file = join(folder, 'audit.db')
  agentel = startAgentel({ audit: { file, durableFrom: 'warn' } })
  recordFeedback({ rating: 1 })
  const reader = openAuditReader(file)
  expect(reader.query().map(({ event }) => event)).toEqual(['agentel.feedback.low_rating', 'gen_ai.evaluation.result'])
  reader.close()
})

it('counts what the audit log did not take among the losses, and says so to a process without a diag logger', async () => {
  const file = join(folder, 'audit.db')
  writeFileSync(file, 'this is no database, but a text that somebody keeps in this place '.repeat(50))
  vi.stubEnv('OTEL_METRICS_EXPORTER', undefined)
  const sink = await startOtlpSink()
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', sink.url)
  vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json')
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const before = lossCounts()['audit'] ?? 0
  agentel = startAgentel({ audit: { file } })
  task({ name: 'mail' }, () => 'sent')
  await agentel.forceFlush()
  await agentel.forceFlush()
  expect(warned.mock.calls).toEqual([
    [expect.stringContaining('has stopped: file is not a database'), { code: 'AGENTEL_AUDIT' }],
  ])
  warned.mockRestore()
  const last = sink.received.findLast(({ path }) => path === '/v1/metrics')
  const text = last?.body.toString() ?? ''
  const dropped = JSON.parse(text)
    .resourceMetrics.flatMap(({ scopeMetrics }: { scopeMetrics: { metrics: { name: string }[] }[] }) =>
      scopeMetrics.flatMap(({ metrics: all }) => all),
    )
    .find(({ name }: { name: string }) => name === 'agentel.self.dropped')
  expect(dropped.sum.dataPoints).toContainEqual(
    expect.objectContaining({
      asDouble: before + 2,
      attributes: [{ key: 'agentel.component.name', value: { stringValue: 'audit' } }],
    }),
  )
  await sink.close()
})

it('audits nothing and evaluates nothing unless it is told to', async () => {
  agentel = startAgentel()
  task({ name: 'mail' }, () => 'sent')
  await agentel.forceFlush()
  expect(existsSync(join(folder, 'audit.db'))).toBe(false)
})

it('evaluates alert rules over the metrics of the process, tells the channels of the environment, and remembers', async () => {
  const hook = await listenHttp()
  vi.stubEnv('ALERT_WEBHOOK_URL', hook.url)
  vi.stubEnv('ALERT_WEBHOOK_SECRET', 'a secret of some length')
  const [rules, store] = [join(folder, 'rules.yaml'), join(folder, 'alerts.db')]
  writeFileSync(
    rules,
    'rules: [{name: own, signal: agentel.queue.depth, aggregation: average, window: 5m, above: 10, severity: error}]',
  )
  agentel = startAgentel({ alerts: { enabled: true, rules, store, intervalMs: 100 } })
  metrics.getMeter('app').createGauge('agentel.queue.depth').record(11)
  await vi.waitFor(() => expect(hook.received).toHaveLength(1), { timeout: 10_000 })
  expect(JSON.parse(hook.received[0]!.body)).toMatchObject({ rule: 'own', status: 'firing', alerts: [{ value: 11 }] })
  await agentel.shutdown()
  const kept = openAlertStore({ file: store })
  expect(kept.load().watches).toMatchObject([{ id: 'own', told: true, alert: { state: 'active' } }])
  kept.close()
  await hook.close()
})

it.each([
  ['of no profile', {}, 0.05],
  ['of development', { AGENTEL_PROFILE: 'development' }, 0.1],
  ['of staging', { AGENTEL_PROFILE: 'staging' }, 0.1],
  ['of production', { AGENTEL_PROFILE: 'production' }, 0.05],
  ['that is configured', { AGENTEL_PROFILE: 'production', AGENTEL_ALERTS_ERROR_RATE: '0.2' }, 0.2],
])('lets the standard rule fire above the share of failed calls %s', (_which, env, above) => {
  const rule = rulesOf(resolveConfig({}, env)).find(({ name }) => name === 'error-rate')
  expect(rule).toMatchObject({ above, summary: `More than ${above * 100} % of the model calls fail, for 5 minutes.` })
})

it("leaves the application's own rule of the standard one's name as it is", () => {
  const rules = join(folder, 'rules.yaml')
  writeFileSync(
    rules,
    'rules: [{name: error-rate, signal: agentel.errors, aggregation: increase, window: 5m, above: 3, severity: error}]',
  )
  const own = rulesOf(resolveConfig({ alerts: { rules, errorRate: 0.2 } }, {}))
  expect(own.find(({ name }) => name === 'error-rate')).toMatchObject({ above: 3 })
})

it('tells of a low rating by a standard rule', async () => {
  const hook = await listenHttp()
  vi.stubEnv('ALERT_WEBHOOK_URL', hook.url)
  vi.stubEnv('ALERT_WEBHOOK_SECRET', 'a secret of some length')
  agentel = startAgentel({ alerts: { enabled: true, intervalMs: 100 } })
  agent('helper', () => [4, 5].forEach((rating) => recordFeedback({ rating })))
  agent('writer', () => recordFeedback({ rating: 2 }))
  await vi.waitFor(() => expect(hook.received).toHaveLength(1), { timeout: 10_000 })
  expect(JSON.parse(hook.received[0]!.body)).toMatchObject({
    rule: 'rating-low',
    status: 'firing',
    alerts: [{ value: 1, labels: { 'gen_ai.agent.name': 'writer' } }],
  })
  await hook.close()
})

it('stops the start for wrong rules and for a channel that lacks something', () => {
  const rules = join(folder, 'rules.yaml')
  writeFileSync(rules, 'rules: [{name: own}]')
  expect(() => startAgentel({ alerts: { enabled: true, rules } })).toThrow(/alerts\.rules: .*rules\.yaml is not a file/)
  vi.stubEnv('ALERT_WEBHOOK_URL', 'https://example.org')
  expect(() => startAgentel({ alerts: { enabled: true } })).toThrow('ALERT_WEBHOOK_SECRET is not set')
})
