/**
 * What promtool tries on the standard alerts: the cause begins at once and ends after half an hour; each alert fires while it
 * lasts, is gone afterwards, and stays quiet when things are as they should be.
 */
import { prometheusSelector as series } from '../../packages/alerts/src/index.ts'
import {
  ATTR_AGENTEL_ERROR_CATEGORY,
  ATTR_AGENTEL_WORKER_NAME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_SERVICE_NAME,
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
} from '../../packages/semconv/src/index.ts'

/** A series and its values, one a minute, as promtool writes them. */
export type InputSeries = readonly [series: string, values: string]

/** One alert. */
export interface RuleCase {
  readonly alert: string
  readonly bad: readonly InputSeries[]
  readonly good: readonly InputSeries[]
  /** Labels that the alert carries beside service and severity. */
  readonly labels?: Readonly<Record<string, string>>
  /** Minutes at which it fires and at which it is gone; 25 and 100. */
  readonly at?: readonly [number, number]
}

const desk = { [ATTR_SERVICE_NAME]: 'desk' }

/** A counter that grows for half an hour and then stands. */
const burst = (rate: number): string => `0+${rate}x30 ${rate * 30}x90`
const steady = (rate: number): string => `0+${rate}x120`

function counted(metric: string, suffix: string, labels: Record<string, string>, values: string): InputSeries {
  return [series(metric, suffix, { ...desk, ...labels }), values]
}

/** Operations of which some fail: `failing` a minute of ten and more. */
function failing(metric: string, labels: Record<string, string>, failures: number): InputSeries[] {
  return [
    counted(metric, '_count', labels, steady(10)),
    counted(metric, '_count', { ...labels, [ATTR_ERROR_TYPE]: 'timeout' }, burst(failures)),
  ]
}

/** A histogram whose values all lie between the last bound and the one before it. */
function lasting(metric: string, bounds: readonly number[]): InputSeries[] {
  const last = bounds.length - 1
  return [
    ...bounds.map((bound, i) => counted(metric, '_bucket', { le: String(bound) }, i === last ? burst(6) : burst(0))),
    counted(metric, '_bucket', { le: '+Inf' }, burst(6)),
  ]
}

/** A value that is too high for half an hour. */
const high = (metric: string, value: number, then: number): InputSeries[] => [
  counted(metric, '', {}, `${value}x30 ${then}x90`),
]

const calls = METRIC_GEN_AI_CLIENT_INFERENCE_DURATION
const agents = METRIC_GEN_AI_INVOKE_AGENT_DURATION
const tools = METRIC_GEN_AI_EXECUTE_TOOL_DURATION
const workers = METRIC_AGENTEL_WORKER_EXECUTION_DURATION
const spending = METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST
const writer = { [ATTR_GEN_AI_AGENT_NAME]: 'writer' }
const search = { [ATTR_GEN_AI_TOOL_NAME]: 'search' }
const nightly = { [ATTR_AGENTEL_WORKER_NAME]: 'nightly' }
const ofTools = { [ATTR_AGENTEL_ERROR_CATEGORY]: 'tool' }
const errors = (rate: number): InputSeries[] => [counted(METRIC_AGENTEL_ERRORS, '_total', ofTools, burst(rate))]

function rated(label: string): InputSeries[] {
  const labels = { ...writer, [ATTR_GEN_AI_EVALUATION_SCORE_LABEL]: label }
  return [counted(METRIC_AGENTEL_FEEDBACK_RATING, '_count', labels, burst(1))]
}

function tokens(rate: number): InputSeries[] {
  return [
    counted(calls, '_count', {}, steady(10)),
    counted(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, '_total', {}, burst(rate * 10)),
    counted(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, '_total', {}, burst(10)),
  ]
}

function costing(dollars: number): InputSeries[] {
  return [
    counted(METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST, '_count', {}, steady(10)),
    counted(METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST, '_sum', {}, burst(dollars * 10)),
  ]
}

/** One or more of each standard alert. */
export const ruleCases: readonly RuleCase[] = [
  { alert: 'error-rate', bad: failing(calls, {}, 1), good: failing(calls, {}, 0.4) },
  { alert: 'error-rate-high', bad: failing(calls, {}, 3), good: failing(calls, {}, 1) },
  { alert: 'errors-many', bad: errors(4), good: errors(1) },
  { alert: 'errors-of-category', bad: errors(1), good: errors(0.2), labels: ofTools },
  { alert: 'agent-success-low', bad: failing(agents, writer, 2), good: failing(agents, writer, 1), labels: writer },
  {
    alert: 'agent-success-very-low',
    bad: failing(agents, writer, 4),
    good: failing(agents, writer, 2),
    labels: writer,
  },
  { alert: 'tool-success-low', bad: failing(tools, search, 2), good: failing(tools, search, 1), labels: search },
  {
    alert: 'worker-failed',
    bad: failing(workers, nightly, 1),
    good: [counted(workers, '_count', nightly, steady(10))],
    labels: nightly,
  },
  { alert: 'rating-low', bad: rated('negative'), good: rated('neutral'), labels: writer },
  { alert: 'response-slow', bad: lasting(calls, [5.12, 10.24]), good: lasting(calls, [1.28, 2.56]) },
  { alert: 'response-very-slow', bad: lasting(calls, [40.96, 81.92]), good: lasting(calls, [5.12, 10.24]) },
  {
    alert: 'workflow-slow',
    bad: lasting(METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, [30, 60]),
    good: lasting(METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, [5, 10]),
  },
  { alert: 'tokens-per-request', bad: tokens(6000), good: tokens(4000) },
  { alert: 'cost-per-request', bad: costing(0.06), good: costing(0.04) },
  { alert: 'cost-per-request-high', bad: costing(0.2), good: costing(0.06) },
  {
    alert: 'cost-hourly',
    bad: [counted(spending, '_total', {}, burst(1))],
    good: [counted(spending, '_total', {}, burst(0.1))],
  },
  {
    alert: 'cost-total',
    bad: [counted(spending, '_total', {}, '60x30 stale')],
    good: [counted(spending, '_total', {}, '40x120')],
  },
  {
    alert: 'cpu-high',
    bad: high(METRIC_PROCESS_CPU_UTILIZATION, 0.85, 0.2),
    good: high(METRIC_PROCESS_CPU_UTILIZATION, 0.7, 0.2),
  },
  {
    alert: 'cpu-very-high',
    bad: high(METRIC_PROCESS_CPU_UTILIZATION, 0.95, 0.2),
    good: high(METRIC_PROCESS_CPU_UTILIZATION, 0.85, 0.2),
  },
  {
    alert: 'memory-high',
    bad: high(METRIC_PROCESS_MEMORY_USAGE, 2e9, 1e8),
    good: high(METRIC_PROCESS_MEMORY_USAGE, 9e8, 1e8),
  },
  {
    alert: 'trace-volume',
    bad: [counted(METRIC_AGENTEL_TRACE_SPANS, '_count', {}, '0+10x400 4000+500x30 19000+10x200')],
    good: [counted(METRIC_AGENTEL_TRACE_SPANS, '_count', {}, steady(10).replace('120', '600'))],
    at: [410, 500],
  },
]
