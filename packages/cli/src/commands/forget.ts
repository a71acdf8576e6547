import { existsSync, globSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT, type Output } from '../frame/output.ts'
import { askConsole, consoleAddress, type SourceArguments, sourceArgs } from '../frame/source.ts'
import { UsageError } from '../frame/usage-error.ts'

interface Place {
  readonly where: string
  readonly what: string
  /** false: something of the user may still be there. */
  readonly complete: boolean
}

interface Where extends SourceArguments {
  readonly user: string
  readonly console: boolean
  readonly audit?: string | undefined
  readonly budgets?: string | undefined
  readonly archives?: string | undefined
}

async function inConsole({ user, console: wanted, ...args }: Where): Promise<Place[]> {
  if (!wanted) return []
  const { url, headers } = consoleAddress(args)
  const address = `${url}/api/users/${encodeURIComponent(user)}`
  const answer = (await (await askConsole(address, { method: 'DELETE', headers })).json()) as Record<string, number>
  const counts = Object.entries(answer).map(([name, count]) => `${count} ${name}`)
  return [{ where: url, what: counts.join(', '), complete: true }]
}

async function inAudit({ user, audit }: Where): Promise<Place[]> {
  const named = audit ?? process.env.AGENTEL_AUDIT_FILE
  const file = named ?? join(homedir(), '.agentel', 'audit.db')
  if (!existsSync(file)) {
    if (named === undefined) return []
    throw new Error(`${file} is not there. Give the audit log with --audit.`)
  }
  const { openAuditLog } = await import('@agentel/audit')
  const log = openAuditLog({ file })
  try {
    const { rows, complete } = await log.forget({ userId: user })
    return [{ where: file, what: `${rows} rows erased, which the log says of itself`, complete }]
  } finally {
    await log.close()
  }
}

async function inArchives({ user, archives }: Where): Promise<Place[]> {
  const files = (archives ?? '')
    .split(',')
    .filter(Boolean)
    .flatMap((pattern) => globSync(pattern))
  if (archives !== undefined && files.length === 0) throw new Error(`--archives ${archives}: no such file`)
  const { forgetInArchive } = await import('@agentel/audit')
  const places: Place[] = []
  for (const file of files) {
    const { rows, complete } = await forgetInArchive(file, { userId: user })
    places.push({ where: file, what: `${rows} rows erased`, complete })
  }
  return places
}

async function inBudgets({ user, budgets }: Where): Promise<Place[]> {
  const file = budgets ?? process.env.AGENTEL_BUDGETS_STORE
  if (file === undefined) return []
  const { forgetSpend } = await import('@agentel/processor-cost')
  return [{ where: file, what: `${forgetSpend(file, { userId: user })} amounts deleted`, complete: true }]
}

function print(places: readonly Place[], output: Output): void {
  for (const { where, what, complete } of places) {
    output.line(`${complete ? output.paint('green', 'done   ') : output.paint('yellow', 'partly ')}  ${where}  ${what}`)
  }
  if (places.some(({ complete }) => !complete))
    output.line('A reader kept old pages of a file; run it again when that has closed.')
}

export const forget: Verb = (output) =>
  command({
    name: 'forget',
    description: 'Erase a user: console, audit log, its archives, budgets',
    args: {
      user: { type: 'string', description: 'The user id', required: true },
      audit: { type: 'string', description: 'The audit log (default: AGENTEL_AUDIT_FILE, then ~/.agentel/audit.db)' },
      archives: { type: 'string', description: 'Archives of it, with commas; * matches' },
      budgets: { type: 'string', description: 'The budget store (default: AGENTEL_BUDGETS_STORE)' },
      console: {
        type: 'boolean',
        description: 'In the running console',
        negativeDescription: 'Not in a console',
        default: true,
      },
      url: sourceArgs.url,
      token: sourceArgs.token,
      json: sourceArgs.json,
    },
    examples: [
      ['agentel forget --user u1', 'everywhere that is known'],
      ["agentel forget --user u1 --archives 'audit-*.db.gz'", 'in archives too'],
    ],
    async run(args) {
      if (args.user === '') throw new UsageError('--user is empty')
      // One after the other, and the console first: when it does not answer, nothing has been done yet.
      const places = [
        ...(await inConsole(args)),
        ...(await inAudit(args)),
        ...(await inArchives(args)),
        ...(await inBudgets(args)),
      ]
      if (args.json) output.line(JSON.stringify({ places }, null, 2))
      else print(places, output)
      return places.every(({ complete }) => complete) ? EXIT.ok : EXIT.problem
    },
  })
