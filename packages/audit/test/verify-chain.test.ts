import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { type VerifyOptions, openAuditLog, openAuditReader } from '../src/index.ts'
import { temporaryFile } from './temporary-file.ts'

async function tenRows(): Promise<{ file: string; head: { sequence: number; hash: string } }> {
  const audit = openAuditLog({ file: temporaryFile() })
  for (let i = 1; i <= 10; i++) audit.append({ event: `e${i}`, user: i % 2 ? 'odd' : 'even', attributes: { i } })
  const head = await audit.flush()
  await audit.close()
  return { file: audit.file, head }
}

function tamper(file: string, sql: string): void {
  const db = new DatabaseSync(file)
  db.exec(sql)
  db.close()
}

function findingsOf(file: string, options?: VerifyOptions): unknown[] {
  const reader = openAuditReader(file)
  const { findings, ok } = reader.verify(options)
  reader.close()
  expect(ok).toBe(findings.length === 0)
  return findings.map(({ kind, first, last }) => [kind, first, last])
}

/** Moves rows and their contents: SQLite refuses two rows of one number even for a moment, so they go by way of minus. */
const move = (from: string, to: string): string =>
  ['entries', 'contents']
    .map(
      (table) =>
        `UPDATE ${table} SET sequence = -(${to}) WHERE ${from}; UPDATE ${table} SET sequence = -sequence WHERE sequence < 0;`,
    )
    .join('')
const remove = (where: string): string => `DELETE FROM entries WHERE ${where}; DELETE FROM contents WHERE ${where};`
const madeUp = (sequence: number): string =>
  `INSERT INTO entries SELECT ${sequence}, time, 'made up', severity, agent, user, session, conversation, trace, span,
    content_hash, previous_hash, hash FROM entries WHERE sequence = 3;
  INSERT INTO contents SELECT ${sequence}, salt, payload FROM contents WHERE sequence = 3;`
const head = (sequence: number): string =>
  `UPDATE marks SET sequence = ${sequence}, hash = (SELECT hash FROM entries WHERE sequence = ${sequence});`

