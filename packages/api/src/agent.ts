import { type Attributes, SpanKind, context as contextApi } from '@opentelemetry/api'
import {
  AGENTEL_CALLER_TYPE_VALUE_AGENT,
  AGENTEL_CALLER_TYPE_VALUE_WORKFLOW,
  ATTR_AGENTEL_AGENT_CAPABILITIES,
  ATTR_AGENTEL_AGENT_TOOLS,
  ATTR_AGENTEL_CALLER_NAME,
  ATTR_AGENTEL_CALLER_TYPE,
  ATTR_GEN_AI_AGENT_DESCRIPTION,
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_AGENT_VERSION,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
} from '@agentel/semconv'
import { startTally, tallyAttributes } from './agent-tally.ts'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { defined } from './defined.ts'
import { getAgentName, setAgentName } from './identity.ts'
import { setContent } from './record-content.ts'
import { type Usage, usageAttributes } from './usage.ts'
import { getWorkflowName } from './workflow.ts'

/** One invocation of an agent. */
export interface AgentOptions extends SpanOptions {
  readonly name: string
  readonly description?: string
  /** Names of the tools that it has. */
  readonly tools?: readonly string[]
  readonly capabilities?: readonly string[]
  /** Only when the agent has one fixed model. */
  readonly model?: string
  /** An agent that runs elsewhere: the span's kind is CLIENT, and the fields inside apply. */
  readonly remote?: {
    readonly provider: string
    /** A stable id that the host gave it. */
    readonly id?: string
    readonly version?: string
    readonly address?: string
    readonly port?: number
  }
  /** Who calls; the agent or workflow around it by default. */
  readonly caller?: { readonly type: 'agent' | 'workflow'; readonly name: string }
}

/** An invocation under way. */
export interface AgentHandle extends Handle {
  /** Messages as OpenTelemetry's schema has them. Content. */
  input(messages: unknown, systemInstructions?: unknown): void
  output(messages: unknown): void
  /** Sum of the agent's own model calls, where they are not seen; those that are seen are added up without this. */
  usage(usage: Usage): void
}

const concept = defineConcept<AgentOptions, Pick<AgentHandle, 'input' | 'output' | 'usage'>>({
  key: 'name',
  describe: (options, parent) => ({
    name: `invoke_agent ${options.name}`,
    kind: options.remote === undefined ? undefined : SpanKind.CLIENT,
    attributes: {
      ...attributesOf(options),
      ...remoteAttributes(options.remote),
      ...callerAttributes(options.caller ?? callerIn(parent)),
    },
  }),
  inside: (context, { name }) => startTally(setAgentName(context, name)),
  begin(operation) {
    let told: Attributes = {}
    return {
      methods: {
        input(messages, systemInstructions) {
          setContent(operation, ATTR_GEN_AI_INPUT_MESSAGES, messages)
          setContent(operation, ATTR_GEN_AI_SYSTEM_INSTRUCTIONS, systemInstructions)
        },
        output: (messages) => setContent(operation, ATTR_GEN_AI_OUTPUT_MESSAGES, messages),
        usage(usage) {
          told = usageAttributes(usage)
        },
      },
      onEnd: () => operation.set(defined({ ...tallyAttributes(operation.context), ...told })),
    }
  },
})

function attributesOf({ name, description, tools, capabilities, model }: AgentOptions): Record<string, unknown> {
  return {
    [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
    [ATTR_GEN_AI_AGENT_NAME]: name,
    [ATTR_GEN_AI_AGENT_DESCRIPTION]: description,
    [ATTR_GEN_AI_REQUEST_MODEL]: model,
    [ATTR_AGENTEL_AGENT_TOOLS]: tools,
    [ATTR_AGENTEL_AGENT_CAPABILITIES]: capabilities,
  }
}

function remoteAttributes(remote: AgentOptions['remote']): Record<string, unknown> | undefined {
  return (
    remote && {
      [ATTR_GEN_AI_PROVIDER_NAME]: remote.provider,
      [ATTR_GEN_AI_AGENT_ID]: remote.id,
      [ATTR_GEN_AI_AGENT_VERSION]: remote.version,
      [ATTR_SERVER_ADDRESS]: remote.address,
      [ATTR_SERVER_PORT]: remote.address === undefined ? undefined : remote.port,
    }
  )
}

function callerIn(parent = contextApi.active()): AgentOptions['caller'] {
  const agent = getAgentName(parent)
  if (agent !== undefined) return { type: AGENTEL_CALLER_TYPE_VALUE_AGENT, name: agent }
  const workflow = getWorkflowName(parent)
  return workflow === undefined ? undefined : { type: AGENTEL_CALLER_TYPE_VALUE_WORKFLOW, name: workflow }
}

function callerAttributes(caller: AgentOptions['caller']): Record<string, unknown> | undefined {
  return caller && { [ATTR_AGENTEL_CALLER_TYPE]: caller.type, [ATTR_AGENTEL_CALLER_NAME]: caller.name }
}

/**
 * An invocation of an agent: span `invoke_agent {name}`. Spans and events inside carry the agent's name.
 *
 * @example
 * const answer = await agent({ name: 'researcher', tools: ['web_search'] }, () => research(question))
 */
export const agent: Runner<AgentOptions, AgentHandle> = concept.run
/** Starts an invocation by hand; see {@link agent}. */
export const startAgent: Starter<AgentOptions, AgentHandle> = concept.start
/** Makes every call of a function an invocation of an agent; see {@link agent}. */
export const wrapAgent: Wrapper<AgentOptions> = concept.wrap
