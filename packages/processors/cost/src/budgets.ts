import { type Attributes, context as contextApi, type SpanContext } from '@opentelemetry/api'
import { addGate, type CallRequest, catchUpSpans, GateError, getAgentName, getIdentity } from '@agentel/api'
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
import { isModelCall } from '@agentel/semconv/operations'
import { type Account, crossedBy, moveOn, openAccount, spend, usageOf } from './budget-account.ts'
import { allOf, type Book, createBook, emptyAccounts } from './budget-book.ts'
import { type BudgetKeeper, forgetful, type KeeperParts } from './budget-keeper.ts'
import { type Budget, type BudgetOptions, type BudgetScope, parseBudgets } from './budget-options.ts'
import { type BudgetReport, type BudgetStatus, createReport, statusOf } from './budget-report.ts'
import { BudgetStoreError } from './budget-store.ts'
import { fileKeeper } from './file-keeper.ts'
import { leaseKeeper } from './lease-keeper.ts'
import { LEASE_MS, leaseServer } from './lease-server.ts'

/** What budgets are made with. */
export interface BudgetsOptions {
  readonly budgets: readonly BudgetOptions[]
  /** A SQLite file in which spend survives a restart, and which processes of one machine may share. */
  readonly file?: string
  /**
   * Address of a Redis or Valkey server (`redis://…`, `rediss://…`) by which processes of several machines share spend;
   * needs the package `@redis/client`. Each spends from a lease, so that all together do not overrun a limit.
   */
  readonly server?: string
  /** Milliseconds that a lease holds; default 10000. */
  readonly leaseMs?: number
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
  /** Resolves when all spend so far is in the file, or on the server. */
  flush(): Promise<void>
  /** Flushes, closes file or connection, and lets calls pass again. */
  close(): Promise<void>
}

function keyOf(scope: BudgetScope, { tenantId, agent, userId, sessionId }: Spender): string | undefined {
  if (scope === 'total') return ''
  if (scope === 'tenant') return tenantId
  if (scope === 'agent') return agent
  return scope === 'user' ? userId : sessionId
}

/** Where a span says whose money it has spent. */
const KEY_ATTRIBUTES: Readonly<Record<Exclude<BudgetScope, 'total'>, string>> = {
  tenant: ATTR_AGENTEL_TENANT_ID,
  agent: ATTR_GEN_AI_AGENT_NAME,
  user: ATTR_USER_ID,
  session: ATTR_SESSION_ID,
}

function keyOfSpan(scope: BudgetScope, attributes: Readonly<Attributes>): string | undefined {
  if (scope === 'total') return ''
  const key = attributes[KEY_ATTRIBUTES[scope]]
  return typeof key === 'string' ? key : undefined
}

/** What can be spent: a single NaN would make a sum that never reaches a limit, and no call gives money back. */
function numberOf(value: unknown): number {
  return Number.isFinite(value) && (value as number) > 0 ? (value as number) : 0
}

/** What a call costs a budget, in the unit of its limit. */
function amountOf(budget: Budget, attributes: Readonly<Attributes>): number {
  if (budget.unit === 'usd') return numberOf(attributes[ATTR_AGENTEL_COST_AMOUNT])
  return numberOf(attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS]) + numberOf(attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS])
}

function chargeSpan(book: Book, report: BudgetReport, span: EndingSpan): void {
  const { attributes } = span
  if (!isModelCall(attributes[ATTR_GEN_AI_OPERATION_NAME])) return
  report.start()
  const { keeper } = book
  for (const budget of book.budgets) {
    const key = keyOfSpan(budget.scope, attributes)
    const amount = amountOf(budget, attributes)
    if (key === undefined || amount === 0) continue
    const single = budget.period === 'request'
    const account = single ? openAccount(budget, key, book.now()) : book.account(budget, key)
    spend(account, amount, book.now(), keeper.keeps)
    if (single || !keeper.charged(account)) tell(report, account, amount, usageOf(account), span.spanContext())
  }
}

function tell(report: BudgetReport, account: Account, added: number, used: number, span?: SpanContext): void {
  for (const threshold of crossedBy(account, added, used)) report.crossed(statusOf(account), threshold, span)
}

/** How a budget stands for a call that may be made. */
interface Standing {
  readonly status: BudgetStatus
  /** This process has spent what it may before it hears from the others. */
  readonly waits: boolean
}

