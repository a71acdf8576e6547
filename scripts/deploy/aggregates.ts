/** Sums over series, named `level:metric:operation` so that nobody takes them for counters. */
import { countSuffix, prometheusLabel, prometheusSelector } from '../../packages/alerts/src/index.ts'
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_SERVICE_NAME,
  METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST,
  METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST,
  METRIC_AGENTEL_SESSION_COST,
  METRIC_AGENTEL_SESSION_DURATION,
  METRIC_AGENTEL_SESSION_QUERIES,
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_EXECUTE_TOOL_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_DURATION,
} from '../../packages/semconv/src/index.ts'
import type { RecordingRule } from './plain-names.ts'

const service = prometheusLabel(ATTR_SERVICE_NAME)
const failed = { [ATTR_ERROR_TYPE]: '*' }

function grown(metric: string, window: string, suffix = countSuffix(metric), filter: Record<string, string> = {}) {
  return `increase(${prometheusSelector(metric, suffix, filter)}[${window}])`
}

function summed(inner: string, ...by: string[]): string {
  return `sum by (${[service, ...by].join(', ')}) (${inner})`
}

function mean(metric: string, window: string): string {
  return `${summed(grown(metric, window, '_sum'))} / ${summed(grown(metric, window, '_count'))}`
}

/** The share of operations that failed. Where none failed there is no series of failures: that is 0 of all. */
function failures(metric: string, ...by: string[]): string {
  const all = summed(grown(metric, '5m'), ...by)
  return `(${summed(grown(metric, '5m', '_count', failed), ...by)} or ${all} * 0) / ${all}`
}

const calls = METRIC_GEN_AI_CLIENT_INFERENCE_DURATION
const tokens = [METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS]
const agentLabel = prometheusLabel(ATTR_GEN_AI_AGENT_NAME)
const toolLabel = prometheusLabel(ATTR_GEN_AI_TOOL_NAME)
const modelLabel = prometheusLabel(ATTR_GEN_AI_REQUEST_MODEL)
const p95 = (metric: string) => `histogram_quantile(0.95, ${summed(grown(metric, '5m', '_bucket'), 'le')})`

/** All of them. */
export const aggregates: readonly RecordingRule[] = [
  { record: 'service:agent_sessions:increase1h', expr: summed(grown(METRIC_AGENTEL_SESSION_DURATION, '1h')) },
  { record: 'service:agent_queries_per_session:mean1h', expr: mean(METRIC_AGENTEL_SESSION_QUERIES, '1h') },
  { record: 'service:agent_cost_per_session:mean1h', expr: mean(METRIC_AGENTEL_SESSION_COST, '1h') },
  {
    record: 'service:agent_cost_dollars:increase1h',
    expr: summed(grown(METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST, '1h')),
  },
  {
    record: 'service_model:agent_cost_dollars:increase1h',
    expr: summed(grown(METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST, '1h'), modelLabel),
  },
  {
    record: 'service:agent_cost_per_model_call:mean5m',
    expr: mean(METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST, '5m'),
  },
  { record: 'service:agent_model_calls:rate5m', expr: `${summed(grown(calls, '5m'))} / 300` },
  { record: 'service:agent_model_call_failures:ratio5m', expr: failures(calls) },
  { record: 'service:agent_model_call_seconds:p95_5m', expr: p95(calls) },
  {
    record: 'service:agent_tokens_per_model_call:mean5m',
    expr: `(${tokens.map((metric) => summed(grown(metric, '5m'))).join(' + ')}) / ${summed(grown(calls, '5m'))}`,
  },
  {
    record: 'service_agent:agent_request_failures:ratio5m',
    expr: failures(METRIC_GEN_AI_INVOKE_AGENT_DURATION, agentLabel),
  },
  {
    record: 'service_tool:agent_tool_failures:ratio5m',
    expr: failures(METRIC_GEN_AI_EXECUTE_TOOL_DURATION, toolLabel),
  },
]
