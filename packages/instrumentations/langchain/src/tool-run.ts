import { type Handle, startRetrieval, startTool } from '@agentel/api'
import { parseJson } from '@agentel/instrumentation-kit'
import { callAtHand, type CallKind, insideOf } from './call-context.ts'
import type { NamedTold } from './events.ts'
import { failRun } from './fail-run.ts'
import { parentContext, type Run } from './open-runs.ts'

/** What is told of a tool. */
export interface ToolTold extends NamedTold {
  /** The id that the model gave the call. */
  readonly callId: string | undefined
}

/** `execute_tool {name}` */
export function startToolRun({ id, parentId, of, input, name, callId: told, runtime }: ToolTold): Run {
  const call = callAtHand('tool')
  // Before core 1 only the tool itself is told.
  const callId = told ?? (call?.args[1] as { toolCall?: { id?: string } } | undefined)?.toolCall?.id
  const tool = (call?.self ?? {}) as { name?: unknown; description?: unknown }
  const handle = startTool({
    name: String(tool.name ?? name ?? of?.id?.at(-1)),
    ...(callId === undefined ? undefined : { callId }),
    ...(typeof tool.description === 'string' ? { description: tool.description } : undefined),
    parent: parentContext(parentId, call?.base),
    tracer: runtime.tracer,
    arguments: parseJson(input),
    // The call has begun: a gate could not stop it any more.
    gated: false,
  })
  return runOf(id, 'tool', handle, (result) => handle.result(contentOf(result)))
}

/** `retrieval`, and of what where the retriever says so */
export function startRetrieverRun({ id, parentId, input, runtime }: NamedTold): Run {
  const call = callAtHand('retriever')
  const retriever = (call?.self ?? {}) as { k?: unknown; _vectorstoreType?: () => unknown }
  const store = typeof retriever._vectorstoreType === 'function' ? retriever._vectorstoreType() : undefined
  const handle = startRetrieval({
    ...(typeof store === 'string' ? { provider: store } : undefined),
    ...(typeof retriever.k === 'number' ? { topK: retriever.k } : undefined),
    query: String(input),
    parent: parentContext(parentId, call?.base),
    tracer: runtime.tracer,
  })
  return runOf(id, 'retriever', handle, (result) => {
    if (Array.isArray(result)) handle.documents(result.map((found: { id?: string }) => found))
  })
}

function runOf(id: string, kind: CallKind, handle: Handle, record: (result: unknown) => void): Run {
  const context = insideOf(handle.context, id)
  const run: Run = {
    id,
    context,
    succeed(result) {
      record(result)
      handle.end()
    },
    fail: (error) => failRun(handle, error),
    leave: () => handle.end(),
  }
  const call = callAtHand(kind)
  if (call?.runs.length === 0) call.enter(run, context)
  return run
}

/** A tool's result is what it returned, or a message with it. */
function contentOf(result: unknown): unknown {
  const { content, tool_call_id: callId } = (result ?? {}) as { content?: unknown; tool_call_id?: unknown }
  return callId === undefined ? result : content
}
