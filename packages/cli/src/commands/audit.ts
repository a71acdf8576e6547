import type { AuditEntry, Verification } from '@agentel/audit'
import { auditFileArgs, auditFileOf, auditFilterArgs, auditFilterOf, momentOf, withAudit } from '../audit-file.ts'
import { command, group, type Verb } from '../frame/command-line.ts'
import { EXIT, type Output } from '../frame/output.ts'
import { oneLine, printTable } from '../frame/text-table.ts'
import { UsageError } from '../frame/usage-error.ts'

const json = { json: { type: 'boolean', description: 'Print JSON instead of text', default: false } } as const

function wholeNumber(name: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new UsageError(`--${name} is "${text}"; it must be a whole number from 0 up`)
}

function printEntries(entries: readonly AuditEntry[], output: Output): void {
  if (entries.length === 0) return output.line('No entry matches.')
  printTable(
    [
      { title: 'row', align: 'right' },
      { title: 'time' },
      { title: 'event' },
      { title: 'agent' },
      { title: 'user' },
      { title: 'what' },
    ],
    entries.map((entry) => [
      String(entry.sequence),
      output.paint('dim', new Date(entry.time).toISOString()),
      oneLine(entry.event, 40),
      oneLine(entry.agent ?? '', 20),
      entry.erased ? output.paint('dim', 'erased') : oneLine(entry.user ?? '', 20),
      oneLine(JSON.stringify(entry.attributes), 90),
    ]),
    output,
  )
}

const query: Verb = (output) =>
  command({
    name: 'query',
    description: 'List entries, the newest first',
    args: {
      ...auditFileArgs,
      ...auditFilterArgs,
      limit: { type: 'string', description: 'At most so many', default: '1000' },
      offset: { type: 'string', description: 'After so many', default: '0' },
      ...json,
    },
    examples: [
      ['agentel audit query --user u1,u2 --since 7d', 'what was done for two users in a week'],
      ['agentel audit query --event agentel.security.event --severity error --json', 'for a script'],
    ],
    run: (args) =>
      withAudit(auditFileOf(args), (reader) => {
        const page = { limit: wholeNumber('limit', args.limit), offset: wholeNumber('offset', args.offset) }
        const entries = reader.query({ ...auditFilterOf(args), ...page })
        if (args.json) output.line(JSON.stringify(entries, null, 2))
        else printEntries(entries, output)
        return EXIT.ok
      }),
  })

const summary: Verb = (output) =>
  command({
    name: 'summary',
    description: 'Count entries by event, agent and severity',
    args: { ...auditFileArgs, ...auditFilterArgs, ...json },
    examples: [['agentel audit summary --since 7d', 'a week']],
    run: (args) =>
      withAudit(auditFileOf(args), (reader) => {
        const totals = reader.summary(auditFilterOf(args))
        if (args.json) output.line(JSON.stringify(totals, null, 2))
        else {
          output.line(`${totals.total} entries`)
          const parts = { event: totals.byEvent, agent: totals.byAgent, severity: totals.bySeverity }
          for (const [title, counts] of Object.entries(parts)) {
            output.line()
            const rows = Object.entries(counts).toSorted(([, one], [, other]) => other - one)
            const columns = [{ title: 'count', align: 'right' as const }, { title }]
            printTable(
              columns,
              rows.map(([name, count]) => [String(count), oneLine(name, 60) || '-']),
              output,
            )
          }
        }
        return EXIT.ok
      }),
  })

