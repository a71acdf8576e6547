import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openAuditLog, openAuditReader } from '../src/index.ts'
import { temporaryFile } from './temporary-file.ts'

afterEach(() => diag.disable())

describe('an audit log', () => {
  it('has an event on disk, whole, when flush resolves', async () => {
    const audit = openAuditLog({ file: temporaryFile() })
    audit.append({
      event: 'agentel.tool.called',
      time: 1_700_000_000_000,
      severity: 13,
      agent: 'clerk',
      user: 'u1',
      session: 's1',
      conversation: 'c1',
      trace: 't1',
      span: 'p1',
      attributes: { big: 10n, 'gen_ai.tool.name': 'search' },
      body: 'done',
    })
    const head = await audit.flush()
    const reader = openAuditReader(audit.file)
    expect(reader.query()).toEqual([
      {
        sequence: 1,
        time: 1_700_000_000_000,
        event: 'agentel.tool.called',
        severity: 13,
        agent: 'clerk',
        user: 'u1',
        session: 's1',
        conversation: 'c1',
        trace: 't1',
        span: 'p1',
        attributes: { big: '10', 'gen_ai.tool.name': 'search' },
        body: 'done',
        erased: false,
      },
    ])
    expect(reader.verify({ expected: head })).toEqual({ ok: true, findings: [], rows: 1, erased: 0, head })
    expect(audit.counts()).toEqual({ written: 1, waiting: 0, dropped: 0 })
    reader.close()
    await audit.close()
  })

  it('continues the chain of an earlier process', async () => {
    const file = temporaryFile()
    for (const event of ['first', 'second']) {
      const audit = openAuditLog({ file, synchronous: 'full' })
      audit.append({ event })
      await audit.close()
    }
    const reader = openAuditReader(file)
    expect(reader.query().map(({ sequence, event }) => [sequence, event])).toEqual([
      [2, 'second'],
      [1, 'first'],
    ])
    expect(reader.verify()).toMatchObject({ ok: true, rows: 2 })
    reader.close()
  })

  it('drops and counts what exceeds the bound, and flush says so once', async () => {
    const audit = openAuditLog({ file: temporaryFile(), maxWaiting: 60 })
    for (let i = 0; i < 100; i++) audit.append({ event: `e${i}` })
    await expect(audit.flush()).rejects.toThrow('40 audit events were not written')
    expect(audit.counts()).toEqual({ written: 60, waiting: 0, dropped: 40 })
    expect(await audit.flush()).toMatchObject({ sequence: 60 })
    await audit.close()
  })

  it('cuts long texts and leaves out a payload without bounds', async () => {
    const audit = openAuditLog({ file: temporaryFile() })
    audit.append({ event: 'long', attributes: { text: 'x'.repeat(9000) } })
    audit.append({
      event: 'huge',
      attributes: Object.fromEntries([...Array(20).keys()].map((k) => [k, 'y'.repeat(8000)])),
    })
    await audit.flush()
    const reader = openAuditReader(audit.file)
    const [huge, long] = reader.query()
    expect(long?.attributes).toEqual({ text: `${'x'.repeat(8192)}…` })
    expect(huge?.attributes).toEqual({})
    reader.close()
    await audit.close()
  })

  it('writes what is no time, no severity or half a character as near as can be, and the chain verifies', async () => {
    const audit = openAuditLog({ file: temporaryFile() })
    const before = Date.now()
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300, 2 ** 60, 'soon' as unknown as number]
    for (const value of odd) audit.append({ event: 'odd', time: value, severity: value })
    audit.append({ event: 'half \ud83d', agent: '\udc00', user: 'u\ud800', attributes: { text: '\ud800' } })
    await audit.flush()
    const reader = openAuditReader(audit.file)
    const [half, ...others] = reader.query().toSorted((one, other) => other.sequence - one.sequence)
    expect(half).toMatchObject({
      event: 'half \ufffd',
      agent: '\ufffd',
      user: 'u\ufffd',
      attributes: { text: '\ud800' },
    })
    expect(others.map(({ severity }) => severity)).toEqual(odd.map(() => 9))
    for (const { time } of others) expect(time).toBeGreaterThanOrEqual(before)
    expect(reader.verify()).toMatchObject({ ok: true, rows: 7 })
    expect(await audit.forget({ userId: 'u\ud800' })).toMatchObject({ rows: 1 })
    reader.close()
    await audit.close()
  })

  it('drops and counts what exceeds the bound on their size', async () => {
    const audit = openAuditLog({ file: temporaryFile() })
    const attributes = Object.fromEntries([...Array(8).keys()].map((k) => [k, 'y'.repeat(8000)]))
    for (let i = 0; i < 1200; i++) audit.append({ event: 'large', attributes })
    const { waiting, dropped } = audit.counts()
    expect({ waiting, dropped }).toEqual({ waiting: 1048, dropped: 152 })
    await expect(audit.flush()).rejects.toThrow('152 audit events were not written')
    audit.append({ event: 'there is room again' })
    expect(await audit.flush()).toMatchObject({ sequence: 1049 })
    await audit.close()
  })

  it('says, in a process that is not allowed threads, that nothing is audited, and counts it', async () => {
    const child = join(import.meta.dirname, 'audit-child.ts')
    const flags = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--conditions=@agentel/source']
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, child, temporaryFile(), 'threadless'])
    expect(JSON.parse(stdout.replace('stopped ', ''))).toMatchObject({
      written: 0,
      waiting: 0,
      reason: expect.stringContaining('Access to this API has been restricted'),
    })
  })

  it('stops loudly, once, when the file cannot be used, and the application goes on', async () => {
    const file = temporaryFile()
    writeFileSync(file, 'this is no database, but a text that somebody keeps in this place '.repeat(50))
    const error = vi.fn()
    const nothing = (): void => undefined
    diag.setLogger({ error, warn: nothing, info: nothing, debug: nothing, verbose: nothing }, DiagLogLevel.ERROR)
    const audit = openAuditLog({ file })
    audit.append({ event: 'lost' })
    await expect(audit.flush()).rejects.toThrow('1 audit events were not written')
    audit.append({ event: 'lost too' })
    await expect(audit.flush()).rejects.toThrow('file is not a database')
    expect(audit.counts()).toEqual({ written: 0, waiting: 0, dropped: 2 })
    const stopped = error.mock.calls.filter(([line]) => String(line).includes('has stopped'))
    expect(stopped).toEqual([[expect.stringContaining('file is not a database')]])
    await audit.close()
  })

  it('holds the application up once, not for ever, when a durable event cannot be written, and writes it later', async () => {
    const warn = vi.fn()
    const nothing = (): void => undefined
    diag.setLogger({ warn, error: nothing, info: nothing, debug: nothing, verbose: nothing }, DiagLogLevel.WARN)
    const audit = openAuditLog({ file: temporaryFile(), durableFrom: 17 })
    audit.append({ event: 'first', severity: 17 })
    const holder = new DatabaseSync(audit.file)
    holder.exec('BEGIN IMMEDIATE')
    for (let n = 0; n < 20; n++) audit.append({ event: 'late', severity: 17 })
    await setTimeout(6000) // Longer than a question waits.
    const late = warn.mock.calls.filter(([line]) => String(line).includes('to write a durable event'))
    expect(late).toHaveLength(1)
    holder.exec('COMMIT')
    holder.close()
    expect(await audit.flush()).toMatchObject({ sequence: 21 })
    await audit.close()
  }, 30_000)

  it('takes no event after it was closed', async () => {
    const audit = openAuditLog({ file: temporaryFile() })
    audit.append({ event: 'in time' })
    await audit.close()
    audit.append({ event: 'late' })
    expect(audit.counts()).toEqual({ written: 1, waiting: 0, dropped: 1 })
    await expect(audit.prune({ keep: 1 })).rejects.toThrow('the log is closed')
  })
})
