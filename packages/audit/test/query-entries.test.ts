import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { expect, it } from 'vitest'
import { openForReading } from '../src/audit-file.ts'
import { type AuditFilter, openAuditLog, openAuditReader } from '../src/index.ts'
import { queryEntries } from '../src/query-entries.ts'
import { temporaryFile } from './temporary-file.ts'

it('filters by each field with one value or several, newest first, with limit and offset', async () => {
  const audit = openAuditLog({ file: temporaryFile() })
  for (let i = 0; i < 1200; i++) {
    audit.append({
      event: `event-${i % 4}`,
      time: 1000 + i,
      severity: [9, 13, 17][i % 3]!,
      agent: `agent-${i % 5}`,
      user: `user-${i % 6}`,
      session: `session-${i % 7}`,
      trace: `trace-${i % 8}`,
    })
  }
  await audit.flush()
  const reader = openAuditReader(audit.file)
  const numbers = Array.from({ length: 1200 }, (_, i) => 1199 - i)
  const cases: [AuditFilter, (i: number) => boolean][] = [
    [{}, () => true],
    [{ event: 'event-2' }, (i) => i % 4 === 2],
    [{ event: ['event-2', 'event-3'] }, (i) => i % 4 >= 2],
    [{ agent: ['agent-0', 'agent-4'] }, (i) => i % 5 === 0 || i % 5 === 4],
    [{ user: ['user-1', 'nobody'] }, (i) => i % 6 === 1],
    [{ session: 'session-3' }, (i) => i % 7 === 3],
    [{ trace: ['trace-1', 'trace-7'] }, (i) => i % 8 === 1 || i % 8 === 7],
    [{ severity: [9, 17] }, (i) => i % 3 !== 1],
    [{ minSeverity: 13 }, (i) => i % 3 !== 0],
    [{ minSeverity: 9 }, () => true],
    [{ minSeverity: 13, severity: [9, 17, 17] }, (i) => i % 3 === 2],
    [{ minSeverity: 18 }, () => false],
    [{ minSeverity: 13, agent: ['agent-1', 'agent-2'] }, (i) => i % 3 !== 0 && (i % 5 === 1 || i % 5 === 2)],
    [{ user: Array.from({ length: 60 }, (_, n) => `user-${n * 2}`) }, (i) => i % 2 === 0],
    [{ from: 1100, to: 1200 }, (i) => i >= 100 && i < 200],
    [
      { agent: 'agent-1', event: ['event-0', 'event-1'], severity: 13, from: 1500 },
      (i) => i % 5 === 1 && i % 4 < 2 && i % 3 === 1 && i >= 500,
    ],
    [{ event: [] }, () => false],
  ]
  for (const [filter, passes] of cases) {
    const expected = numbers.filter(passes)
    expect(reader.query(filter).map(({ time }) => time - 1000)).toEqual(expected.slice(0, 1000))
    expect(reader.query({ ...filter, limit: 7, offset: 5 }).map(({ time }) => time - 1000)).toEqual(
      expected.slice(5, 12),
    )
    expect(reader.summary(filter).total).toBe(expected.length)
  }
  expect(reader.summary({ user: 'user-0', event: 'event-0' })).toEqual({
    total: 100,
    byEvent: { 'event-0': 100 },
    byAgent: { 'agent-0': 20, 'agent-1': 20, 'agent-2': 20, 'agent-3': 20, 'agent-4': 20 },
    bySeverity: { 9: 100 },
  })
  expect(() => reader.query({ limit: -1 })).toThrow('limit is -1')
  reader.close()
  await audit.close()
})

