import { type Attributes, context as contextApi, type SpanContext } from '@opentelemetry/api'
import { addGate, type CallRequest, GateError, getAgentName, getIdentity, guard } from '@agentel/api'
import type { EndingSpan, Enricher } from '@agentel/processor-kit'
import {
  ATTR_AGENTEL_COST_AMOUNT,
  ATTR_AGENTEL_TENANT_ID,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '@agentel/semconv'
import { type Account, crossedBy, moveOn, openAccount, spend, unsavedOf } from './budget-account.ts'
import { type Budget, type BudgetOptions, type BudgetScope, parseBudgets } from './budget-options.ts'
import { type BudgetReport, type BudgetStatus, createReport, statusOf } from './budget-report.ts'
import { type BudgetStore, openBudgetStore } from './budget-store.ts'
import { isLeafOperation } from './leaf-operations.ts'

/** What budgets are made with. */
export interface BudgetsOptions {
  readonly budgets: readonly BudgetOptions[]
  /** A SQLite file in which spend survives a restart, and which processes of one machine may share. */
  readonly file?: string
  /** Called when spend crosses a threshold; must be quick. What it throws is a fault of ours. */
  readonly onThreshold?: (status: BudgetStatus, threshold: number) => void
  /** Tenants, agents, users, sessions kept in memory for each budget; default 10000. Without a file, the one that spent longest ago is forgotten. */
  readonly maxAccounts?: number
  /** The clock, milliseconds since 1970; for tests. */
  readonly now?: () => number
}

/** Whose money a call would spend; what is not given has no budget. */
export interface Spender {
  readonly tenantId?: string | undefined
  readonly agent?: string | undefined
  readonly userId?: string | undefined
  readonly sessionId?: string | undefined
}

/** Whether a call may be made, and the budgets that it would be charged to. */
export interface BudgetCheck {
  /** False when any of the budgets is used up, whether it stops calls or only observes them. */
  readonly allowed: boolean
  readonly budgets: readonly BudgetStatus[]
}

/** Budgets at work. */
export interface Budgets {
  /** Charges the cost of spans. Put it right after the cost enricher, before redaction. */
  readonly enricher: Enricher
  /** How the budgets stand that a call would be charged to; by default one made in the active context. */
  checkBudget(spender?: Spender): BudgetCheck
  /** Resolves when all spend so far is in the file. */
  flush(): Promise<void>
  /** Flushes, closes the file and lets calls pass again. */
  close(): Promise<void>
}

const SAVE_EVERY = 100
/** About half a millisecond of the event loop; what is left follows soon after. */
const SAVE_AT_ONCE = 50
const SAVE_MORE_AFTER = 5
/** How old, in milliseconds, the knowledge of what other processes spent may be. */
const READ_EVERY = 200
const MAX_SAVE_ATTEMPTS = 50
const DAY = 24 * 3_600_000

function keyOf(scope: BudgetScope, { tenantId, agent, userId, sessionId }: Spender): string | undefined {
  return { total: '', tenant: tenantId, agent, user: userId, session: sessionId }[scope]
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function spenderOf(attributes: Readonly<Attributes>): Spender {
  return {
    tenantId: text(attributes[ATTR_AGENTEL_TENANT_ID]),
    agent: text(attributes[ATTR_GEN_AI_AGENT_NAME]),
    userId: text(attributes[ATTR_USER_ID]),
    sessionId: text(attributes[ATTR_SESSION_ID]),
  }
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

/** What a call costs a budget, in the unit of its limit. */
function amountOf(budget: Budget, attributes: Readonly<Attributes>): number {
  if (budget.unit === 'usd') return numberOf(attributes[ATTR_AGENTEL_COST_AMOUNT])
  return numberOf(attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS]) + numberOf(attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS])
}

/** The accounts of all budgets. */
interface Book {
  readonly budgets: readonly Budget[]
  readonly store: BudgetStore | undefined
  readonly now: () => number
  account(budget: Budget, key: string): Account
  all(): Account[]
}

function createBook(
  options: BudgetsOptions,
  budgets: readonly Budget[],
  store: BudgetStore | undefined,
  onForgotten: () => void,
): Book {
  const now = options.now ?? Date.now
  const maxAccounts = options.maxAccounts ?? 10_000
  const accounts = new Map(budgets.map((budget) => [budget.name, new Map<string, Account>()]))
  const makeRoom = (known: Map<string, Account>): void => {
    if (known.size < maxAccounts) return
    for (const [key, account] of known) {
      // Spend that is not in the file yet must not be forgotten.
      if (store !== undefined && account.unsaved.size > 0) continue
      known.delete(key)
      if (store === undefined) onForgotten()
      return
    }
  }
  return {
    budgets,
    store,
    now,
    account(budget, key) {
      const known = accounts.get(budget.name)!
      let account = known.get(key)
      if (account === undefined) {
        makeRoom(known)
        account = openAccount(budget, key, now())
      } else known.delete(key)
      // The order of the map is that of use: the first was used longest ago.
      known.set(key, account)
      moveOn(account, now())
      if (store !== undefined && now() - account.readAt > READ_EVERY) {
        account.readAt = now()
        store.load(account)
      }
      return account
    },
    all: () => [...accounts.values()].flatMap((known) => [...known.values()]),
  }
}

function chargeSpan(book: Book, report: BudgetReport, span: EndingSpan): void {
  const { attributes } = span
  if (!isLeafOperation(attributes[ATTR_GEN_AI_OPERATION_NAME])) return
  report.start()
  const spender = spenderOf(attributes)
  for (const budget of book.budgets) {
    const key = keyOf(budget.scope, spender)
    const amount = amountOf(budget, attributes)
    if (key === undefined || amount === 0) continue
    const single = budget.period === 'request'
    const account = single ? openAccount(budget, key, book.now()) : book.account(budget, key)
    spend(account, amount, book.now())
    // With a file it is told after saving, by the process that has crossed the threshold of what all have spent.
    if (single || book.store === undefined) tell(report, account, amount, span.spanContext())
  }
}

function tell(report: BudgetReport, account: Account, added: number, span?: SpanContext): void {
  for (const threshold of crossedBy(account, added)) report.crossed(statusOf(account), threshold, span)
}

/** Saves some of what is unsaved. */
function save(book: Book, report: BudgetReport): 'done' | 'more' | 'busy' {
  const { store } = book
  const unsaved = book.all().filter((account) => account.unsaved.size > 0)
  if (store === undefined || unsaved.length === 0) return 'done'
  const now = unsaved.slice(0, SAVE_AT_ONCE)
  const added = now.map(unsavedOf)
  if (!store.save(now)) return 'busy'
  for (const [index, account] of now.entries()) tell(report, account, added[index] ?? 0)
  return now.length === unsaved.length ? 'done' : 'more'
}

function statusesFor(book: Book, spender: Spender, only: (budget: Budget) => boolean): BudgetStatus[] {
  return book.budgets.flatMap((budget) => {
    const key = keyOf(budget.scope, spender)
    if (key === undefined || budget.period === 'request' || !only(budget)) return []
    return [statusOf(book.account(budget, key))]
  })
}

function stopIfExceeded(book: Book, { context, agent }: CallRequest): void {
  const statuses = statusesFor(
    book,
    { ...getIdentity(context), agent: agent ?? getAgentName(context) },
    ({ stops }) => stops,
  )
  const exceeded = statuses.find((status) => status.exceeded)
  if (exceeded === undefined) return
  const { name, scope, used, limit, unit, until } = exceeded
  const amounts = unit === 'usd' ? `$${used.toFixed(4)} of $${limit}` : `${used} of ${limit} tokens`
  throw new GateError(
    'budget',
    `budget ${JSON.stringify(name)} (${scope}) is used up: ${amounts}. Calls are refused until ${new Date(until).toISOString()}, or until its limit is raised.`,
  )
}

/**
 * Budgets over the cost (or the tokens) of model calls.
 *
 * @throws {BudgetOptionError} for a wrong budget, {@link BudgetStoreError} for a file that cannot be used
 * @example
 * const budgets = createBudgets({ budgets: [{ name: 'daily', scope: 'user', period: 'day', cost: 5, onExceeded: 'throw' }] })
 * enricherProcessor([costEnricher(), budgets.enricher])
 */
export function createBudgets(options: BudgetsOptions): Budgets {
  const budgets = parseBudgets(options.budgets)
  const store = options.file === undefined ? undefined : openBudgetStore(options.file)
  const report = createReport(() => book.all().map(currentStatus), options.onThreshold)
  const book = createBook(options, budgets, store, report.evicted)
  const currentStatus = (account: Account): BudgetStatus => {
    moveOn(account, book.now())
    return statusOf(account)
  }
  store?.forgetBefore(book.now() - 62 * DAY)
  const removeGate = budgets.some(({ stops }) => stops)
    ? addGate((request) => stopIfExceeded(book, request))
    : undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const saveSoon = (after = SAVE_EVERY): void => {
    if (store === undefined || timer !== undefined || closed) return
    timer = setTimeout(() => {
      timer = undefined
      const result = guard('budget.save', () => save(book, report))
      if (result !== 'done') saveSoon(result === 'more' ? SAVE_MORE_AFTER : SAVE_EVERY)
    }, after).unref()
  }
  const flush = async (): Promise<void> => {
    for (let attempt = 0; attempt < MAX_SAVE_ATTEMPTS;) {
      const result = closed ? 'done' : save(book, report)
      if (result === 'done') return
      if (result === 'busy') attempt++
      await new Promise((resolve) => setTimeout(resolve, result === 'busy' ? 20 : 0))
    }
    throw new Error(
      `budget file ${options.file} was being written by another process all the time: spend is not saved yet`,
    )
  }
  const close = async (): Promise<void> => {
    if (closed) return
    removeGate?.()
    clearTimeout(timer)
    await flush().finally(() => {
      closed = true
      store?.close()
    })
  }
  return {
    enricher: {
      name: 'budget',
      // Not in onEnd: by then redaction may have changed whose call it was.
      onEnding(span) {
        if (closed) return
        chargeSpan(book, report, span)
        saveSoon()
      },
      forceFlush: flush,
      shutdown: close,
    },
    checkBudget(spender) {
      const active = contextApi.active()
      const statuses = statusesFor(book, spender ?? { ...getIdentity(active), agent: getAgentName(active) }, () => true)
      return { allowed: statuses.every(({ exceeded }) => !exceeded), budgets: statuses }
    },
    flush,
    close,
  }
}
