import { resolve } from 'node:path'
import { EXIT, type Colour, type Output } from '../frame/output.ts'
import type { Check, Verdict } from './check.ts'
import { checkCalls } from './check-call.ts'
import { checkEndpoints, checkPorts } from './check-endpoints.ts'
import { checkHooks, MODEL_SDKS } from './check-hooks.ts'
import { checkLosses } from './check-losses.ts'
import { checkPackages, KNOWN_PACKAGES } from './check-packages.ts'
import { checkSettings } from './check-settings.ts'
import { findPackages } from './find-packages.ts'

/** What the doctor looks at. */
export interface DoctorOptions {
  /** The application's folder. */
  folder: string
  env: NodeJS.ProcessEnv
  /** Send one call of each model SDK through the set-up. */
  verify?: boolean
  /** File or package that the application is started with (`node --import`), for that call. */
  importing?: string | undefined
  /** How long to load one SDK, or to make one call, may take. */
  limitMs: number
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const fits = major > 22 || (major === 22 && minor >= 15)
  return fits
    ? { subject: 'Node', verdict: 'ok', found: version }
    : { subject: 'Node', verdict: 'failure', found: version, advice: 'agentel needs Node 22.15 or newer' }
}

/** All that the doctor has to say, in the order in which it is best read. */
export async function examine({ folder, env, verify = false, importing, limitMs }: DoctorOptions): Promise<Check[]> {
  const { copies, complete } = findPackages(resolve(folder), new Set([...KNOWN_PACKAGES, ...MODEL_SDKS]))
  const { checks, settings } = checkSettings(env)
  const partial: Check[] = complete
    ? []
    : [{ subject: 'node_modules', verdict: 'note', found: 'too many packages: some were not looked at' }]
  return [
    checkNode(process.version),
    ...checks,
    ...partial,
    ...checkPackages(copies),
    ...(await checkHooks(copies, limitMs)),
    ...(settings ? await checkEndpoints(settings, env) : []),
    ...(settings ? await checkPorts(settings) : []),
    ...(await checkLosses(env)),
    ...(verify && settings ? await checkCalls(copies, { folder: resolve(folder), env, importing, limitMs }) : []),
  ]
}

const MARKS: Record<Verdict, { mark: string; colour: Colour }> = {
  ok: { mark: 'ok     ', colour: 'green' },
  note: { mark: 'note   ', colour: 'dim' },
  warning: { mark: 'warning', colour: 'yellow' },
  failure: { mark: 'FAILURE', colour: 'red' },
}

function print(checks: readonly Check[], output: Output): void {
  const width = Math.max(...checks.map(({ subject }) => subject.length))
  for (const { subject, verdict, found, advice } of checks) {
    const { mark, colour } = MARKS[verdict]
    output.line(`${output.paint(colour, mark)}  ${subject.padEnd(width)}  ${found}`)
    if (advice) output.line(`${' '.repeat(width + 11)}${output.paint('dim', advice)}`)
  }
}

/** `agentel doctor`. @returns the exit code: a problem when something fails; a warning alone is none */
export async function runDoctor(options: DoctorOptions, json: boolean, output: Output): Promise<number> {
  const checks = await examine(options)
  const failed = checks.some(({ verdict }) => verdict === 'failure')
  if (json) output.line(JSON.stringify({ ok: !failed, checks }, null, 2))
  else print(checks, output)
  return failed ? EXIT.problem : EXIT.ok
}