it.each<AuditFilter>([{}, { agent: ['a', 'b'] }, { minSeverity: 13 }])(
  'gives by %j each row once, page after page, whatever is appended meanwhile',
  async (filter) => {
    const audit = openAuditLog({ file: temporaryFile() })
    for (let n = 1; n <= 30; n++)
      audit.append({ event: 'e', agent: n % 2 ? 'a' : 'b', severity: 17, time: 1000 + (n % 3) })
    await audit.flush()
    const reader = openAuditReader(audit.file)
    const expected = reader.query(filter).map(({ sequence }) => sequence)
    const found: number[] = []
    for (let after: AuditFilter['after']; ;) {
      const page = reader.query({ ...filter, limit: 7, ...(after === undefined ? {} : { after }) })
      found.push(...page.map(({ sequence }) => sequence))
      after = page.at(-1)
      if (after === undefined) break
      for (let n = 0; n < 3; n++) audit.append({ event: 'e', agent: 'a', severity: 17, time: 1003 })
      await audit.flush()
    }
    expect(expected).toHaveLength(30)
    expect(found).toEqual(expected)
    reader.close()
    await audit.close()
  },
)

/** How SQLite finds the rows of `entries` that a question is answered with. */
function indexesFor(db: DatabaseSync, filter: AuditFilter): string[] {
  let plan: string[] = []
  const prepare = (sql: string) => ({
    all(...values: SQLInputValue[]): [] {
      plan = db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map(({ detail }) => String(detail))
      return []
    },
  })
  queryEntries({ prepare } as unknown as DatabaseSync, filter)
  const read = plan.filter((step) => /^(SCAN|SEARCH) entries /.test(step) && !step.includes('INTEGER PRIMARY KEY'))
  return [...new Set(read.map((step) => step.replace(/^.* USING (.*?)( \(.*)?$/, '$1')))]
}

it.each<[AuditFilter, string]>([
  [{}, 'COVERING INDEX entries_time'],
  [{ from: 1, to: 2 }, 'COVERING INDEX entries_time'],
  [{ after: { time: 1, sequence: 2 } }, 'COVERING INDEX entries_time'],
  [{ agent: ['a', 'b'], event: 'e', from: 1 }, 'COVERING INDEX entries_agent'],
  [{ event: 'e', severity: [9, 13] }, 'COVERING INDEX entries_event'],
  [{ agent: 'a', minSeverity: 17 }, 'COVERING INDEX entries_severity'],
  [{ event: 'e', severity: 13, to: 2 }, 'COVERING INDEX entries_severity'],
  [{ user: ['u', 'v'] }, 'COVERING INDEX entries_user'],
  [{ user: 'u', agent: 'a', severity: 17 }, 'INDEX entries_user'],
  [{ trace: 't', session: 's' }, 'INDEX entries_trace'],
])('chooses the rows for %j by %s, and reads no others', async (filter, index) => {
  const audit = openAuditLog({ file: temporaryFile() })
  audit.append({ event: 'e' })
  await audit.close()
  const db = openForReading(audit.file)
  expect(indexesFor(db, filter)).toEqual([index])
  db.close()
})

it('reads no file of another program, nor of a format that it does not know', async () => {
  const audit = openAuditLog({ file: temporaryFile() })
  audit.append({ event: 'e' })
  await audit.close()
  const change = (pragma: string): void => {
    const db = new DatabaseSync(audit.file)
    db.exec(pragma)
    db.close()
  }
  change('PRAGMA user_version = 99')
  expect(() => openAuditReader(audit.file)).toThrow(
    'is an audit log of format 99; this version of @agentel/audit reads',
  )
  change('PRAGMA application_id = 7')
  expect(() => openAuditReader(audit.file)).toThrow('is no audit log. Choose another file.')
})

it('answers although a row was tampered with: its payload is none, its time beyond all numbers', async () => {
  const audit = openAuditLog({ file: temporaryFile() })
  for (const event of ['first', 'second', 'third']) audit.append({ event, attributes: { event } })
  await audit.close()
  const db = new DatabaseSync(audit.file)
  db.exec(`UPDATE contents SET payload = 'no JSON' WHERE sequence = 2;
    UPDATE entries SET time = ${2n ** 60n} WHERE sequence = 1`)
  db.close()
  const reader = openAuditReader(audit.file)
  expect(reader.query().map(({ event, attributes, erased }) => [event, attributes, erased])).toEqual([
    ['first', { event: 'first' }, false],
    ['third', { event: 'third' }, false],
    ['second', {}, false],
  ])
  reader.close()
})
