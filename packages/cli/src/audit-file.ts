import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { AuditFilter, AuditReader } from '@agentel/audit'
import { UsageError } from './frame/usage-error.ts'

/** Options that say which audit log. */
export const auditFileArgs = {
  file: { type: 'string', description: 'The audit log (default: AGENTEL_AUDIT_FILE, then ~/.agentel/audit.db)' },
} as const

/** The file that the command line or the environment names. @throws when it is not there */
export function auditFileOf({ file }: { file?: string | undefined }): string {
  const named = file ?? process.env.AGENTEL_AUDIT_FILE ?? join(homedir(), '.agentel', 'audit.db')
  if (!existsSync(named))
    throw new Error(`${named} is not there. Give the audit log with --file, or set AGENTEL_AUDIT_FILE.`)
  return named
}

/** Opens the log, or the archive, for the questions of `fn`. */
export async function withAudit<T>(file: string, fn: (reader: AuditReader) => T | Promise<T>): Promise<T> {
  const { openAuditReader, readAuditArchive } = await import('@agentel/audit')
  if (file.endsWith('.gz')) return readAuditArchive(file, fn)
  const reader = openAuditReader(file)
  try {
    return await fn(reader)
  } finally {
    reader.close()
  }
}

/** Options that choose rows; several values with commas. */
export const auditFilterArgs = {
  event: { type: 'string', description: 'Event names' },
  agent: { type: 'string', description: 'Agents' },
  user: { type: 'string', description: 'Users' },
  session: { type: 'string', description: 'Sessions' },
  trace: { type: 'string', description: 'Trace ids' },
  severity: { type: 'string', description: 'This severity and above: info, warn, error, fatal, or a number' },
  since: { type: 'string', description: 'From: an age (30m, 6h, 7d) or a date (default: the beginning)' },
  until: { type: 'string', description: 'To: an age or a date (default: now)' },
} as const

const SEVERITIES: Readonly<Record<string, number>> = { debug: 5, info: 9, warn: 13, error: 17, fatal: 21 }
const UNITS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8 }

/** A moment, milliseconds since 1970, from an age or a date. @throws UsageError */
export function momentOf(name: string, text: string): number {
  const age = /^(\d+)([smhdw])$/.exec(text)
  if (age !== null) return Date.now() - Number(age[1]) * UNITS[age[2]!]!
  const time = Date.parse(text)
  if (Number.isFinite(time)) return time
  throw new UsageError(`--${name} is "${text}"; give an age such as 30m, 6h or 7d, or a date such as 2026-11-21T10:00`)
}

function severityOf(text: string): number {
  const number = SEVERITIES[text.toLowerCase()] ?? Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= 24) return number
  throw new UsageError(`--severity is "${text}"; give ${Object.keys(SEVERITIES).join(', ')}, or 1 to 24`)
}

type FilterArguments = { readonly [Name in keyof typeof auditFilterArgs]?: string | undefined }

/** The rows that the command line asks for. */
export function auditFilterOf(args: FilterArguments): AuditFilter {
  const list = (name: 'event' | 'agent' | 'user' | 'session' | 'trace') => {
    const text = args[name]
    return text === undefined ? {} : { [name]: text.split(',').map((word) => word.trim()) }
  }
  return {
    ...list('event'),
    ...list('agent'),
    ...list('user'),
    ...list('session'),
    ...list('trace'),
    ...(args.severity === undefined ? {} : { minSeverity: severityOf(args.severity) }),
    ...(args.since === undefined ? {} : { from: momentOf('since', args.since) }),
    ...(args.until === undefined ? {} : { to: momentOf('until', args.until) }),
  }
}
