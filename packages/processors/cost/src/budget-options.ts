import { readDataFile } from '@agentel/prices'

/** What a budget covers: everything, or each tenant, agent, user or session by itself. */
export type BudgetScope = 'total' | 'tenant' | 'agent' | 'user' | 'session'

/** How long a budget lasts before it begins anew. */
export type BudgetPeriod = 'request' | 'hour' | 'day' | 'month'

/** A budget as it is configured: exactly one of `cost` and `tokens`. */
export interface BudgetOptions {
  /** Tells it from others, on metrics too: few and fixed. */
  readonly name: string
  readonly scope: BudgetScope
  /** `request`: the limit of a single call; it is told afterwards and stops nothing. */
  readonly period: BudgetPeriod
  /** Limit in US dollars. */
  readonly cost?: number
  /** Limit in tokens, input and output together. */
  readonly tokens?: number
  /** `calendar` (default): from the beginning of the hour, day, month. `rolling`: the last hour, 24 hours, 30 days. */
  readonly window?: 'calendar' | 'rolling'
  /** IANA name of the time zone of calendar days and months; default UTC. */
  readonly timeZone?: string
  /** Shares of the limit at which a crossing is told; default 0.8 and 1. */
  readonly thresholds?: readonly number[]
  /** `observe` (default), or `throw`: calls are refused, by a GateError, as long as the budget is used up. */
  readonly onExceeded?: 'observe' | 'throw'
}

/** A checked budget. */
export interface Budget {
  readonly name: string
  readonly scope: BudgetScope
  readonly period: BudgetPeriod
  readonly unit: 'usd' | 'token'
  readonly limit: number
  readonly rolling: boolean
  readonly timeZone: string
  readonly thresholds: readonly number[]
  readonly stops: boolean
}

/** A budget that cannot be used; the message names the option. */
export class BudgetOptionError extends Error {
  override readonly name = 'BudgetOptionError'
  readonly code = 'AGENTEL_BUDGET_OPTION'
}

const SCOPES = ['total', 'tenant', 'agent', 'user', 'session']
const PERIODS = ['request', 'hour', 'day', 'month']

function check(valid: boolean, path: string, must: string): void {
  if (!valid) throw new BudgetOptionError(`budgets: ${path} must be ${must}`)
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}

const KEYS = ['name', 'scope', 'period', 'cost', 'tokens', 'window', 'timeZone', 'thresholds', 'onExceeded']

function checkKeys(options: unknown, path: string): void {
  check(typeof options === 'object' && options !== null && !Array.isArray(options), path, 'an object')
  for (const key of Object.keys(options as object)) {
    if (!KEYS.includes(key))
      throw new BudgetOptionError(`budgets: ${path}.${key} is not known; known are ${KEYS.join(', ')}`)
  }
}

function parseBudget(options: BudgetOptions, path: string): Budget {
  checkKeys(options, path)
  const { name, scope, period, cost, tokens, window = 'calendar', timeZone = 'UTC', onExceeded = 'observe' } = options
  const thresholds = options.thresholds ?? [0.8, 1]
  check(typeof name === 'string' && name !== '', `${path}.name`, 'a text that is not empty')
  check(SCOPES.includes(scope), `${path}.scope`, `one of ${SCOPES.join(', ')}`)
  check(PERIODS.includes(period), `${path}.period`, `one of ${PERIODS.join(', ')}`)
  check((cost === undefined) !== (tokens === undefined), path, 'given exactly one of cost and tokens')
  const limit = cost ?? tokens ?? 0
  check(Number.isFinite(limit) && limit > 0, `${path}.${cost === undefined ? 'tokens' : 'cost'}`, 'a number above 0')
  check(window === 'calendar' || window === 'rolling', `${path}.window`, 'calendar or rolling')
  check(isTimeZone(timeZone), `${path}.timeZone`, 'an IANA time zone such as Europe/Berlin')
  check(thresholds.length > 0 && thresholds.every((share) => share > 0), `${path}.thresholds`, 'shares above 0')
  check(onExceeded === 'observe' || onExceeded === 'throw', `${path}.onExceeded`, 'observe or throw')
  check(
    period !== 'request' || onExceeded === 'observe',
    `${path}.onExceeded`,
    'observe for a request: its cost is known only afterwards',
  )
  return {
    name,
    scope,
    period,
    unit: cost === undefined ? 'token' : 'usd',
    limit,
    // A single call has no window that could move on.
    rolling: window === 'rolling' && period !== 'request',
    timeZone,
    thresholds: thresholds.toSorted((a, b) => a - b),
    stops: onExceeded === 'throw',
  }
}

/** Checks budgets. @throws {BudgetOptionError} that names the first wrong option by its path */
export function parseBudgets(options: readonly BudgetOptions[]): Budget[] {
  const budgets = options.map((one, index) => parseBudget(one, `[${index}]`))
  const names = new Set<string>()
  for (const { name } of budgets) {
    check(!names.has(name), `name ${JSON.stringify(name)}`, 'used only once')
    names.add(name)
  }
  return budgets
}

/**
 * Reads budgets from a JSON or YAML file: a list of {@link BudgetOptions}.
 * @throws {BudgetOptionError} that names the file and what is wrong in it
 */
export function readBudgetFile(path: string): BudgetOptions[] {
  try {
    const list = readDataFile(path)
    check(Array.isArray(list), 'the whole', 'a list')
    parseBudgets(list as BudgetOptions[])
    return list as BudgetOptions[]
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new BudgetOptionError(`budget list ${path}: ${message}`, { cause: error })
  }
}
