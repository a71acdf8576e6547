import * as n from '../../../packages/semconv/src/index.ts'
import type { Dashboard } from './panels.ts'
import { FAILED, grown, latest, mean, quantile, share } from './query.ts'

const runs = n.METRIC_GEN_AI_INVOKE_AGENT_DURATION
const tools = n.METRIC_GEN_AI_EXECUTE_TOOL_DURATION
const agent = [n.ATTR_GEN_AI_AGENT_NAME]
const tool = [n.ATTR_GEN_AI_TOOL_NAME]
const SUCCEEDED = { [n.ATTR_ERROR_TYPE]: '' }
const [range, rate] = ['$__range', '$__rate_interval'] as const

/** What each agent does. */
export const agents: Dashboard = {
  uid: 'agents',
  title: 'Agents',
  what: 'Runs, success, duration, decisions, handoffs and messages of each agent.',
  panels: [
    {
      kind: 'stat',
      title: 'Runs',
      what: 'Runs of agents in the time shown.',
      unit: 'short',
      query: grown(runs, range),
    },
    {
      kind: 'stat',
      title: 'Failed runs',
      what: 'Runs that ended in an error.',
      unit: 'short',
      query: grown(runs, range, [], FAILED),
    },
    {
      kind: 'stat',
      title: 'Handoffs',
      what: 'Work given from one agent to another.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_TRANSFERS, range),
    },
    {
      kind: 'stat',
      title: 'Messages',
      what: 'Messages between agents.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_MESSAGES, range),
    },
    {
      kind: 'stat',
      title: 'Decisions',
      what: 'Decisions that agents took.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_DECISION_CONFIDENCE, range),
    },
    {
      kind: 'stat',
      title: 'Under way',
      what: 'Operations that have not ended.',
      unit: 'short',
      query: latest(n.METRIC_AGENTEL_OPERATION_ACTIVE),
    },
    {
      kind: 'lines',
      title: 'Success by agent',
      what: 'Share of the runs that succeeded.',
      unit: 'percentunit',
      target: [0.95, 0.9],
      highIsGood: true,
      by: agent,
      query: share(runs, SUCCEEDED, rate, agent),
    },
    {
      kind: 'lines',
      title: 'Duration by agent',
      what: '95th percentile of a run.',
      unit: 's',
      target: [2, 5],
      by: agent,
      query: quantile(0.95, runs, rate, agent),
    },
    {
      kind: 'lines',
      title: 'Runs by agent',
      what: 'Runs in the interval.',
      unit: 'short',
      by: agent,
      query: grown(runs, rate, agent),
    },
    {
      kind: 'lines',
      title: 'Model calls per run',
      what: 'Mean number of calls that a run makes itself.',
      unit: 'short',
      by: agent,
      query: mean(n.METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, rate, agent),
    },
    {
      kind: 'lines',
      title: 'Tool calls per run',
      what: 'Mean number of tools that a run calls itself.',
      unit: 'short',
      by: agent,
      query: mean(n.METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS, rate, agent),
    },
    {
      kind: 'lines',
      title: 'Confidence of decisions',
      what: 'Mean confidence, by decision.',
      unit: 'percentunit',
      by: [n.ATTR_AGENTEL_DECISION_NAME],
      query: mean(n.METRIC_AGENTEL_DECISION_CONFIDENCE, rate, [n.ATTR_AGENTEL_DECISION_NAME]),
    },
    {
      kind: 'table',
      title: 'Who hands over to whom',
      what: 'Handoffs by source and target.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_TRANSFERS, range, [
        n.ATTR_AGENTEL_TRANSFER_SOURCE_NAME,
        n.ATTR_AGENTEL_TRANSFER_TARGET_NAME,
      ]),
    },
    {
      kind: 'table',
      title: 'Errors by agent',
      what: 'By category and type.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_ERRORS, range, [
        n.ATTR_GEN_AI_AGENT_NAME,
        n.ATTR_AGENTEL_ERROR_CATEGORY,
        n.ATTR_ERROR_TYPE,
      ]),
    },
  ],
}

/** What the tools do. */
export const toolsDashboard: Dashboard = {
  uid: 'tools',
  title: 'Tools',
  what: 'Calls, success and duration of each tool.',
  panels: [
    {
      kind: 'stat',
      title: 'Tool calls',
      what: 'Calls of tools in the time shown.',
      unit: 'short',
      query: grown(tools, range),
    },
    {
      kind: 'stat',
      title: 'Failed tool calls',
      what: 'Calls that ended in an error.',
      unit: 'short',
      query: grown(tools, range, [], FAILED),
    },
    {
      kind: 'stat',
      title: 'Tool success',
      what: 'Share of the calls that succeeded.',
      unit: 'percentunit',
      target: [0.95, 0.9],
      highIsGood: true,
      query: share(tools, SUCCEEDED, range),
    },
    {
      kind: 'stat',
      title: 'Guardrails triggered',
      what: 'Checks that a guardrail did not let pass.',
      unit: 'short',
      query: grown(n.METRIC_AGENTEL_GUARDRAIL_RESULTS, range, [], { [n.ATTR_AGENTEL_GUARDRAIL_TRIGGERED]: 'true' }),
    },
    {
      kind: 'lines',
      title: 'Success by tool',
      what: 'Share of the calls that succeeded.',
      unit: 'percentunit',
      target: [0.95, 0.9],
      highIsGood: true,
      by: tool,
      query: share(tools, SUCCEEDED, rate, tool),
    },
    {
      kind: 'lines',
      title: 'Duration by tool',
      what: '95th percentile of a call.',
      unit: 's',
      by: tool,
      query: quantile(0.95, tools, rate, tool),
    },
    {
      kind: 'lines',
      title: 'Calls by tool',
      what: 'Calls in the interval.',
      unit: 'short',
      by: tool,
      query: grown(tools, rate, tool),
    },
    {
      kind: 'table',
      title: 'Failures by tool',
      what: 'By tool and type of error.',
      unit: 'short',
      query: grown(tools, range, [n.ATTR_GEN_AI_TOOL_NAME, n.ATTR_ERROR_TYPE], FAILED),
    },
  ],
}
