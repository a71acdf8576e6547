import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { droppedLines, openLogFile } from '../src/log-file.ts'
import { runApp } from './run-app.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-logging-'))
  file = join(folder, 'agents.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

const OFF = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
const run = (env: Record<string, string>) =>
  runApp('logging.mjs', { env: { ...OFF, OTEL_SERVICE_NAME: 'desk', AGENTEL_LOGGING_FILE: file, ...env } })

const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n')
const records = () => linesOf(file).map((line) => JSON.parse(line) as Record<string, unknown>)

describe('a log file', () => {
  it('has a line of JSON for each record from its level on, tied to its span, and redacted', async () => {
    expect(await run({})).toMatchObject({ code: 0, stderr: '' })
    const [broke, started, changed, completed, ...more] = records()
    expect(more).toEqual([])
    expect(broke).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      severity: 'ERROR',
      body: expect.stringMatching(/^it broke\nin two lines, with \[REDACTED:[\w-]+\]$/),
      service: 'desk',
      attributes: { 'agentel.redaction.count': 1, 'agentel.redaction.rules': expect.anything() },
    })
    expect([started, changed, completed].map((one) => one?.event)).toEqual([
      'agentel.task.started',
      'agentel.state.changed',
      'agentel.task.completed',
    ])
    expect(changed).toMatchObject({ severity: 'INFO', traceId: completed?.traceId, spanId: completed?.spanId })
    expect(changed?.traceId).toMatch(/^[0-9a-f]{32}$/)
  })

  it('has other records with another level, and lines to read instead of JSON', async () => {
    await run({ AGENTEL_LOGGING_LEVEL: 'DEBUG', AGENTEL_LOGGING_JSON: 'false' })
    const [first, second] = linesOf(file)
    expect(first).toMatch(/^\S+Z DEBUG for debugging$/)
    expect(second).toMatch(/^\S+Z ERROR it broke\\nin two lines, with \[REDACTED:[\w-]+\] agentel\.redaction\.count=1 /)
    await run({ AGENTEL_LOGGING_LEVEL: 'FATAL' })
    expect(linesOf(file).length).toBe(5)
  })

  it('says who called when it is asked to, and not otherwise', async () => {
    await run({ AGENTEL_LOGGING_CALLER_INFO: 'true' })
    const source = join(import.meta.dirname, 'fixtures/logging.mjs')
    const lineOf = (words: string) =>
      readFileSync(source, 'utf8')
        .split('\n')
        .findIndex((line) => line.includes(words)) + 1
    const [broke, , changed] = records().map(({ attributes }) => attributes as Record<string, unknown>)
    expect(broke).toMatchObject({
      'code.file.path': source,
      'code.line.number': lineOf('logger.emit'),
      'code.function.name': 'speak',
    })
    expect(changed).toMatchObject({ 'code.file.path': source, 'code.line.number': lineOf('recordStateChange({') })
    rmSync(file)
    await run({})
    expect(readFileSync(file, 'utf8')).not.toContain('code.file.path')
  })

  it('is begun anew when it is full, keeps so many older ones, and loses no line', async () => {
    await run({ APP_MANY: '300', AGENTEL_LOGGING_MAX_FILE_SIZE_MB: '0.01', AGENTEL_LOGGING_BACKUP_COUNT: '100' })
    const files = readdirSync(folder)
    expect(files.length).toBeGreaterThan(4)
    for (const name of files) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(10_000)
    const numbers = files
      .flatMap((name) => linesOf(join(folder, name)))
      .flatMap((line) => /line (\d+) /.exec(line)?.[1] ?? [])
    expect(numbers.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i))
    rmSync(folder, { recursive: true })
    mkdirSync(folder)
    await run({ APP_MANY: '300', AGENTEL_LOGGING_MAX_FILE_SIZE_MB: '0.01', AGENTEL_LOGGING_BACKUP_COUNT: '2' })
    expect(readdirSync(folder).toSorted()).toEqual(['agents.log', 'agents.log.1', 'agents.log.2'])
    expect(readFileSync(file, 'utf8')).toContain('line 299 ')
  })

  it.each(['at once', 'while writing'])('has what was waiting when the process is ended %s', async (when) => {
    expect(await run({ APP_MANY: '50', APP_EXIT: when })).toMatchObject({ code: 4, stderr: '' })
    const text = readFileSync(file, 'utf8')
    expect(text).toContain('line 0 ')
    expect(text).toContain('line 49 ')
    expect(text.includes('at the last moment')).toBe(when === 'while writing')
  })

  it('that cannot be written is never felt, and its lines are counted', async () => {
    const nowhere = join(folder, 'not', 'there.log')
    expect(await run({ AGENTEL_LOGGING_FILE: nowhere })).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(nowhere)).toBe(false)
    const before = droppedLines()
    const log = openLogFile({ file: nowhere, maxBytes: 1000, backups: 1 })
    for (let i = 0; i < 3; i++) log.write('x\n')
    await log.flush()
    log.write('x\n')
    log.flushNow()
    expect(droppedLines() - before).toBe(4)
    const slow = openLogFile({ file, maxBytes: 1e9, backups: 1 })
    for (let i = 0; i < 5; i++) slow.write(`${'y'.repeat(1024 * 1024)}\n`)
    await slow.flush()
    expect(droppedLines() - before).toBe(6)
    expect(linesOf(file)).toHaveLength(3)
  })
})
