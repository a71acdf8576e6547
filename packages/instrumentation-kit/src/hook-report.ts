import { diag } from '@opentelemetry/api'
import { isDiagHeard } from '@agentel/api'
import type { PatchTable } from './patch-table.ts'

/** What became of one loaded copy of an SDK: for `diag`, and for `agentel doctor`. */
export interface HookReport {
  /** The npm package: `openai`. */
  readonly module: string
  /** Its version, where a package.json was found. */
  readonly version: string | undefined
  /** `esm` and `cjs` are copies that a module hook saw, `manual` one that was handed over. */
  readonly format: 'esm' | 'cjs' | 'manual'
  /** The file that was loaded. */
  readonly file: string | undefined
  /** Names of the patches that are in place. */
  readonly hooked: readonly string[]
  /** Names of the patches that are not, each with the reason. */
  readonly missing: Readonly<Record<string, string>>
}

/** Says in at most one line what a user has to know of a report; an ordinary success is a debug line. */
export function announce(table: PatchTable, report: HookReport): void {
  const what = `${table.name}: ${report.module} ${report.version ?? 'of unknown version'} (${report.format})`
  const missing = Object.entries(report.missing)
  if (missing.length > 0) {
    const reasons = [...Map.groupBy(missing, ([, reason]) => reason)]
      .map(([reason, calls]) => `${calls.map(([name]) => name).join(', ')} (${reason})`)
      .join('; ')
    const rest = report.hooked.length > 0 ? `hooked otherwise` : `not hooked at all`
    warn(`${what} is ${rest}; these calls give no spans: ${reasons}`)
    return
  }
  const major = Number.parseInt(report.version ?? '', 10)
  if (report.version !== undefined && !table.majors.includes(major)) {
    warn(
      `${what} is not among the tested major versions (${table.majors.join(', ')}); its shape is the expected one, so it is hooked`,
    )
    return
  }
  diag.debug(`${what} hooked: ${report.hooked.join(', ')}`)
}

/** To `diag`; where nobody has given it a logger, which is the default, as a warning of the process. */
function warn(line: string): void {
  if (isDiagHeard()) diag.warn(line)
  else process.emitWarning(line, { code: 'AGENTEL_HOOKS' })
}
