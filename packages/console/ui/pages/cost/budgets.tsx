/** Budgets as the applications report them: how much of each is used. */
import {
  ATTR_AGENTEL_BUDGET_NAME,
  ATTR_AGENTEL_BUDGET_SCOPE,
  ATTR_AGENTEL_TENANT_ID,
  ATTR_GEN_AI_AGENT_NAME,
  METRIC_AGENTEL_BUDGET_COST_LIMIT,
  METRIC_AGENTEL_BUDGET_COST_USAGE,
} from '@agentel/semconv'
import type { AttributeMap, MetricSeriesList } from '../../../src/api/contract.ts'
import { useMetricSeries } from '../../app/metric-series.ts'
import { exactMoney, money, percent } from '../../format/quantity.ts'
import { Panel } from '../../parts/panel.tsx'

/** A budget with its newest figures. */
export interface BudgetState {
  readonly name: string
  readonly scope: string
  /** Whose it is: an agent or a tenant; null for the whole. */
  readonly owner: string | null
  /** US dollars. */
  readonly limit: number
  readonly used: number
}

const text = (attributes: AttributeMap, name: string): string | null => {
  const value = attributes[name]
  return typeof value === 'string' ? value : null
}

/** Pairs limits with usages; a budget of which only one is known is left out. Fullest first. */
export function budgetsOf(
  limits: MetricSeriesList['series'],
  usages: MetricSeriesList['series'],
): readonly BudgetState[] {
  const keyOf = (attributes: AttributeMap) =>
    JSON.stringify(
      [ATTR_AGENTEL_BUDGET_NAME, ATTR_AGENTEL_BUDGET_SCOPE, ATTR_GEN_AI_AGENT_NAME, ATTR_AGENTEL_TENANT_ID].map(
        (name) => attributes[name] ?? null,
      ),
    )
  const used = new Map(usages.map((one) => [keyOf(one.attributes), one.value.findLast((value) => value !== null)]))
  return limits
    .flatMap(({ attributes, value }) => {
      const limit = value.findLast((one) => one !== null)
      const spent = used.get(keyOf(attributes))
      if (limit === null || limit === undefined || spent === null || spent === undefined) return []
      return [
        {
          name: text(attributes, ATTR_AGENTEL_BUDGET_NAME) ?? 'budget',
          scope: text(attributes, ATTR_AGENTEL_BUDGET_SCOPE) ?? 'total',
          owner: text(attributes, ATTR_GEN_AI_AGENT_NAME) ?? text(attributes, ATTR_AGENTEL_TENANT_ID),
          limit,
          used: spent,
        },
      ]
    })
    .toSorted((a, b) => b.used / b.limit - a.used / a.limit)
}

/** The project's bounds: a warning at 80 %, critical at 100 %. */
const toneOf = (share: number): string => (share >= 1 ? 'bad' : share >= 0.8 ? 'near' : '')

function Budget({ budget }: { budget: BudgetState }) {
  const share = budget.limit > 0 ? budget.used / budget.limit : 1
  const left = budget.limit - budget.used
  return (
    <li class={`budget ${toneOf(share)}`} title={`${exactMoney(budget.used)} of ${exactMoney(budget.limit)}`}>
      <span class="clip">
        <b>{budget.name}</b> <span class="soft">{budget.owner ?? budget.scope}</span>
      </span>
      <meter min={0} max={1} value={Math.min(1, share)} aria-hidden="true" />
      <span class="num">
        {money(budget.used)} of {money(budget.limit)}, {percent(share)}
      </span>
      <span class="num soft">{left >= 0 ? `${money(left)} left` : `${money(-left)} over`}</span>
    </li>
  )
}

/** Nothing at all where no budget was reported: most applications have none. */
export function Budgets() {
  const limits = useMetricSeries(METRIC_AGENTEL_BUDGET_COST_LIMIT)
  const usages = useMetricSeries(METRIC_AGENTEL_BUDGET_COST_USAGE)
  const budgets = budgetsOf(limits, usages)
  if (budgets.length === 0) return null
  return (
    <Panel title="Budgets">
      <ul class="budgets">
        {budgets.map((budget) => (
          <Budget key={`${budget.name} ${budget.scope} ${budget.owner}`} budget={budget} />
        ))}
      </ul>
    </Panel>
  )
}
