/** Budgets as the applications report them, out of the series of two metrics. */
import {
  ATTR_AGENTEL_BUDGET_NAME,
  ATTR_AGENTEL_BUDGET_SCOPE,
  ATTR_AGENTEL_TENANT_ID,
  ATTR_GEN_AI_AGENT_NAME,
} from '@agentel/semconv'
import type { AttributeMap, MetricSeriesList } from '../../../src/api/contract.ts'

/** A budget with its newest figures. */
export interface BudgetState {
  readonly name: string
  readonly scope: string
  /** Whose it is: an agent or a tenant; null for the whole. */
  readonly owner: string | null
  /** Who reports it, where several services report one of this name: each may count what it spent itself. */
  readonly service: string | null
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
  const reports = Map.groupBy(limits, ({ attributes }) => keyOf(attributes))
  const usedBy = ({ service, attributes }: MetricSeriesList['series'][number]) => `${service} ${keyOf(attributes)}`
  const used = new Map(usages.map((one) => [usedBy(one), one.value.findLast((value) => value !== null)]))
  return limits
    .flatMap((series) => {
      const { attributes, value } = series
      const limit = value.findLast((one) => one !== null)
      const spent = used.get(usedBy(series))
      if (limit === null || limit === undefined || spent === null || spent === undefined) return []
      return [
        {
          name: text(attributes, ATTR_AGENTEL_BUDGET_NAME) ?? 'budget',
          scope: text(attributes, ATTR_AGENTEL_BUDGET_SCOPE) ?? 'total',
          owner: text(attributes, ATTR_GEN_AI_AGENT_NAME) ?? text(attributes, ATTR_AGENTEL_TENANT_ID),
          service: reports.get(keyOf(attributes))!.length > 1 ? series.service : null,
          limit,
          used: spent,
        },
      ]
    })
    .toSorted((a, b) => b.used / b.limit - a.used / a.limit)
}
