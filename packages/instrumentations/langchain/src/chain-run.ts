import type { Context } from '@opentelemetry/api'
import {
  type AgentHandle,
  getAgentName,
  getWorkflowName,
  recordStateChange,
  setIdentity,
  startAgent,
  startOperation,
  startTask,
  startWorkflow,
  type WorkflowHandle,
} from '@agentel/api'
import { ATTR_GEN_AI_OPERATION_NAME, GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW } from '@agentel/semconv'
import { callAtHand, insideOf } from './call-context.ts'
import type { Metadata, NamedTold } from './events.ts'
import { failRun } from './fail-run.ts'
import { nodeOf, rememberStep } from './graph-nodes.ts'
import { readMessages } from './messages.ts'
import { silentRun } from './model-run.ts'
import { findRun, parentContext, type Run } from './open-runs.ts'

/** LangGraph's name of a graph that has none. */
const UNNAMED_GRAPH = 'LangGraph'
/** The node of `createAgent()` that asks the model. */
const MODEL_NODE = 'model_request'

/** Starts what stands for a run that is no call: a graph, an agent, a node, a sequence. Most have no span. */
export function startChain(told: NamedTold): Run {
  const { of, parentId, metadata, tags, name } = told
  if (of?.id?.[1] === 'pregel') return startGraph(told)
  if (tags?.includes('langsmith:hidden') !== true && name !== undefined && metadata?.langgraph_node === name) {
    if (tags?.some((tag) => tag.startsWith('graph:step:'))) return startNode(told)
  }
  const parent = parentContext(parentId)
  return parentId === undefined && of?.id?.at(-1) === 'RunnableSequence'
    ? startSequence(told, parent)
    : silentRun(told.id, parent)
}

/** A graph is `invoke_workflow {name}`, an agent of `createAgent()` is `invoke_agent {name}`. */
function startGraph(told: NamedTold): Run {
  const { metadata, name = UNNAMED_GRAPH, runtime, input } = told
  const call = callAtHand('graph')
  const parent = withConversation(parentContext(told.parentId, call?.base), metadata)
  const graph = (call?.self ?? {}) as { nodes?: object }
  const isAgent = metadata?.ls_integration === 'langchain_create_agent' && MODEL_NODE in (graph.nodes ?? {})
  const options = { parent, tracer: runtime.tracer }
  const handle = isAgent
    ? startAgent({ ...options, name: name === UNNAMED_GRAPH ? 'createAgent' : name })
    : startWorkflow({ ...options, name: name === UNNAMED_GRAPH ? String(metadata?.langgraph_node ?? name) : name })
  const recorded = recordedRun(told.id, handle, input)
  // The graph is cut off when its reader leaves, which is no failure of it.
  const run: Run = { ...recorded, fail: (error) => (call?.left === true ? recorded.leave() : recorded.fail(error)) }
  if (call?.runs.length === 0) call.enter(run, run.context)
  return run
}

/** A graph's thread is a conversation: the application says so to have it continued. */
function withConversation(context: Context, metadata: Metadata | undefined): Context {
  const thread = metadata?.thread_id
  return typeof thread === 'string' && thread !== '' ? setIdentity(context, { conversationId: thread }) : context
}

/** A sequence that the application runs is a workflow of it, unless it is part of one already. */
function startSequence(told: NamedTold, parent: Context): Run {
  const { id, name, runtime, input } = told
  const options = { parent, tracer: runtime.tracer }
  if (name !== undefined && name !== 'RunnableSequence')
    return recordedRun(id, startWorkflow({ ...options, name }), input)
  if (getWorkflowName(parent) !== undefined || getAgentName(parent) !== undefined) return silentRun(id, parent)
  const operation = GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW
  // The name of a type says nothing: it has none.
  const handle = startOperation({
    ...options,
    name: operation,
    attributes: { [ATTR_GEN_AI_OPERATION_NAME]: operation },
  })
  return {
    id,
    context: insideOf(handle.context, id),
    succeed: () => handle.end(),
    fail: (error) => failRun(handle, error),
    leave: () => handle.end(),
  }
}

/** The messages of a state are the input and the output of what works on it. */
function recordedRun(id: string, handle: WorkflowHandle | AgentHandle, input: unknown): Run {
  const given = messagesIn(input)
  if (given !== undefined) handle.input(readMessages(given))
  return {
    id,
    context: insideOf(handle.context, id),
    succeed(output) {
      const messages = messagesIn(output)
      if (messages !== undefined) handle.output(readMessages(messages.slice(-1)))
      handle.end()
    },
    fail: (error) => failRun(handle, error),
    leave: () => handle.end(),
  }
}

function messagesIn(state: unknown): unknown[] | undefined {
  const { messages } = (state ?? {}) as { messages?: unknown }
  return Array.isArray(messages) ? messages : undefined
}

/** A node of a graph is `task {name}`. */
function startNode(told: NamedTold): Run {
  const { id, parentId, metadata, name = '', runtime } = told
  const node = nodeOf(metadata ?? {})
  const step = Number(metadata?.langgraph_step)
  const parentIds = rememberStep(findRun(parentId), node.id, step) ?? node.around
  const handle = startTask({
    name,
    node: { id: node.id, name, ...(parentIds.length === 0 ? undefined : { parentIds }) },
    ...(step > 0 ? { iteration: step } : undefined),
    parent: parentContext(parentId),
    tracer: runtime.tracer,
  })
  return {
    id,
    context: insideOf(handle.context, id),
    succeed: () => handle.end(),
    fail(error) {
      if (isInterrupt(error)) handle.run(() => recordStateChange({ name, trigger: 'interrupt' }))
      failRun(handle, error)
    },
    leave: () => handle.end(),
  }
}

/** The graph waits for somebody, who lets it go on in another run. */
function isInterrupt(error: unknown): boolean {
  const { name } = (error ?? {}) as { name?: unknown }
  return name === 'GraphInterrupt' || name === 'NodeInterrupt'
}
