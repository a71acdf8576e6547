import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync } from 'node:zlib'
import { openAuditLog } from '@agentel/audit'
import { startConsole } from '@agentel/console'
import { createBudgets } from '@agentel/processor-cost'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCli } from './run-cli.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-cli-audit-'))
  file = join(folder, 'audit.db')
  const log = openAuditLog({ file })
  for (let n = 0; n < 30; n++)
    log.append({
      event: n % 3 === 0 ? 'agentel.security.event' : 'agentel.tool.called',
      severity: n % 3 === 0 ? 17 : 9,
      agent: 'clerk',
      user: `user-${n % 2}`,
      time: Date.now() - (30 - n) * 86_400_000,
      attributes: { n },
    })
  await log.flush()
  await log.close()
})
afterEach(() => rmSync(folder, { recursive: true }))

const audit = (...args: string[]) => runCli(['audit', ...args, '--file', file])

describe('agentel audit', () => {
  it('lists entries by several values, age, severity, limit and offset, the newest first', async () => {
    const found = await audit('query', '--user', 'user-0,user-1', '--severity', 'error', '--since', '10d', '--json')
    expect(JSON.parse(found.stdout).map(({ attributes }: { attributes: { n: number } }) => attributes.n)).toEqual([
      27, 24, 21,
    ])
    const page = await audit('query', '--limit', '2', '--offset', '1')
    expect(
      page.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.trim().split(/ +/)[0]),
    ).toEqual(['row', '29', '28'])
    expect((await audit('query', '--severity', 'grave')).code).toBe(2)
  })

  it('counts by event, agent and severity', async () => {
    expect(JSON.parse((await audit('summary', '--json')).stdout)).toEqual({
      total: 30,
      byEvent: { 'agentel.security.event': 10, 'agentel.tool.called': 20 },
      byAgent: { clerk: 30 },
      bySeverity: { 9: 20, 17: 10 },
    })
  })

  it('says that the chain is whole, and which row was changed, with an exit code for scripts', async () => {
    const whole = await audit('verify')
    expect([whole.code, whole.stdout]).toEqual([
      0,
      expect.stringMatching(/^The chain is whole: 30 rows\.\nEnd: 30:[0-9a-f]{64}\n$/),
    ])
    const end = /End: (\S+)/.exec(whole.stdout)![1]!
    const db = new DatabaseSync(file)
    db.exec(`UPDATE entries SET agent = 'nobody' WHERE sequence = 7`)
    db.close()
    const broken = await audit('verify', '--expect', end)
    expect([broken.code, broken.stdout]).toEqual([1, expect.stringMatching(/^changed .*7/)])
  })

  it('shows by the end that somebody kept that the log was put back to an older state', async () => {
    const older = join(folder, 'older.db')
    copyFileSync(file, older)
    const log = openAuditLog({ file })
    log.append({ event: 'agentel.tool.called', severity: 9 })
    await log.flush()
    await log.close()
    const end = /End: (\S+)/.exec((await audit('verify')).stdout)![1]!
    const verify = (...args: string[]) => runCli(['audit', 'verify', '--file', older, ...args])
    expect((await verify()).code).toBe(0)
    const put = await verify('--expect', end)
    expect([put.code, put.stdout]).toEqual([1, expect.stringContaining('The chain is broken')])
    expect((await verify('--expect', 'the end')).code).toBe(2)
  })

  it('exports each entry once over several pages', async () => {
    const log = openAuditLog({ file, maxWaiting: 20_000 })
    for (let n = 0; n < 10_000; n++) log.append({ event: 'agentel.tool.called', time: 1000 + (n % 3) })
    await log.close()
    const rows = (await audit('export')).stdout.trimEnd().split('\n')
    const sequences = rows.map((row) => (JSON.parse(row) as { sequence: number }).sequence)
    expect(sequences.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10_030 }, (_, n) => n + 1))
  })

  it('exports JSON lines and an archive that verifies, and takes old entries away', async () => {
    expect((await audit('export')).stdout.trimEnd().split('\n')).toHaveLength(30)
    const archive = join(folder, 'old.db.gz')
    expect((await audit('export', '--archive', archive)).stdout).toBe(`30 rows are in ${archive}.\n`)
    expect((await audit('prune', '--before', '10d')).stdout).toMatch(/^2[01] rows were taken away/)
    expect((await audit('verify')).code).toBe(0)
    expect((await runCli(['audit', 'verify', '--file', archive])).stdout).toContain('whole: 30 rows')
    expect(await runCli(['audit', 'verify', '--file', 'no.db'])).toMatchObject({
      code: 1,
      stderr: /no\.db is not there/,
    })
  })
})

