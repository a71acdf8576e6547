import * as n from '../../../packages/semconv/src/index.ts'
import type { Dashboard } from './panels.ts'
import { grown, latest, mean, per, quantile } from './query.ts'

const cost = n.METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST
const calls = n.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION
const model = [n.ATTR_GEN_AI_REQUEST_MODEL]
const budget = [n.ATTR_AGENTEL_BUDGET_NAME, n.ATTR_AGENTEL_BUDGET_SCOPE]
const [range, rate] = ['$__range', '$__rate_interval'] as const

/** What it costs. */
export const costDashboard: Dashboard = {
  uid: 'cost',
  title: 'Cost',
  what: 'Spending by model and kind, per request and session, and the budgets. US dollars.',
  panels: [
    { kind: 'stat', title: 'Spent', what: 'In the time shown.', unit: 'currencyUSD', query: grown(cost, range) },
    {
      kind: 'stat',
      title: 'At this pace, a day',
      what: 'What the time shown would cost when it went on for a day.',
      unit: 'currencyUSD',
      query: `${grown(cost, range)} * 86400 / $__range_s`,
    },
    {
      kind: 'stat',
      title: 'Cost of a request',
      what: 'Mean cost of a call.',
      unit: 'currencyUSD',
      target: [0.01, 0.05],
      query: mean(n.METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST, range),
    },
    {
      kind: 'stat',
      title: 'Cost of a session',
      what: 'Mean cost of the sessions that ended.',
      unit: 'currencyUSD',
      query: mean(n.METRIC_AGENTEL_SESSION_COST, range),
    },
    {
      kind: 'stat',
      title: 'Unpriced calls',
      what: 'Calls for which no price is known: their cost is in no figure here.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_CLIENT_INFERENCE_UNPRICED, range),
    },
    {
      kind: 'stat',
      title: 'Cached input',
      what: 'Share of the input tokens that came from a cache.',
      unit: 'percentunit',
      query: per(
        [n.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS],
        n.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
        range,
      ),
    },
    {
      kind: 'lines',
      title: 'Cost by model',
      what: 'In the interval.',
      unit: 'currencyUSD',
      by: model,
      query: grown(cost, rate, model),
    },
    {
      kind: 'lines',
      title: 'Cost by kind',
      what: 'Input, output, cache, reasoning, in the interval.',
      unit: 'currencyUSD',
      by: [n.ATTR_AGENTEL_COST_CATEGORY],
      query: grown(cost, rate, [n.ATTR_AGENTEL_COST_CATEGORY]),
    },
    {
      kind: 'lines',
      title: 'Cost per request by model',
      what: 'Mean cost of a call.',
      unit: 'currencyUSD',
      target: [0.01, 0.05],
      by: model,
      query: per([cost], calls, rate, model),
    },
    {
      kind: 'lines',
      title: 'Tokens per request by model',
      what: 'Mean of input and output tokens of a call.',
      unit: 'short',
      target: [1000, 5000],
      by: model,
      query: per(
        [n.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, n.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS],
        calls,
        rate,
        model,
      ),
    },
    {
      kind: 'lines',
      title: 'Dearest requests',
      what: '99th percentile of the cost of a call.',
      unit: 'currencyUSD',
      by: model,
      query: quantile(0.99, n.METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST, rate, model),
    },
    {
      kind: 'lines',
      title: 'Budgets used',
      what: 'Share of each budget.',
      unit: 'percentunit',
      target: [0.8, 1],
      by: budget,
      query: `max by (agentel_budget_name, agentel_budget_scope) (${latest(n.METRIC_AGENTEL_BUDGET_UTILIZATION, [n.ATTR_AGENTEL_BUDGET_NAME, n.ATTR_AGENTEL_BUDGET_SCOPE, n.ATTR_SERVICE_NAME])})`,
    },
    {
      kind: 'table',
      title: 'Thresholds crossed',
      what: 'How often a budget reached a threshold, users and sessions included.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_BUDGET_CROSSINGS, range, [...budget, n.ATTR_AGENTEL_BUDGET_THRESHOLD]),
    },
    {
      kind: 'table',
      title: 'Tokens by model',
      what: 'Input tokens in the time shown.',
      unit: 'short',
      query: grown(n.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, range, model),
    },
  ],
}
