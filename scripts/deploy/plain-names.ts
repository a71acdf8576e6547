/** The plain names that people look for, as pure renames of ours: nothing is added up, and every label stays. */
import { countSuffix, prometheusLabel, prometheusName, prometheusSelector } from '../../packages/alerts/src/index.ts'
import {
  ATTR_AGENTEL_ERROR_CATEGORY,
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  METRIC_AGENTEL_ANOMALIES,
  METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST,
  METRIC_AGENTEL_DECISION_DURATION,
  METRIC_AGENTEL_ERRORS,
  METRIC_AGENTEL_EVENTS,
  METRIC_AGENTEL_FEEDBACK_RATING,
  METRIC_AGENTEL_GUARDRAIL_RESULTS,
  METRIC_AGENTEL_MESSAGES,
  METRIC_AGENTEL_OPERATION_ACTIVE,
  METRIC_AGENTEL_RETRIES,
  METRIC_AGENTEL_SESSION_ACTIVE,
  METRIC_AGENTEL_SESSION_COST,
  METRIC_AGENTEL_SESSION_DURATION,
  METRIC_AGENTEL_SESSION_QUERIES,
  METRIC_AGENTEL_TRANSFERS,
  METRIC_AGENTEL_WORKER_EXECUTION_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_EXECUTE_TOOL_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_DURATION,
  METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION,
} from '../../packages/semconv/src/index.ts'

/** A recording rule. */
export interface RecordingRule {
  readonly record: string
  readonly expr: string
}

const HISTOGRAM_PARTS = ['_bucket', '_sum', '_count']

const rename = (record: string, metric: string, suffix = countSuffix(metric)): RecordingRule => ({
  record,
  expr: prometheusSelector(metric, suffix),
})

const histogram = (record: string, metric: string): RecordingRule[] =>
  HISTOGRAM_PARTS.map((part) => rename(record + part, metric, part))

function active(record: string, operation: string): RecordingRule {
  const filter = { [ATTR_GEN_AI_OPERATION_NAME]: operation }
  return { record, expr: prometheusSelector(METRIC_AGENTEL_OPERATION_ACTIVE, '', filter) }
}

/** The label `category`, beside the one that it is taken from. */
function withCategory(record: string, metric: string): RecordingRule {
  const series = `${prometheusName(metric)}${countSuffix(metric)}`
  const label = prometheusLabel(ATTR_AGENTEL_ERROR_CATEGORY)
  return { record, expr: `label_replace(${series}, "category", "$1", "${label}", "(.*)")` }
}

/** All of them. */
export const plainNames: readonly RecordingRule[] = [
  rename('agent_requests_total', METRIC_GEN_AI_INVOKE_AGENT_DURATION),
  active('agent_requests_active', GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT),
  ...histogram('agent_response_seconds', METRIC_GEN_AI_INVOKE_AGENT_DURATION),
  rename('agent_model_calls_total', METRIC_GEN_AI_CLIENT_INFERENCE_DURATION),
  ...histogram('agent_model_call_seconds', METRIC_GEN_AI_CLIENT_INFERENCE_DURATION),
  rename('agent_tool_calls_total', METRIC_GEN_AI_EXECUTE_TOOL_DURATION),
  ...histogram('agent_tool_call_seconds', METRIC_GEN_AI_EXECUTE_TOOL_DURATION),
  withCategory('agent_errors_total', METRIC_AGENTEL_ERRORS),
  withCategory('agent_retries_total', METRIC_AGENTEL_RETRIES),
  rename('agent_input_tokens_total', METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS),
  rename('agent_output_tokens_total', METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS),
  rename('agent_total_cost_dollars', METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST),
  ...histogram('agent_cost_per_session', METRIC_AGENTEL_SESSION_COST),
  ...histogram('agent_queries_per_session', METRIC_AGENTEL_SESSION_QUERIES),
  ...histogram('agent_session_seconds', METRIC_AGENTEL_SESSION_DURATION),
  rename('agent_active_sessions', METRIC_AGENTEL_SESSION_ACTIVE),
  active('agent_active_workflows', GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW),
  ...histogram('agent_workflow_seconds', METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION),
  rename('agent_events_total', METRIC_AGENTEL_EVENTS),
  rename('agent_worker_executions_total', METRIC_AGENTEL_WORKER_EXECUTION_DURATION),
  ...histogram('agent_worker_execution_seconds', METRIC_AGENTEL_WORKER_EXECUTION_DURATION),
  rename('agent_decisions_total', METRIC_AGENTEL_DECISION_DURATION),
  rename('agent_handoffs_total', METRIC_AGENTEL_TRANSFERS),
  rename('agent_messages_total', METRIC_AGENTEL_MESSAGES),
  rename('agent_guardrail_results_total', METRIC_AGENTEL_GUARDRAIL_RESULTS),
  rename('agent_anomalies_total', METRIC_AGENTEL_ANOMALIES),
  ...histogram('agent_feedback_rating', METRIC_AGENTEL_FEEDBACK_RATING),
]
