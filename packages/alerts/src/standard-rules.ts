import {
  ATTR_AGENTEL_ERROR_CATEGORY,
  ATTR_AGENTEL_WORKER_NAME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_TOOL_NAME,
  METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST,
  METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST,
  METRIC_AGENTEL_ERRORS,
  METRIC_AGENTEL_FEEDBACK_RATING,
  METRIC_AGENTEL_TRACE_SPANS,
  METRIC_AGENTEL_WORKER_EXECUTION_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_EXECUTE_TOOL_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_DURATION,
  METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION,
  METRIC_PROCESS_CPU_UTILIZATION,
  METRIC_PROCESS_MEMORY_USAGE,
} from '@agentel/semconv'
import { type AlertRuleInput, checkRules } from './parse-rules.ts'
import type { AlertRule } from './rule.ts'

type Rest = Omit<AlertRuleInput, 'name' | 'summary' | 'signal' | 'severity' | 'window'>

const failed = { labels: { [ATTR_ERROR_TYPE]: '*' } }
const succeeded = { labels: { [ATTR_ERROR_TYPE]: '' } }

/** Name, summary, signal, severity, window, and what is particular. All wait 15 minutes before they tell again. */
function row(
  name: string,
  summary: string,
  signal: string,
  severity: AlertRuleInput['severity'],
  window: string,
  rest: Rest,
): AlertRuleInput {
  return { name, summary, signal, severity, window, cooldown: '15m', ...rest }
}

const ofCalls = METRIC_GEN_AI_CLIENT_INFERENCE_DURATION
const ofAgents = METRIC_GEN_AI_INVOKE_AGENT_DURATION
const byAgent = { groupBy: [ATTR_GEN_AI_AGENT_NAME] }

const failures: AlertRuleInput[] = [
  row('error-rate', 'More than 5 % of the model calls fail, for 5 minutes.', ofCalls, 'critical', '5m', {
    aggregation: 'ratio',
    numerator: failed,
    above: 0.05,
    for: '5m',
  }),
  row('error-rate-high', 'More than 10 % of the model calls fail.', ofCalls, 'critical', '5m', {
    aggregation: 'ratio',
    numerator: failed,
    above: 0.1,
  }),
  row('errors-many', 'More than 10 errors in 5 minutes.', METRIC_AGENTEL_ERRORS, 'error', '5m', {
    aggregation: 'increase',
    above: 10,
  }),
  row('errors-of-category', 'More than 10 errors of one category in an hour.', METRIC_AGENTEL_ERRORS, 'warning', '1h', {
    aggregation: 'increase',
    groupBy: [ATTR_AGENTEL_ERROR_CATEGORY],
    above: 10,
  }),
  row('agent-success-low', 'An agent succeeds in less than 90 % of its runs.', ofAgents, 'warning', '15m', {
    aggregation: 'ratio',
    numerator: succeeded,
    below: 0.9,
    ...byAgent,
  }),
  row('agent-success-very-low', 'An agent succeeds in less than 80 % of its runs.', ofAgents, 'critical', '15m', {
    aggregation: 'ratio',
    numerator: succeeded,
    below: 0.8,
    ...byAgent,
  }),
  row(
    'tool-success-low',
    'A tool succeeds in less than 90 % of its calls.',
    METRIC_GEN_AI_EXECUTE_TOOL_DURATION,
    'warning',
    '15m',
    { aggregation: 'ratio', numerator: succeeded, below: 0.9, groupBy: [ATTR_GEN_AI_TOOL_NAME] },
  ),
  row('worker-failed', 'A worker failed.', METRIC_AGENTEL_WORKER_EXECUTION_DURATION, 'error', '5m', {
    aggregation: 'increase',
    where: { [ATTR_ERROR_TYPE]: '*' },
    above: 0,
    groupBy: [ATTR_AGENTEL_WORKER_NAME],
  }),
]

/** The label of ratings of 2 and less, as `recordFeedback` of the api gives it. */
const feedback: AlertRuleInput[] = [
  row('rating-low', 'A user rated an answer 2 or less.', METRIC_AGENTEL_FEEDBACK_RATING, 'warning', '5m', {
    aggregation: 'increase',
    where: { [ATTR_GEN_AI_EVALUATION_SCORE_LABEL]: 'negative' },
    above: 0,
    ...byAgent,
  }),
]

const slowness: AlertRuleInput[] = [
  row('response-slow', 'Responses take more than 5 s (p95), for 10 minutes.', ofCalls, 'warning', '10m', {
    aggregation: 'percentile',
    percentile: 95,
    above: 5,
    for: '10m',
  }),
  row('response-very-slow', 'Responses take more than 30 s (p95).', ofCalls, 'error', '5m', {
    aggregation: 'percentile',
    percentile: 95,
    above: 30,
  }),
  row(
    'workflow-slow',
    'Workflows take more than 30 s (p95).',
    METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION,
    'warning',
    '10m',
    {
      aggregation: 'percentile',
      percentile: 95,
      above: 30,
    },
  ),
]

const spending: AlertRuleInput[] = [
  row('tokens-per-request', 'A request takes more than 5000 tokens on average.', ofCalls, 'warning', '15m', {
    aggregation: 'ratio',
    numerator: {
      signal: [METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS],
    },
    above: 5000,
  }),
  ...(
    [
      ['cost-per-request', 'warning', 0.05],
      ['cost-per-request-high', 'error', 0.1],
    ] as const
  ).map(([name, severity, above]) =>
    row(
      name,
      `A request costs more than $${above.toFixed(2)} on average.`,
      METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST,
      severity,
      '15m',
      { aggregation: 'average', above },
    ),
  ),
  row('cost-hourly', 'More than $10 in an hour.', METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST, 'error', '1h', {
    aggregation: 'increase',
    above: 10,
  }),
  row('cost-total', 'More than $50 since the start.', METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST, 'error', '5m', {
    aggregation: 'sum',
    above: 50,
  }),
]

const resources: AlertRuleInput[] = [
  ...(
    [
      ['cpu-high', 'warning', 0.8],
      ['cpu-very-high', 'critical', 0.9],
    ] as const
  ).map(([name, severity, above]) =>
    row(
      name,
      `The process uses more than ${above * 100} % of the CPU.`,
      METRIC_PROCESS_CPU_UTILIZATION,
      severity,
      '5m',
      {
        aggregation: 'sum',
        above,
        for: '5m',
      },
    ),
  ),
  row('memory-high', 'The process holds more than 1000 MB.', METRIC_PROCESS_MEMORY_USAGE, 'warning', '5m', {
    aggregation: 'sum',
    above: 1_000_000_000,
  }),
  row('trace-volume', 'Far more traces than usual.', METRIC_AGENTEL_TRACE_SPANS, 'warning', '5m', {
    aggregation: 'rate',
    above: { percentile: 95, values: 1000, minimum: 50 },
    for: '5m',
  }),
]

/** The rules that suit most applications. Take them all, or filter them by `name`. */
export const standardRules: readonly AlertRule[] = /* @__PURE__ */ checkRules(
  { rules: [...failures, ...feedback, ...slowness, ...spending, ...resources] },
  'standardRules',
)
