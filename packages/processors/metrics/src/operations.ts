import { SpanKind } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_MCP_METHOD_NAME,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_OPERATION_NAME_VALUE_PLAN,
  METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
  METRIC_GEN_AI_EXECUTE_TOOL_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_DURATION,
  METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION,
  METRIC_MCP_CLIENT_OPERATION_DURATION,
  METRIC_MCP_SERVER_OPERATION_DURATION,
} from '@agentel/semconv'
import { instrumentOf, type Measure, secondsOf } from './measure.ts'
import type { RowStore } from './row-store.ts'

/** Durations of spans that are no inferences: agents, workflows, tools, MCP, embeddings, retrieval, memory, … */
export function operationMeasure(store: RowStore): Measure {
  const workflow = instrumentOf(store, METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION)
  const agent = instrumentOf(store, METRIC_GEN_AI_INVOKE_AGENT_DURATION)
  const tool = instrumentOf(store, METRIC_GEN_AI_EXECUTE_TOOL_DURATION)
  const client = instrumentOf(store, METRIC_GEN_AI_CLIENT_OPERATION_DURATION)
  const mcpClient = instrumentOf(store, METRIC_MCP_CLIENT_OPERATION_DURATION)
  const mcpServer = instrumentOf(store, METRIC_MCP_SERVER_OPERATION_DURATION)
  return (span) => {
    const { attributes, kind } = span
    const isMcp = attributes[ATTR_MCP_METHOD_NAME] !== undefined
    if (isMcp) (kind === SpanKind.SERVER ? mcpServer : mcpClient)(attributes, secondsOf(span))
    const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
    if (operation === undefined) return
    if (operation === GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW) workflow(attributes, secondsOf(span))
    else if (operation === GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL) {
      // An MCP span of its own (CLIENT, SERVER) is the transport of a tool call that another span stands for.
      if (!isMcp || kind === SpanKind.INTERNAL) tool(attributes, secondsOf(span))
    } else if (operation === GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT && kind !== SpanKind.CLIENT) {
      agent(attributes, secondsOf(span))
    } else if (kind === SpanKind.CLIENT || operation !== GEN_AI_OPERATION_NAME_VALUE_PLAN) {
      client(attributes, secondsOf(span))
    }
  }
}