function standingsFor(book: Book, spender: Spender): Standing[] {
  return book.budgets.flatMap((budget) => {
    const key = keyOf(budget.scope, spender)
    if (key === undefined || budget.period === 'request') return []
    const account = book.account(budget, key)
    return [{ status: statusOf(account), waits: book.keeper.isBeyondLease(account) }]
  })
}

/** Asked before each call: nothing is made of a budget that has enough left. */
function stopIfExceeded(book: Book, { context, agent }: CallRequest): void {
  let spender: Spender | undefined
  for (const budget of book.budgets) {
    if (!budget.stops) continue
    if (budget.scope !== 'total') spender ??= { ...getIdentity(context), agent: agent ?? getAgentName(context) }
    const key = keyOf(budget.scope, spender ?? NOBODY)
    if (key === undefined) continue
    const account = book.account(budget, key)
    if (usageOf(account) >= budget.limit || book.keeper.isBeyondLease(account)) throw refusal(statusOf(account))
  }
}

const NOBODY: Spender = {}

function refusal({ name, scope, used, limit, unit, until, exceeded }: BudgetStatus): GateError {
  const amounts = unit === 'usd' ? `$${used.toFixed(4)} of $${limit}` : `${used} of ${limit} tokens`
  return new GateError(
    'budget',
    exceeded
      ? `budget ${JSON.stringify(name)} (${scope}) is used up: ${amounts}. Calls are refused until ${new Date(until).toISOString()}, or until its limit is raised.`
      : `budget ${JSON.stringify(name)} (${scope}) is divided among processes (${amounts} spent), and this one has spent its part: it has asked for more, so try again.`,
  )
}

/** Where spend is kept: nowhere, in a file, or on a server. */
function keeperOf(options: BudgetsOptions, parts: KeeperParts): BudgetKeeper {
  const { file, server, leaseMs = LEASE_MS } = options
  if (file !== undefined && server !== undefined)
    throw new BudgetStoreError('budgets: give a file or a server, not both: spend is kept in one place')
  if (server !== undefined) return leaseKeeper(leaseServer(server, leaseMs), leaseMs, parts)
  return file === undefined ? forgetful : fileKeeper(file, parts)
}

/**
 * Budgets over the cost (or the tokens) of model calls.
 *
 * @throws {BudgetOptionError} for a wrong budget, {@link BudgetStoreError} for a file or server that cannot be used
 * @example
 * const budgets = createBudgets({ budgets: [{ name: 'daily', scope: 'user', period: 'day', cost: 5, onExceeded: 'throw' }] })
 * enricherProcessor([costEnricher(), budgets.enricher])
 */
export function createBudgets(options: BudgetsOptions): Budgets {
  const budgets = parseBudgets(options.budgets)
  const { now = Date.now, maxAccounts = 10_000, onThreshold } = options
  const accounts = emptyAccounts(budgets)
  const report = createReport(() => allOf(accounts).map(currentStatus), onThreshold)
  const currentStatus = (account: Account): BudgetStatus => {
    moveOn(account, now())
    return statusOf(account)
  }
  const keeper = keeperOf(options, {
    accounts: () => allOf(accounts),
    tell: (account, added, used) => tell(report, account, added, used),
    now,
  })
  const book = createBook(accounts, keeper, { budgets, now, maxAccounts, onForgotten: report.evicted })
  const stopping = budgets.some(({ stops }) => stops)
  const removeGate = stopping ? addGate((request) => stopIfExceeded(book, request)) : undefined
  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    removeGate?.()
    await keeper.close()
  }
  return {
    enricher: {
      name: 'budget',
      // Not in onEnd: by then redaction may have changed whose call it was.
      onEnding(span) {
        if (!closed) chargeSpan(book, report, span)
      },
      forceFlush: keeper.flush,
      shutdown: close,
    },
    checkBudget(spender) {
      catchUpSpans()
      const active = contextApi.active()
      const whose = spender ?? { ...getIdentity(active), agent: getAgentName(active) }
      const standings = standingsFor(book, whose)
      return {
        allowed: standings.every(({ status, waits }) => !status.exceeded && !waits),
        budgets: standings.map(({ status }) => status),
      }
    },
    flush: keeper.flush,
    close,
  }
}