describe('verify', () => {
  it.each([
    ['nothing', 'SELECT 1', []],
    ['a field that changed', `UPDATE entries SET event = 'x' WHERE sequence = 4`, [['changed', 4, 4]]],
    ['a time that changed', 'UPDATE entries SET time = time + 1 WHERE sequence = 10', [['changed', 10, 10]]],
    ['a payload that changed', `UPDATE contents SET payload = '{}' WHERE sequence = 4`, [['changed', 4, 4]]],
    ['a user that changed', `UPDATE entries SET user = 'other' WHERE sequence = 4`, [['changed', 4, 4]]],
    ['a payload that was deleted without a record', 'DELETE FROM contents WHERE sequence = 4', [['removed', 4, 4]]],
    ['a hash that changed', `UPDATE entries SET hash = x'00' WHERE sequence = 4`, [['changed', 4, 4]]],
    ['rows that were removed', remove('sequence IN (4, 5)'), [['removed', 4, 5]]],
    ['the first rows removed', remove('sequence < 3'), [['removed', 1, 2]]],
    [
      'a row removed and the others moved up',
      remove('sequence = 4') + move('sequence > 4', 'sequence - 1') + head(9),
      [['removed', 4, 4]],
    ],
    [
      'two rows that changed places',
      move('sequence IN (4, 5)', '9 - sequence'),
      [
        ['reordered', 4, 4],
        ['reordered', 5, 5],
      ],
    ],
    ['a row put in between', move('sequence >= 4', 'sequence + 1') + madeUp(4) + head(11), [['inserted', 4, 4]]],
    ['a row put behind the end', madeUp(11), [['changed', 11, 11]]],
    [
      'a time beyond all numbers',
      'UPDATE entries SET time = 1152921504606846976 WHERE sequence = 10',
      [['changed', 10, 10]],
    ],
    [
      'an end beyond all numbers',
      'UPDATE marks SET sequence = 1152921504606846976',
      [['truncated', 11, 1_152_921_504_606_846_976]],
    ],
    ['the end cut off', remove('sequence > 7'), [['truncated', 8, 10]]],
    ['everything cut off', remove('sequence > 0'), [['truncated', 1, 10]]],
    [
      'an anchor that no record vouches for',
      `${remove('sequence < 4')} INSERT INTO marks SELECT 'anchor', 3, previous_hash FROM entries WHERE sequence = 4`,
      [['removed', 1, 3]],
    ],
  ])('says which row it is: %s', async (_what, sql, expected) => {
    const { file } = await tenRows()
    tamper(file, sql)
    expect(findingsOf(file)).toEqual(expected)
  })

  it('finds an end that was cut off without a trace by the end that was kept elsewhere', async () => {
    const { file, head: kept } = await tenRows()
    tamper(file, remove('sequence > 7') + head(7))
    expect(findingsOf(file)).toEqual([])
    expect(findingsOf(file, { expected: kept })).toEqual([['truncated', 8, 10]])
  })

  it('ends at the hundredth finding', async () => {
    const audit = openAuditLog({ file: temporaryFile() })
    for (let i = 0; i < 150; i++) audit.append({ event: 'e' })
    await audit.close()
    tamper(audit.file, 'UPDATE entries SET severity = 1')
    expect(findingsOf(audit.file)).toEqual(Array.from({ length: 100 }, (_, i) => ['changed', i + 1, i + 1]))
  })

  it.each(['no JSON', 'null', '{"attributes":7}', '{"attributes":{}}', '{"attributes":{"sequences":[null]}}'])(
    'names the record of an erasure whose payload was replaced by %s, and the rows that it no longer covers',
    async (payload) => {
      const { file } = await tenRows()
      const audit = openAuditLog({ file })
      await audit.forget({ userId: 'even' })
      await audit.close()
      tamper(file, `UPDATE contents SET payload = '${payload}' WHERE sequence = 11`)
      const erased = [2, 4, 6, 8, 10].map((sequence) => ['removed', sequence, sequence])
      expect(findingsOf(file)).toEqual([...erased, ['changed', 11, 11]])
    },
  )

  it('goes on from the anchor after the oldest rows were pruned, and again after more', async () => {
    const { file, head: kept } = await tenRows()
    const audit = openAuditLog({ file })
    expect(await audit.prune({ keep: 4 })).toEqual({ rows: 6 })
    expect(await audit.prune({ keep: 3 })).toEqual({ rows: 1 })
    expect(await audit.prune({ keep: 3 })).toEqual({ rows: 0 })
    expect(await audit.prune({ before: 0 })).toEqual({ rows: 0 })
    expect(findingsOf(file, { expected: kept })).toEqual([])
    expect(await audit.prune({ before: Date.now() + 1000 })).toEqual({ rows: 5 })
    await audit.close()
    expect(findingsOf(file)).toEqual([])
  })

  it('prunes by age what a row of the far future stands before, and keeps rows of the future that nothing follows', async () => {
    const [now, far] = [Date.now(), 8e15]
    const other = openAuditLog({ file: temporaryFile() })
    for (const [i, time] of [far, now - 9000, far, now - 9000, far].entries()) other.append({ event: `g${i}`, time })
    await other.flush()
    expect(await other.prune({ before: now - 8500 })).toEqual({ rows: 4 })
    await other.close()
    const reader = openAuditReader(other.file)
    expect(reader.query().map(({ event }) => event)).toEqual(['g4', 'audit.pruned'])
    reader.close()
    expect(findingsOf(other.file)).toEqual([])
  })

  it('prunes by itself what the retention says', async () => {
    const { file } = await tenRows()
    const audit = openAuditLog({ file, retention: { rows: 5 } })
    audit.append({ event: 'new' })
    await audit.flush()
    await audit.close()
    const reader = openAuditReader(file)
    expect(
      reader
        .query()
        .map(({ event }) => event)
        .toSorted(),
    ).toEqual(['audit.pruned', 'e10', 'e6', 'e7', 'e8', 'e9', 'new'].toSorted())
    expect(reader.verify().ok).toBe(true)
    reader.close()
  })
})
