import {
  type InstrumentationConfig,
  type Invoke,
  KitInstrumentation,
  type ModuleExports,
  type PatchRuntime,
  type PatchTable,
} from '@agentel/instrumentation-kit'
import { guard } from '@agentel/api'
import { type ConversationOptions, observeTransport } from './observe-transport.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** Options of the MCP instrumentation. */
export interface McpInstrumentationConfig extends InstrumentationConfig, ConversationOptions {}

/**
 * OpenTelemetry instrumentation of MCP's SDKs, client and server: one span for every request on either side, and the
 * trace goes from one to the other in the request's `_meta`.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new McpInstrumentation()] })
 */
export class McpInstrumentation extends KitInstrumentation<McpInstrumentationConfig> {
  constructor(config: McpInstrumentationConfig = {}) {
    super(mcpTable, config)
  }
}

/** The files through which applications load SDK 1, which is published in both formats. */
const ENTRIES_1 = ['client/index', 'server/index', 'shared/protocol'].flatMap((file) => [
  `dist/esm/${file}`,
  `dist/cjs/${file}`,
])

/** What is patched: the one method through which every client and server gets its transport. */
export function mcpTable(config: McpInstrumentationConfig = {}): PatchTable {
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: '@modelcontextprotocol/sdk',
    entries: ENTRIES_1,
    also: [
      { module: '@modelcontextprotocol/client', entries: ['dist/index'] },
      { module: '@modelcontextprotocol/server', entries: ['dist/index'] },
    ],
    majors: [1, 2],
    patches: [
      { name: 'protocol.connect', method: 'connect', find: protocolOf, wrap: (runtime) => connect(runtime, config) },
    ],
  }
}

/** `Client` and `Server` extend `Protocol`, which not every entry exports. */
function protocolOf(exports: ModuleExports): object | undefined {
  const named = exports.Protocol ?? Object.getPrototypeOf(exports.Client ?? exports.Server ?? {})
  return (named as { prototype?: object } | null)?.prototype
}

function connect(runtime: PatchRuntime, config: ConversationOptions): Invoke {
  return (self, args, original) => {
    guard('mcp.connect', () => observeTransport(args[0], runtime, config))
    return Reflect.apply(original, self, args)
  }
}