describe('agentel forget', () => {
  it('leaves no byte of the user in console, audit log, archive and budgets, and says what was done', async () => {
    const user = 'user-1'
    const archive = join(folder, 'old.db.gz')
    await audit('export', '--archive', archive)
    const spend = join(folder, 'budgets.db')
    const budgets = createBudgets({ file: spend, budgets: [{ name: 'daily', scope: 'user', period: 'day', cost: 1 }] })
    await budgets.close()
    const made = new DatabaseSync(spend)
    made.prepare('INSERT INTO spend VALUES(?, ?, ?, ?)').run('daily', user, 1, 0.5)
    made.close()
    const running = await startConsole({ port: 0, grpcPort: false, dataFile: join(folder, 'console.db') })
    const span = {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      name: 'work',
      kind: 1,
      startTimeUnixNano: `${Date.now()}000000`,
      endTimeUnixNano: `${Date.now()}000000`,
      attributes: [{ key: 'user.id', value: { stringValue: user } }],
    }
    await fetch(`${running.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
    })
    const found = await runCli(
      ['forget', '--user', user, '--url', running.url, '--audit', file, '--archives', join(folder, '*.gz'), '--json'],
      { AGENTEL_BUDGETS_STORE: spend },
    )
    await running.stop()
    expect([found.code, found.stderr]).toEqual([0, ''])
    const { places } = JSON.parse(found.stdout) as { places: { where: string; what: string }[] }
    expect(places.map(({ where, what }) => [where, what.split(',')[0]])).toEqual([
      [running.url, '1 traces'],
      [file, '15 rows erased'],
      [archive, '15 rows erased'],
      [spend, '1 amounts deleted'],
    ])
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name))
      expect([name, (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).includes(user)]).toEqual([name, false])
    }
    expect((await audit('verify')).stdout).toContain('31 rows, 15 of them erased')
  })

  it('does nothing when the console does not answer', async () => {
    const found = await runCli(['forget', '--user', 'user-1', '--url', 'http://127.0.0.1:1', '--audit', file])
    expect(found).toMatchObject({ code: 1, stderr: expect.stringContaining('no console answers') })
    expect((await audit('verify')).stdout).toContain('30 rows.')
  })
})

describe('agentel alerts and rules', () => {
  it('lists open alerts of the console, acknowledges, silences, resolves and reports', async () => {
    const rules = join(folder, 'rules.yaml')
    writeFileSync(
      rules,
      'rules: [{name: own, summary: Too long., signal: agentel.queue.depth, aggregation: average, window: 5m, above: 10, severity: error}]',
    )
    const dataFile = join(folder, 'console.db')
    const running = await startConsole({ port: 0, grpcPort: false, dataFile, alertRules: rules, alertInterval: 50 })
    const point = { timeUnixNano: `${Date.now()}000000`, asDouble: 20 }
    const metrics = [{ name: 'agentel.queue.depth', gauge: { dataPoints: [point] } }]
    await fetch(`${running.url}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
    })
    const alerts = (...args: string[]) => runCli(['alerts', ...args, '--url', running.url])
    await vi.waitFor(async () => expect((await fetch(`${running.url}/api/alerts`)).text()).resolves.toContain('own'), {
      timeout: 30_000,
    })
    expect((await alerts('list')).stdout).toMatch(/error +active +\S.* +20 +10 +own +Too long\./)
    expect(await alerts('acknowledge', 'own', '--by', 'ada')).toMatchObject({
      code: 0,
      stdout: 'own is acknowledged.\n',
    })
    expect(await alerts('acknowledge', 'other', '--by', 'ada')).toMatchObject({ code: 1 })
    expect((await alerts('silence', 'own', '--for', '2h', '--by', 'ada')).stdout).toMatch(/^silence-1: silent until /)
    expect((await alerts('list')).stdout).toMatch(/acknowledged by ada[^]*silence-1: own silent until/)
    expect((await alerts('incident', 'own')).stdout).toMatch(/^# own: error\n\nToo long\.\n[^]*ada: acknowledged/)
    expect(await alerts('resolve', 'own', '--by', 'ada')).toMatchObject({ code: 0 })
    expect((await alerts('history')).stdout).toMatch(/resolved +ada +own/)
    await running.stop()
    const resting = await runCli(['alerts', 'list', '--data', dataFile])
    expect(resting.stdout).toContain('Nothing is evaluated: this is a file.')
  })

  it('lists rules, says what is wrong with a file, and renders them for Prometheus', async () => {
    const rules = join(folder, 'rules.yaml')
    writeFileSync(rules, 'rules: [{name: own, signal: agentel.queue.depth}]')
    expect((await runCli(['rules', 'list'])).stdout).toMatch(/critical +error-rate +/)
    const wrong = await runCli(['rules', 'list', rules])
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/rules\[0\]\.window: /)])
    expect((await runCli(['rules', 'prometheus'])).stdout).toMatch(/^groups:\n {2}- name: agentel\n/)
  })
})
