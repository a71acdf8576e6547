import { guard, isGateError, recordFault } from '@agentel/api'
import {
  type InstrumentationConfig,
  type Invoke,
  KitInstrumentation,
  type ModuleExports,
  type Patch,
  type PatchRuntime,
  type PatchTable,
} from '@agentel/instrumentation-kit'
import { register } from './beside.ts'
import { createHooks, type Hooks } from './hooks.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** Options of the AI SDK instrumentation. */
export type AiSdkInstrumentationConfig = InstrumentationConfig

/**
 * OpenTelemetry instrumentation of the AI SDK (`ai` 7) by the SDK's own telemetry interface: nothing of it is patched.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new AiSdkInstrumentation()] })
 */
export class AiSdkInstrumentation extends KitInstrumentation {
  constructor(config: AiSdkInstrumentationConfig = {}) {
    super(aiSdkTable, config)
  }
}

type Integration = Record<string, (event?: unknown) => unknown>

const CALLBACKS = [
  'onStart',
  'onLanguageModelCallStart',
  'onLanguageModelCallEnd',
  'onObjectStepStart',
  'onObjectStepEnd',
  'onEmbedStart',
  'onEmbedEnd',
  'onRerankStart',
  'onToolExecutionEnd',
  'onEnd',
  'onAbort',
  'onError',
] as const
const WRAPPERS = ['executeLanguageModelCall', 'executeTool'] as const

/** What is "patched" is an integration of our own, on the SDK's list: switched off, its callbacks do nothing. */
export function aiSdkTable(_config: AiSdkInstrumentationConfig = {}): PatchTable {
  let hooks: Hooks | undefined
  const of = (runtime: PatchRuntime): Hooks => (hooks ??= createHooks(runtime))
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: 'ai',
    entries: ['dist/index'],
    majors: [7],
    patches: [
      ...CALLBACKS.map((method) => patch(method, (runtime) => callback(of(runtime), method))),
      ...WRAPPERS.map((method) => patch(method, (runtime) => wrapper(of(runtime), method))),
    ],
  }
}

function patch(method: keyof Hooks, wrap: (runtime: PatchRuntime) => Invoke): Patch {
  return {
    name: `telemetry.${method}`,
    method,
    find: (exports) => integrationFor(exports),
    // One reason is enough for what is missing as a whole.
    optional: method !== 'onStart',
    absence: 'before ai 7 there is no telemetry interface; spans of experimental_telemetry are read where it is on',
    wrap,
  }
}

/** One for all copies of this package: each callback is to be heard once. */
const SHARED = Symbol.for('agentel.ai_sdk_integration.1')

function integrationFor(exports: ModuleExports): Integration | undefined {
  if (typeof exports.registerTelemetry !== 'function') return undefined
  const holder = globalThis as { [SHARED]?: Integration }
  const integration = (holder[SHARED] ??= idleIntegration())
  register(integration)
  return integration
}

function idleIntegration(): Integration {
  const integration: Integration = {}
  for (const name of CALLBACKS) integration[name] = () => undefined
  for (const name of WRAPPERS) integration[name] = (event) => (event as { execute: () => unknown }).execute()
  return integration
}

function callback(hooks: Hooks, method: (typeof CALLBACKS)[number]): Invoke {
  return (_self, [event]) => void guard(`ai.${method}`, () => hooks[method]((event ?? {}) as never))
}

/** What is run is run once, whatever happens to us; only a gate may stop it. */
function wrapper(hooks: Hooks, method: (typeof WRAPPERS)[number]): Invoke {
  return (_self, [event], original) => {
    const given = event as { execute: () => PromiseLike<unknown> }
    let started: PromiseLike<unknown> | undefined
    const execute = (): PromiseLike<unknown> => (started ??= given.execute())
    try {
      return hooks[method]({ ...given, execute } as never)
    } catch (fault) {
      if (isGateError(fault)) throw fault
      recordFault(`ai.${method}`, fault)
      return started ?? original(given)
    }
  }
}
