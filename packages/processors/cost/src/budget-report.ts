import {
  type Counter,
  type Meter,
  metrics,
  type ObservableResult,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
  ValueType,
} from '@opentelemetry/api'
import { emitEvent, guard, SEVERITY } from '@agentel/api'
import {
  ATTR_AGENTEL_BUDGET_LIMIT,
  ATTR_AGENTEL_BUDGET_NAME,
  ATTR_AGENTEL_BUDGET_SCOPE,
  ATTR_AGENTEL_BUDGET_THRESHOLD,
  ATTR_AGENTEL_BUDGET_UNIT,
  ATTR_AGENTEL_BUDGET_USAGE,
  ATTR_AGENTEL_COMPONENT_NAME,
  ATTR_AGENTEL_TENANT_ID,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
  EVENT_AGENTEL_BUDGET_THRESHOLD_EXCEEDED,
  METRIC_AGENTEL_BUDGET_COST_LIMIT,
  METRIC_AGENTEL_BUDGET_COST_USAGE,
  METRIC_AGENTEL_BUDGET_CROSSINGS,
  METRIC_AGENTEL_BUDGET_TOKEN_LIMIT,
  METRIC_AGENTEL_BUDGET_TOKEN_USAGE,
  METRIC_AGENTEL_BUDGET_UTILIZATION,
  METRIC_AGENTEL_SELF_EVICTED,
} from '@agentel/semconv'
import { type Account, usageOf } from './budget-account.ts'
import type { BudgetScope } from './budget-options.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** How a budget stands. */
export interface BudgetStatus {
  readonly name: string
  readonly scope: BudgetScope
  /** Whose budget; empty for scope total. */
  readonly key: string
  readonly unit: 'usd' | 'token'
  readonly limit: number
  readonly used: number
  /** Never below 0. */
  readonly remaining: number
  /** Of the limit, above 100 when it is overrun. */
  readonly percentage: number
  readonly exceeded: boolean
  /** The window, milliseconds since 1970. */
  readonly from: number
  readonly until: number
}

/** How an account stands. */
export function statusOf(account: Account): BudgetStatus {
  const { budget, key, window } = account
  const used = usageOf(account)
  return {
    name: budget.name,
    scope: budget.scope,
    key,
    unit: budget.unit,
    limit: budget.limit,
    used,
    remaining: Math.max(0, budget.limit - used),
    percentage: (used / budget.limit) * 100,
    exceeded: used >= budget.limit,
    from: window.start,
    until: window.end,
  }
}

/** Tells the crossing of a threshold and shows how budgets stand. */
export interface BudgetReport {
  /** Makes the instruments, once. To be called at the first spend. */
  start(): void
  /** @param span the span whose cost did it */
  crossed(status: BudgetStatus, threshold: number, span?: SpanContext): void
  /** Counts an account that was forgotten to make room, its spend with it. */
  evicted(): void
}

/** Who a budget belongs to, on metrics. */
const METRIC_KEYS: Partial<Record<BudgetScope, string>> = {
  tenant: ATTR_AGENTEL_TENANT_ID,
  agent: ATTR_GEN_AI_AGENT_NAME,
}
/** The same on events, which may carry ids. */
const EVENT_KEYS: Partial<Record<BudgetScope, string>> = {
  ...METRIC_KEYS,
  user: ATTR_USER_ID,
  session: ATTR_SESSION_ID,
}

function attributesOf(
  { name, scope, key }: BudgetStatus,
  keys: Partial<Record<BudgetScope, string>>,
): Record<string, string> {
  const keyAttribute = keys[scope]
  return {
    [ATTR_AGENTEL_BUDGET_NAME]: name,
    [ATTR_AGENTEL_BUDGET_SCOPE]: scope,
    ...(keyAttribute === undefined ? {} : { [keyAttribute]: key }),
  }
}

