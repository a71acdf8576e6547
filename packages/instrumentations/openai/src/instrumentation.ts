import {
  type InstrumentationConfig,
  KitInstrumentation,
  type ModuleExports,
  type OperationReaders,
  type Patch,
  type PatchTable,
} from '@agentel/instrumentation-kit'
import { chat, compaction, completion, embeddings, fetchResponse, responses } from './operations.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** Options of the openai instrumentation. */
export interface OpenAIInstrumentationConfig extends InstrumentationConfig {
  /**
   * Ask for the usage of streamed chat completions where the caller did not: the only way to learn their tokens. The
   * caller then sees one more chunk, which has no choices. Default `false`: nothing that is sent is changed.
   */
  includeStreamUsage?: boolean
}

/**
 * OpenTelemetry instrumentation of the `openai` client: one span for every call that reaches a model.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] })
 */
export class OpenAIInstrumentation extends KitInstrumentation<OpenAIInstrumentationConfig> {
  constructor(config: OpenAIInstrumentationConfig = {}) {
    super(openaiTable, config)
  }
}

/** What is patched. `stream()`, `parse()` and `runTools()` call `create` inside: patching them would count twice. */
export function openaiTable({ includeStreamUsage = false }: OpenAIInstrumentationConfig = {}): PatchTable {
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: 'openai',
    entries: ['index', 'client'],
    majors: [4, 5, 6, 7],
    patches: [
      patch('chat.completions.create', ['Chat', 'Completions'], 'create', chat(includeStreamUsage)),
      patch('responses.create', ['Responses'], 'create', responses()),
      patch('responses.retrieve', ['Responses'], 'retrieve', fetchResponse()),
      { ...patch('responses.compact', ['Responses'], 'compact', compaction()), optional: true },
      { ...patch('beta.responses.create', ['Beta', 'Responses'], 'create', responses()), optional: true },
      { ...patch('beta.responses.retrieve', ['Beta', 'Responses'], 'retrieve', fetchResponse()), optional: true },
      { ...patch('beta.responses.compact', ['Beta', 'Responses'], 'compact', compaction()), optional: true },
      // OpenAI calls it legacy: some day it will be gone, and nothing will be missing.
      { ...patch('completions.create', ['Completions'], 'create', completion(includeStreamUsage)), optional: true },
      patch('embeddings.create', ['Embeddings'], 'create', embeddings()),
    ],
  }
}

/** The resources' classes hang on the client's class, so one exported name leads to all of them, in every version since 4. */
function patch(name: string, path: readonly string[], method: string, readers: OperationReaders): Patch {
  return {
    name,
    method,
    find: (exports) => {
      let found: unknown = exports.OpenAI ?? exports.default
      for (const step of path) found = (found as ModuleExports | undefined)?.[step]
      return (found as { prototype?: object } | undefined)?.prototype
    },
    readers,
  }
}
