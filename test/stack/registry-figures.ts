/** What each panel shows of a service that sends the registry, two rounds of it, of which one lies in the last minute. */
import * as n from '../../packages/semconv/src/index.ts'
import { registryTotal, registryValue } from './registry-sender.ts'

const ROUNDS = 2
/** In all, and in the last minute. */
const all = (metric: string): number => registryTotal(metric, ROUNDS)
const late = (metric: string): number => registryTotal(metric, 1)
/** Every observation has the same value, which is the upper bound of the first bucket. */
const mean = registryValue
const quantile = (share: number, metric: string): number => share * registryValue(metric)
const HALF = 0.5

const calls = n.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION
const input = n.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS
const output = n.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS
const cached = n.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS
const cost = n.METRIC_AGENTEL_CLIENT_INFERENCE_USAGE_COST
const costOfOne = n.METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST
const runs = n.METRIC_GEN_AI_INVOKE_AGENT_DURATION
const tools = n.METRIC_GEN_AI_EXECUTE_TOOL_DURATION
const workflows = n.METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION
const workers = n.METRIC_AGENTEL_WORKER_EXECUTION_DURATION

const tokensOfOne = (late(input) + late(output)) / late(calls)
const costPerCall = late(cost) / late(calls)

/** By dashboard and title; one figure for each query of the panel. `seconds` is the length of the last minute. */
export function registryFigures(seconds: number): Readonly<Record<string, number | readonly number[]>> {
  const perMinute = (metric: string): number => (late(metric) * 60) / seconds
  return {
    'overview: Calls': all(calls),
    'overview: Errors': HALF,
    'overview: Average latency': mean(calls),
    'overview: Tokens in': all(input),
    'overview: Tokens out': all(output),
    'overview: Cost': all(cost),
    'overview: Requests a minute': perMinute(calls),
    'overview: Errors, share': HALF,
    'overview: Average latency by model': mean(calls),
    'overview: Response time, 24 hours': [0.5, 0.95, 0.99].map((share) => quantile(share, calls)),
    'overview: Tokens a minute': [perMinute(input), perMinute(output)],
    'overview: Tokens per request': tokensOfOne,
    'overview: Cost per request': costPerCall,
    'overview: Top errors': all(n.METRIC_AGENTEL_ERRORS),
    // Spans of one second, in the bucket from 0.5 to 1.
    'overview: Duration of operations, with traces': 0.5 + 0.95 * 0.5,
    'agents: Runs': all(runs),
    'agents: Failed runs': all(runs) / 2,
    'agents: Handoffs': all(n.METRIC_AGENTEL_TRANSFERS),
    'agents: Messages': all(n.METRIC_AGENTEL_MESSAGES),
    'agents: Decisions': all(n.METRIC_AGENTEL_DECISION_CONFIDENCE),
    'agents: Under way': all(n.METRIC_AGENTEL_OPERATION_ACTIVE),
    'agents: Success by agent': HALF,
    'agents: Duration by agent': quantile(0.95, runs),
    'agents: Runs by agent': late(runs),
    'agents: Model calls per run': mean(n.METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS),
    'agents: Tool calls per run': mean(n.METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS),
    'agents: Confidence of decisions': mean(n.METRIC_AGENTEL_DECISION_CONFIDENCE),
    'agents: Who hands over to whom': all(n.METRIC_AGENTEL_TRANSFERS),
    'agents: Errors by agent': all(n.METRIC_AGENTEL_ERRORS),
    'tools: Tool calls': all(tools),
    'tools: Failed tool calls': all(tools) / 2,
    'tools: Tool success': HALF,
    'tools: Guardrails triggered': all(n.METRIC_AGENTEL_GUARDRAIL_RESULTS),
    'tools: Success by tool': HALF,
    'tools: Duration by tool': quantile(0.95, tools),
    'tools: Calls by tool': late(tools),
    'tools: Failures by tool': all(tools) / 2,
    'cost: Spent': all(cost),
    'cost: At this pace, a day': all(cost) * 24,
    'cost: Cost of a request': mean(costOfOne),
    'cost: Cost of a session': mean(n.METRIC_AGENTEL_SESSION_COST),
    'cost: Unpriced calls': all(n.METRIC_AGENTEL_CLIENT_INFERENCE_UNPRICED),
    'cost: Cached input': all(cached) / all(input),
    'cost: Cost by model': late(cost),
    'cost: Cost by kind': late(cost),
    'cost: Cost per request by model': costPerCall,
    'cost: Tokens per request by model': tokensOfOne,
    'cost: Dearest requests': quantile(0.99, costOfOne),
    'cost: Budgets used': all(n.METRIC_AGENTEL_BUDGET_UTILIZATION),
    'cost: Thresholds crossed': all(n.METRIC_AGENTEL_BUDGET_CROSSINGS),
    'cost: Tokens by model': all(input),
    'anomalies: Anomalies': all(n.METRIC_AGENTEL_ANOMALIES),
    'anomalies: Alerts in the processes': all(n.METRIC_AGENTEL_ALERT_ACTIVE),
    'anomalies: Notifications failed': all(n.METRIC_AGENTEL_ALERT_NOTIFICATIONS) / 2,
    'anomalies: Anomalies by severity': late(n.METRIC_AGENTEL_ANOMALIES),
    'anomalies: Anomaly score': all(n.METRIC_AGENTEL_ANOMALY_SCORE),
    'anomalies: Anomalies by agent and signal': all(n.METRIC_AGENTEL_ANOMALIES),
    'business: Sessions an hour': all(n.METRIC_AGENTEL_SESSION_DURATION),
    'business: Sessions under way': all(n.METRIC_AGENTEL_SESSION_ACTIVE),
    'business: Queries per session': mean(n.METRIC_AGENTEL_SESSION_QUERIES),
    'business: Rating': mean(n.METRIC_AGENTEL_FEEDBACK_RATING),
    // Of the registry's sender every check is met.
    'business: Service level': 1,
    'business: Workflows completed': all(workflows) / 2,
    'business: Duration of workflows': quantile(0.95, workflows),
    'business: Workflows that failed': HALF,
    'business: Duration of sessions': mean(n.METRIC_AGENTEL_SESSION_DURATION),
    'business: Rating by agent': mean(n.METRIC_AGENTEL_FEEDBACK_RATING),
    'business: Service level by name': 1,
    'business: Spans of a trace': mean(n.METRIC_AGENTEL_TRACE_SPANS),
    'workers: Executions': all(workers),
    'workers: Failed executions': all(workers) / 2,
    'workers: Events': all(n.METRIC_AGENTEL_EVENTS),
    'workers: Waiting': all(n.METRIC_AGENTEL_QUEUE_DEPTH),
    'workers: Success by worker': HALF,
    'workers: Duration by worker': quantile(0.95, workers),
    'workers: Health of workers': all(n.METRIC_AGENTEL_WORKER_HEALTH),
    'workers: Events by type': late(n.METRIC_AGENTEL_EVENTS),
    'workers: Time to process an event': quantile(0.95, n.METRIC_AGENTEL_EVENT_DURATION),
    'workers: Events that failed': HALF,
    'workers: Queues': all(n.METRIC_AGENTEL_QUEUE_DEPTH),
    'resources: CPU': all(n.METRIC_PROCESS_CPU_UTILIZATION),
    'resources: Memory': all(n.METRIC_PROCESS_MEMORY_USAGE),
    'resources: Heap in use': all(n.METRIC_V8JS_MEMORY_HEAP_USED),
    'resources: Event loop delay': all(n.METRIC_NODEJS_EVENTLOOP_DELAY_P99),
    'resources: Event loop utilization': all(n.METRIC_NODEJS_EVENTLOOP_UTILIZATION),
    'resources: Running for': all(n.METRIC_PROCESS_UPTIME),
    'resources: Dropped by agentel': all(n.METRIC_AGENTEL_SELF_DROPPED),
    'resources: Faults of agentel': all(n.METRIC_AGENTEL_SELF_FAULTS),
    'resources: Redactions': all(n.METRIC_AGENTEL_SELF_REDACTIONS),
  }
}