/** `SEQUENCE:HASH`, as `audit verify` prints the end of the chain. */
function expectedOf(text: string | undefined): { expected?: { sequence: number; hash: string } } {
  if (text === undefined) return {}
  const [, sequence, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (sequence === undefined || hash === undefined)
    throw new UsageError(`--expect is "${text}"; give ROW:HASH, as agentel audit verify printed it`)
  return { expected: { sequence: Number(sequence), hash } }
}

function printVerification(found: Verification, output: Output): void {
  for (const { kind, message } of found.findings) output.line(`${output.paint('red', kind.padEnd(9))}  ${message}`)
  const erased = found.erased > 0 ? `, ${found.erased} of them erased` : ''
  const verdict = found.ok ? output.paint('green', 'The chain is whole') : output.paint('red', 'The chain is broken')
  output.line(`${verdict}: ${found.rows} rows${erased}.`)
  output.line(`End: ${found.head.sequence}:${found.head.hash}`)
}

const verify: Verb = (output) =>
  command({
    name: 'verify',
    description: 'Read the whole chain and say which rows were changed, removed, inserted or reordered',
    args: {
      ...auditFileArgs,
      expect: { type: 'string', description: 'ROW:HASH of an earlier end: shows whether rows after it were cut off' },
      ...json,
    },
    examples: [['agentel audit verify --file audit-2026.db.gz', 'an archive']],
    run: (args) =>
      withAudit(auditFileOf(args), (reader) => {
        const found = reader.verify(expectedOf(args.expect))
        if (args.json) output.line(JSON.stringify(found, null, 2))
        else printVerification(found, output)
        return found.ok ? EXIT.ok : EXIT.problem
      }),
  })

const PAGE = 5000

const exported: Verb = (output) =>
  command({
    name: 'export',
    description: 'Print entries as JSON lines, or keep the whole log in one compressed file that still verifies',
    args: {
      ...auditFileArgs,
      ...auditFilterArgs,
      archive: { type: 'string', description: 'Write this archive (.gz); prune the log afterwards' },
      ...json,
    },
    examples: [
      ['agentel audit export --since 30d > audit.jsonl', 'entries of a month'],
      ['agentel audit export --archive audit-2026.db.gz', 'the whole chain'],
    ],
    async run(args) {
      const file = auditFileOf(args)
      if (args.archive !== undefined) {
        if (!args.archive.endsWith('.gz')) throw new UsageError('--archive: the name of an archive ends in .gz')
        const { archiveAuditLog } = await import('@agentel/audit')
        const { rows } = await archiveAuditLog(file, args.archive)
        output.line(args.json ? JSON.stringify({ file: args.archive, rows }) : `${rows} rows are in ${args.archive}.`)
        return EXIT.ok
      }
      return withAudit(file, (reader) => {
        const filter = auditFilterOf(args)
        let last: AuditEntry | undefined
        do {
          // Others may write meanwhile: an offset would then count their rows, and give some twice.
          const entries = reader.query({ ...filter, limit: PAGE, ...(last === undefined ? {} : { after: last }) })
          for (const entry of entries) output.line(JSON.stringify(entry))
          last = entries[PAGE - 1]
        } while (last !== undefined)
        return EXIT.ok
      })
    },
  })

const prune: Verb = (output) =>
  command({
    name: 'prune',
    description: 'Take the oldest entries away; the rest still verifies',
    args: {
      ...auditFileArgs,
      before: { type: 'string', description: 'Entries older than this: an age (90d) or a date' },
      keep: { type: 'string', description: 'Keep so many of the newest' },
      ...json,
    },
    examples: [['agentel audit prune --before 90d', 'keep a quarter of a year']],
    async run(args) {
      if (args.before === undefined && args.keep === undefined) throw new UsageError('give --before or --keep')
      const { openAuditLog } = await import('@agentel/audit')
      const log = openAuditLog({ file: auditFileOf(args) })
      try {
        const { rows } = await log.prune({
          ...(args.before === undefined ? {} : { before: momentOf('before', args.before) }),
          ...(args.keep === undefined ? {} : { keep: wholeNumber('keep', args.keep) }),
        })
        output.line(args.json ? JSON.stringify({ rows }) : `${rows} rows were taken away; the chain says so.`)
      } finally {
        await log.close()
      }
      return EXIT.ok
    },
  })

export const audit: Verb = (output) =>
  group(
    { name: 'audit', description: 'The audit log: query, count, verify, export, prune' },
    {
      query: query(output),
      summary: summary(output),
      verify: verify(output),
      export: exported(output),
      prune: prune(output),
    },
    {
      otherwise: 'query',
      examples: [
        ['agentel audit --since 1h', 'what was done in the last hour'],
        ['agentel audit verify', 'whether anything was altered since'],
      ],
    },
  )
