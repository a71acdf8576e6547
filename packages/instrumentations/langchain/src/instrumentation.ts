import {
  type InstrumentationConfig,
  type Invoke,
  KitInstrumentation,
  type ModuleExports,
  type Patch,
  type PatchRuntime,
  type PatchTable,
} from '@agentel/instrumentation-kit'
import { addHandler, runWithConfig } from './configure.ts'
import { createHandler } from './handler.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'
import { aroundCall, aroundGenerate, aroundStream, aroundToken } from './wrappers.ts'

/** Options of the LangChain instrumentation. */
export type LangChainInstrumentationConfig = InstrumentationConfig

/**
 * OpenTelemetry instrumentation of LangChain and LangGraph: graphs, agents, nodes, model calls, tools, retrievers.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new LangChainInstrumentation()] })
 */
export class LangChainInstrumentation extends KitInstrumentation {
  constructor(config: LangChainInstrumentationConfig = {}) {
    super(langchainTable, config)
  }
}

const MANAGER = 'dist/callbacks/manager'
const SINGLETONS = 'dist/singletons/index'
const CHAT_MODELS = 'dist/language_models/chat_models'
const LLMS = 'dist/language_models/llms'
const TOOLS = 'dist/tools/index'
const RETRIEVERS = 'dist/retrievers/index'
const PREGEL = 'dist/pregel/index'

/**
 * What is patched: where LangChain puts the callbacks of a run together, so that ours are among them; and the methods
 * around which a context is needed, because a callback cannot set the one of the call that it is told of.
 */
export function langchainTable(): PatchTable {
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: '@langchain/core',
    entries: [MANAGER, SINGLETONS, CHAT_MODELS, LLMS, TOOLS, RETRIEVERS],
    also: [{ module: '@langchain/langgraph', entries: [PREGEL] }],
    majors: [0, 1],
    patches: [
      {
        name: 'callbacks.configure',
        entry: MANAGER,
        find: ({ CallbackManager }) => CallbackManager as object | undefined,
        method: '_configureSync',
        wrap: (runtime) => addHandler(createHandler(runtime)),
      },
      {
        name: 'context.runWithConfig',
        entry: SINGLETONS,
        find: ({ AsyncLocalStorageProviderSingleton: one }) =>
          one === undefined ? undefined : (Object.getPrototypeOf(one) as object),
        method: 'runWithConfig',
        wrap: runWithConfig,
      },
      {
        ...around('callbacks.token', MANAGER, 'CallbackManagerForLLMRun', 'handleLLMNewToken', aroundToken),
        optional: true,
      },
      around('chat.generate', CHAT_MODELS, 'BaseChatModel', '_generateUncached', aroundGenerate),
      around('chat.cached', CHAT_MODELS, 'BaseChatModel', '_generateCached', () => aroundCall('model')),
      around('chat.stream', CHAT_MODELS, 'BaseChatModel', '_streamIterator', () => aroundStream('model')),
      around('llm.generate', LLMS, 'BaseLLM', '_generateUncached', aroundGenerate),
      around('llm.stream', LLMS, 'BaseLLM', '_streamIterator', () => aroundStream('model')),
      around('tool.call', TOOLS, 'StructuredTool', 'call', () => aroundCall('tool')),
      around('retriever.invoke', RETRIEVERS, 'BaseRetriever', 'invoke', () => aroundCall('retriever')),
      around('graph.stream', PREGEL, 'Pregel', '_streamIterator', () => aroundStream('graph')),
    ],
  }
}

function around(
  name: string,
  entry: string,
  from: string,
  method: string,
  wrap: (runtime: PatchRuntime) => Invoke,
): Patch {
  return { name, entry, find: (exports) => holderOf(exports, from, method), method, wrap }
}

/** The prototype of the class, also where only a class that extends it is exported. */
function holderOf(exports: ModuleExports, from: string, method: string): object | undefined {
  const named = (exports[from] as { prototype?: object } | undefined)?.prototype
  if (named !== undefined) return named
  const graph =
    from === 'Pregel' ? (exports.CompiledStateGraph as { prototype?: object } | undefined)?.prototype : undefined
  let holder: object | null | undefined = graph
  while (holder !== null && holder !== undefined && !Object.hasOwn(holder, method)) {
    holder = Object.getPrototypeOf(holder) as object | null
  }
  return holder ?? undefined
}
