import { type Attributes, SpanKind } from '@opentelemetry/api'
import { bindOfferedCall, offerCall, setContent, startOperation, startTool } from '@agentel/api'
import { parseJson } from '@agentel/instrumentation-kit'
import {
  AGENTEL_TRANSFER_MODE_VALUE_PASS_CONTROL,
  ATTR_AGENTEL_TRANSFER_MODE,
  ATTR_AGENTEL_TRANSFER_SOURCE_NAME,
  ATTR_AGENTEL_TRANSFER_TARGET_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_MCP_METHOD_NAME,
  MCP_METHOD_NAME_VALUE_TOOLS_LIST,
} from '@agentel/semconv'
import { failAsTold } from './describe-sdk-error.ts'
import type { Entry } from './run-registry.ts'
import type { Start } from './spans.ts'

/** A function tool, or a tool of an MCP server: `execute_tool {name}`. */
export function startFunction({ span, run, parent, turn, tracer }: Start): Entry {
  const { name } = span.spanData
  const tool = startTool({
    name: String(name),
    parent,
    tracer,
    ...(turn === undefined ? undefined : { turn }),
    // The SDK would not notice.
    gated: false,
  })
  return {
    context: tool.context,
    end(ended) {
      const { input, output } = ended?.spanData ?? {}
      const id = run.calls.take(name, input)
      if (id !== undefined) tool.set({ [ATTR_GEN_AI_TOOL_CALL_ID]: id })
      if (typeof input === 'string' && input !== '') {
        setContent(tool, ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, asObject(parseJson(input), 'arguments'))
      }
      if (output !== undefined && output !== '') tool.result(output)
      failAsTold(tool, ended?.error)
      tool.end()
    },
  }
}

/** Control passes to another agent; which one is known when it has passed. */
export function startHandoff({ span, parent, tracer }: Start): Entry {
  const attributes: Attributes = { [ATTR_AGENTEL_TRANSFER_MODE]: AGENTEL_TRANSFER_MODE_VALUE_PASS_CONTROL }
  const { from_agent: source } = span.spanData
  if (typeof source === 'string') attributes[ATTR_AGENTEL_TRANSFER_SOURCE_NAME] = source
  const operation = startOperation({ name: 'transfer', attributes, parent, tracer })
  return {
    context: operation.context,
    end(ended) {
      const target = ended?.spanData.to_agent
      if (typeof target === 'string') {
        operation.rename(`transfer ${target}`)
        operation.set({ [ATTR_AGENTEL_TRANSFER_TARGET_NAME]: target })
      }
      failAsTold(operation, ended?.error)
      operation.end()
    },
  }
}

/** The tools of an MCP server are asked for; the MCP client below, if it is instrumented, completes the span. */
export function startMcpList({ parent, tracer }: Start): Entry {
  const operation = startOperation({
    name: MCP_METHOD_NAME_VALUE_TOOLS_LIST,
    kind: SpanKind.CLIENT,
    attributes: { [ATTR_MCP_METHOD_NAME]: MCP_METHOD_NAME_VALUE_TOOLS_LIST },
    parent,
    tracer,
    inside: (context) => offerCall(context, MCP_METHOD_NAME_VALUE_TOOLS_LIST),
  })
  bindOfferedCall(operation)
  return {
    context: operation.context,
    end(ended) {
      failAsTold(operation, ended?.error)
      operation.end()
    },
  }
}

function asObject(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { [name]: value }
}
