import { UsageError } from './usage-error.ts'

/** Options of every command that looks at a window of time. */
export const windowArgs = {
  since: { type: 'string', description: 'From: an age (30m, 6h, 7d) or a date', default: '24h' },
  until: { type: 'string', description: 'To: an age or a date (default: now)' },
} as const

function moment(name: string, text: string): string {
  if (/^\d+[smhdw]$/.test(text)) return `-${text}`
  const time = Date.parse(text)
  if (Number.isFinite(time)) return String(time)
  throw new UsageError(`--${name} is "${text}"; give an age such as 30m, 6h or 7d, or a date such as 2026-11-21T10:00`)
}

/** The window as the API takes it. */
export function windowOf(args: { since: string; until?: string | undefined }): Record<string, string> {
  return {
    from: moment('since', args.since),
    ...(args.until === undefined ? {} : { to: moment('until', args.until) }),
  }
}
