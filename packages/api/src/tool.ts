import { context as contextApi } from '@opentelemetry/api'
import {
  ATTR_AGENTEL_APPROVER_TYPE,
  ATTR_AGENTEL_DURATION,
  ATTR_AGENTEL_TOOL_CALL_DECISION_OUTCOME,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DESCRIPTION,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
  EVENT_AGENTEL_TOOL_CALLED,
  EVENT_AGENTEL_TOOL_CALL_DECISION,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  MCP_METHOD_NAME_VALUE_TOOLS_CALL,
} from '@agentel/semconv'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { bindOfferedCall, offerCall } from './claimable-call.ts'
import { beforeCall } from './gates.ts'
import { getAgentName } from './identity.ts'
import { SEVERITY, emitEvent } from './log-events.ts'
import { argumentsContent, eventExcerpt, setObject } from './record-content.ts'

/** A call of a tool. */
export interface ToolOptions extends SpanOptions {
  readonly name: string
  /** Id that the model gave the call. */
  readonly callId?: string
  /** `function` by default. */
  readonly type?: 'function' | 'extension' | 'datastore'
  readonly description?: string
  /** The agent that executes it; the one at work by default. */
  readonly agent?: string
  /** Content; the arguments, for a wrapped function. */
  readonly arguments?: unknown
  /** `false`: no gate is asked, for it could not stop the call any more. */
  readonly gated?: boolean
}

/** A tool call under way. */
export interface ToolHandle extends Handle {
  /** What the tool gave. Content. The callback form records what the callback gives. */
  result(value: unknown): void
}

const concept = defineConcept<ToolOptions, Pick<ToolHandle, 'result'>>({
  key: 'name',
  before(options, context) {
    if (options.gated === false) return
    const agent = options.agent ?? getAgentName(context)
    beforeCall({
      operation: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
      tool: options.name,
      context,
      ...(agent === undefined ? undefined : { agent }),
    })
  },
  describe: ({ name, callId, type = 'function', description, agent }) => ({
    name: `execute_tool ${name}`,
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
      [ATTR_GEN_AI_TOOL_NAME]: name,
      [ATTR_GEN_AI_TOOL_TYPE]: type,
      [ATTR_GEN_AI_TOOL_CALL_ID]: callId,
      [ATTR_GEN_AI_TOOL_DESCRIPTION]: description,
      [ATTR_GEN_AI_AGENT_NAME]: agent,
    },
  }),
  inside: (context, { name }) => offerCall(context, MCP_METHOD_NAME_VALUE_TOOLS_CALL, name),
  begin(operation, options) {
    let result: unknown
    bindOfferedCall(operation)
    setObject(operation, ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, options.arguments, 'arguments')
    return {
      methods: {
        result(value) {
          result = value
          setObject(operation, ATTR_GEN_AI_TOOL_CALL_RESULT, value, 'result')
        },
      },
      onEnd({ seconds, failure }) {
        emitEvent(
          EVENT_AGENTEL_TOOL_CALLED,
          {
            [ATTR_GEN_AI_TOOL_NAME]: options.name,
            [ATTR_GEN_AI_TOOL_CALL_ID]: options.callId,
            [ATTR_AGENTEL_DURATION]: seconds,
            [ATTR_ERROR_TYPE]: failure?.type,
            ...eventExcerpt(result, operation.context),
          },
          { severity: SEVERITY.INFO, context: operation.context },
        )
      },
    }
  },
  fromArguments: (args) => ({ arguments: argumentsContent(args) }),
  onResult: (handle, value) => handle.result(value),
})

/** Records that a tool call was allowed, denied or held for approval, and by whom: event `agentel.tool.call.decision`. */
export function recordToolDecision(decided: {
  readonly tool: string
  readonly callId?: string
  readonly outcome: 'allow' | 'deny' | 'require_approval'
  readonly approver?: 'human' | 'policy'
}): void {
  emitEvent(
    EVENT_AGENTEL_TOOL_CALL_DECISION,
    {
      [ATTR_GEN_AI_TOOL_NAME]: decided.tool,
      [ATTR_GEN_AI_TOOL_CALL_ID]: decided.callId,
      [ATTR_AGENTEL_TOOL_CALL_DECISION_OUTCOME]: decided.outcome,
      [ATTR_AGENTEL_APPROVER_TYPE]: decided.approver,
    },
    { severity: SEVERITY.INFO, context: contextApi.active() },
  )
}

/**
 * A tool call: span `execute_tool {name}` and the event `agentel.tool.called` at its end. The gates are asked first.
 *
 * @throws GateError when a gate stops the call; nothing is run then
 * @example
 * const search = wrapTool(async ({ query }: { query: string }) => …, { name: 'web_search' })
 */
export const tool: Runner<ToolOptions, ToolHandle> = concept.run
/** Starts a tool call by hand; see {@link tool}. */
export const startTool: Starter<ToolOptions, ToolHandle> = concept.start
/** Makes every call of a function a tool call; see {@link tool}. */
export const wrapTool: Wrapper<ToolOptions> = concept.wrap