function addGauges(meter: Meter, statuses: () => readonly BudgetStatus[]): void {
  const gauge = (metric: string, unit: string, observe: (result: ObservableResult, status: BudgetStatus) => void) => {
    meter.createObservableGauge(metric, { unit, valueType: ValueType.DOUBLE }).addCallback((result) => {
      guard('budget.observe', () => {
        for (const status of statuses()) observe(result, status)
      })
    })
  }
  const only =
    (unit: BudgetStatus['unit'], value: (status: BudgetStatus) => number) =>
    (result: ObservableResult, status: BudgetStatus) => {
      if (status.unit === unit) result.observe(value(status), attributesOf(status, METRIC_KEYS))
    }
  gauge(
    METRIC_AGENTEL_BUDGET_COST_LIMIT,
    '{USD}',
    only('usd', ({ limit }) => limit),
  )
  gauge(
    METRIC_AGENTEL_BUDGET_COST_USAGE,
    '{USD}',
    only('usd', ({ used }) => used),
  )
  gauge(
    METRIC_AGENTEL_BUDGET_TOKEN_LIMIT,
    '{token}',
    only('token', ({ limit }) => limit),
  )
  gauge(
    METRIC_AGENTEL_BUDGET_TOKEN_USAGE,
    '{token}',
    only('token', ({ used }) => used),
  )
  gauge(METRIC_AGENTEL_BUDGET_UTILIZATION, '1', (result, status) =>
    result.observe(status.percentage / 100, attributesOf(status, METRIC_KEYS)),
  )
}

/**
 * Events, metrics and the user's callback. Gauges are only for the scopes total, tenant and agent: users and sessions
 * are too many for a metric, so of them the counter of crossings tells how often, without whose.
 * @param statuses how the budgets of those scopes stand
 */
export function createReport(
  statuses: () => readonly BudgetStatus[],
  onThreshold: ((status: BudgetStatus, threshold: number) => void) | undefined,
): BudgetReport {
  let crossings: Counter | undefined
  let evictions: Counter | undefined
  // The host's meter provider is there by the first call of a model, but perhaps not yet when budgets are made.
  const start = (): Counter => {
    if (crossings !== undefined) return crossings
    const meter = metrics.getMeter(SCOPE_NAME, SCOPE_VERSION)
    addGauges(meter, () => statuses().filter(({ scope }) => scope === 'total' || METRIC_KEYS[scope] !== undefined))
    evictions = meter.createCounter(METRIC_AGENTEL_SELF_EVICTED, { unit: '{item}', valueType: ValueType.INT })
    crossings = meter.createCounter(METRIC_AGENTEL_BUDGET_CROSSINGS, { unit: '{crossing}', valueType: ValueType.INT })
    return crossings
  }
  return {
    start: () => void start(),
    evicted() {
      start()
      evictions?.add(1, { [ATTR_AGENTEL_COMPONENT_NAME]: 'budget' })
    },
    crossed(status, threshold, span) {
      const { name, scope, unit, limit, used } = status
      const shared = {
        [ATTR_AGENTEL_BUDGET_NAME]: name,
        [ATTR_AGENTEL_BUDGET_SCOPE]: scope,
        [ATTR_AGENTEL_BUDGET_THRESHOLD]: threshold,
      }
      start().add(1, shared)
      const details = {
        [ATTR_AGENTEL_BUDGET_LIMIT]: limit,
        [ATTR_AGENTEL_BUDGET_USAGE]: used,
        [ATTR_AGENTEL_BUDGET_UNIT]: unit,
      }
      emitEvent(
        EVENT_AGENTEL_BUDGET_THRESHOLD_EXCEEDED,
        { ...shared, ...attributesOf(status, EVENT_KEYS), ...details },
        {
          severity: threshold >= 1 ? SEVERITY.ERROR : SEVERITY.WARN,
          // Whatever is active when a span ends has nothing to do with whose budget this is.
          context: span === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span),
        },
      )
      guard('budget.onThreshold', () => onThreshold?.(status, threshold))
    },
  }
}
