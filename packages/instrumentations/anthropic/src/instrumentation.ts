import {
  type InstrumentationConfig,
  KitInstrumentation,
  type ModuleExports,
  type PatchTable,
  type PatchTarget,
} from '@agentel/instrumentation-kit'
import { messages, streamUnderOwner } from './operations.ts'
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

/**
 * What is patched. `stream()`, `parse()` and `toolRunner()` call `create` inside: counting them would count twice. Of
 * `stream()` only the client's own span is kept away, where the call has one already.
 */
export function anthropicTable(): PatchTable {
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: '@anthropic-ai/sdk',
    entries: ['index', 'client'],
    majors: [0, 1],
    patches: [
      { ...target('messages.create', ['Messages']), readers: messages('anthropic.messages.create') },
      { ...target('beta.messages.create', ['Beta', 'Messages']), readers: messages('anthropic.beta.messages.create') },
      { ...target('messages.stream', ['Messages']), wrap: streamUnderOwner, optional: true },
      { ...target('beta.messages.stream', ['Beta', 'Messages']), wrap: streamUnderOwner, optional: true },
    ],
  }
}

/** The resources' classes hang on the client's class, so one exported name leads to both. */
function target(name: string, path: readonly string[]): PatchTarget {
  return {
    name,
    method: name.slice(name.lastIndexOf('.') + 1),
    find: (exports) => {
      let found: unknown = exports.Anthropic ?? exports.default
      for (const step of path) found = (found as ModuleExports | undefined)?.[step]
      return (found as { prototype?: object } | undefined)?.prototype
    },
  }
}
