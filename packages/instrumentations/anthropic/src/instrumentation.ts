import {
  type InstrumentationConfig,
  KitInstrumentation,
  type ModuleExports,
  type Patch,
  type PatchTable,
} from '@agentel/instrumentation-kit'
import { messages } from './operations.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/**
 * OpenTelemetry instrumentation of Anthropic's client: one span for every call that reaches a model, whether the
 * client makes it itself (1.0 and later) or not.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new AnthropicInstrumentation()] })
 */
export class AnthropicInstrumentation extends KitInstrumentation {
  constructor(config: InstrumentationConfig = {}) {
    super(anthropicTable, config)
  }
}

/** What is patched. `stream()`, `parse()` and `toolRunner()` call `create` inside: patching them would count twice. */
export function anthropicTable(): PatchTable {
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: '@anthropic-ai/sdk',
    entries: ['index', 'client'],
    majors: [0, 1],
    patches: [patch('messages.create', ['Messages']), patch('beta.messages.create', ['Beta', 'Messages'])],
  }
}

/** The resources' classes hang on the client's class, so one exported name leads to both. */
function patch(name: string, path: readonly string[]): Patch {
  return {
    name,
    method: 'create',
    find: (exports) => {
      let found: unknown = exports.Anthropic ?? exports.default
      for (const step of path) found = (found as ModuleExports | undefined)?.[step]
      return (found as { prototype?: object } | undefined)?.prototype
    },
    readers: messages(`anthropic.${name}`),
  }
}
