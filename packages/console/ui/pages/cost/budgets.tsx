/** Budgets as the applications report them: how much of each is used. */
import { METRIC_AGENTEL_BUDGET_COST_LIMIT, METRIC_AGENTEL_BUDGET_COST_USAGE } from '@agentel/semconv'
import { useMetricSeries } from '../../app/metric-series.ts'
import { exactMoney, money, percent } from '../../format/quantity.ts'
import { Panel } from '../../parts/panel.tsx'
import { type BudgetState, budgetsOf } from './budget-states.ts'

/** The project's bounds: a warning at 80 %, critical at 100 %. */
const toneOf = (share: number): string => (share >= 1 ? 'bad' : share >= 0.8 ? 'near' : '')

function Budget({ budget }: { budget: BudgetState }) {
  const share = budget.limit > 0 ? budget.used / budget.limit : 1
  const left = budget.limit - budget.used
  return (
    <li class={`budget ${toneOf(share)}`} title={`${exactMoney(budget.used)} of ${exactMoney(budget.limit)}`}>
      <span class="clip">
        <b>{budget.name}</b>{' '}
        <span class="soft">
          {budget.owner ?? budget.scope}
          {budget.service && ` as ${budget.service} reports it`}
        </span>
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
          <Budget key={`${budget.name} ${budget.scope} ${budget.owner} ${budget.service}`} budget={budget} />
        ))}
      </ul>
    </Panel>
  )
}
