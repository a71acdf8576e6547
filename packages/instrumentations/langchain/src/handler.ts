import { guard } from '@agentel/api'
import type { PatchRuntime } from '@agentel/instrumentation-kit'
import { startChain } from './chain-run.ts'
import type { Metadata, Serialized, Told } from './events.ts'
import { startModelRun } from './model-run.ts'
import { addRun, findRun, type Run, takeRun } from './open-runs.ts'
import { startRetrieverRun, startToolRun } from './tool-run.ts'

/** What LangChain sees of us: a callback handler, which needs no class of its own. */
export interface Handler {
  readonly name: string
  /** We are told in the context of what we are told of, before it goes on. */
  readonly awaitHandlers: true
  readonly [callback: `handle${string}`]: (...args: never[]) => void
}

const made = new WeakSet<object>()

/** Whether it was made here. */
export function isHandler(handler: object | undefined): boolean {
  return handler !== undefined && made.has(handler)
}

/** The one handler for all runs. Each of its callbacks is told in the order of LangChain's `BaseCallbackHandler`. */
export function createHandler(runtime: PatchRuntime): Handler {
  const start = (where: string, make: () => Run | undefined): void => {
    guard(`langchain.${where}`, () => {
      const run = make()
      if (run !== undefined) addRun(run)
    })
  }
  const end = (where: string) => (result: unknown, id: string) =>
    void guard(`langchain.${where}`, () => takeRun(id)?.succeed(result))
  const fail = (where: string) => (error: unknown, id: string) =>
    void guard(`langchain.${where}`, () => takeRun(id)?.fail(error))
  const model =
    (kind: 'chat' | 'llm') =>
    (
      of: Serialized,
      prompts: unknown[],
      id: string,
      parentId?: string,
      extra?: object,
      tags?: string[],
      metadata?: Metadata,
    ) =>
      start(`${kind}.start`, () =>
        startModelRun({ kind, of, input: prompts[0], id, parentId, extra, tags, metadata, runtime }),
      )
  const told = (
    of: Serialized,
    input: unknown,
    id: string,
    parentId?: string,
    tags?: string[],
    metadata?: Metadata,
  ): Told => ({
    of,
    input,
    id,
    parentId,
    tags,
    metadata,
    runtime,
  })
  const handler: Handler = {
    name: 'agentel',
    awaitHandlers: true,
    handleChatModelStart: model('chat'),
    handleLLMStart: model('llm'),
    handleLLMNewToken: (_token: unknown, _index: unknown, id: string) =>
      void guard('langchain.token', () => findRun(id)?.token?.()),
    handleLLMEnd: end('model.end'),
    handleLLMError: fail('model.error'),
    handleChainStart: (...[of, input, id, parentId, tags, metadata, , name]: ChainStart) =>
      start('chain.start', () => startChain({ ...told(of, input, id, parentId, tags, metadata), name })),
    handleChainEnd: end('chain.end'),
    handleChainError: fail('chain.error'),
    handleToolStart: (...[of, input, id, parentId, tags, metadata, name, callId]: ToolStart) =>
      start('tool.start', () => startToolRun({ ...told(of, input, id, parentId, tags, metadata), name, callId })),
    handleToolEnd: end('tool.end'),
    handleToolError: fail('tool.error'),
    handleRetrieverStart: (...[of, input, id, parentId, tags, metadata, name]: RetrieverStart) =>
      start('retriever.start', () => startRetrieverRun({ ...told(of, input, id, parentId, tags, metadata), name })),
    handleRetrieverEnd: end('retriever.end'),
    handleRetrieverError: fail('retriever.error'),
  }
  made.add(handler)
  return handler
}

type Start = [of: Serialized, input: unknown, id: string, parentId?: string, tags?: string[], metadata?: Metadata]
type ChainStart = [...Start, type?: string, name?: string]
type ToolStart = [...Start, name?: string, callId?: string]
type RetrieverStart = [...Start, name?: string]
