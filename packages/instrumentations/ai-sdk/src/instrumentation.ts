import { guard } from '@agentel/api'
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
import { type OpenCalls, openCalls } from './open-calls.ts'
import { FUNCTIONS, isBefore7, optionPatches } from './option-patches.ts'
import { type Run, runOnce } from './run-once.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** Options of the AI SDK instrumentation. */
export type AiSdkInstrumentationConfig = InstrumentationConfig

/**
 * OpenTelemetry instrumentation of the AI SDK (`ai`) by the SDK's own telemetry: in `ai` 7 its interface, in 5 and 6
 * the option for a tracer, which every call is given.
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

/**
 * What is "patched" of 7 is an integration of our own, on the SDK's list: switched off, its callbacks do nothing. Of 5 and
 * 6 it is the functions that take a tracer.
 */
export function aiSdkTable(_config: AiSdkInstrumentationConfig = {}): PatchTable {
  let made: { hooks: Hooks; calls: OpenCalls } | undefined
  const of = (runtime: PatchRuntime): { hooks: Hooks; calls: OpenCalls } => (made ??= make(runtime))
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: 'ai',
    entries: ['dist/index'],
    majors: [5, 6, 7],
    rebind: FUNCTIONS,
    patches: [
      ...CALLBACKS.map((method) => patch(method, (runtime) => callback(of(runtime).hooks, method))),
      ...WRAPPERS.map((method) => patch(method, (runtime) => wrapper(of(runtime).hooks, method))),
      ...optionPatches(of),
    ],
  }
}

function make(runtime: PatchRuntime): { hooks: Hooks; calls: OpenCalls } {
  const calls = openCalls()
  return { hooks: createHooks(runtime, calls), calls }
}

function patch(method: keyof Hooks, wrap: (runtime: PatchRuntime) => Invoke): Patch {
  return {
    name: `telemetry.${method}`,
    method,
    find: (exports) => integrationFor(exports),
    // One reason is enough for what is missing as a whole.
    optional: (exports) => method !== 'onStart' || isBefore7(exports),
    absence: 'there is neither registerTelemetry() nor generateText()',
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

function wrapper(hooks: Hooks, method: (typeof WRAPPERS)[number]): Invoke {
  return (_self, [event], original) =>
    runOnce(`ai.${method}`, event as Run, hooks[method] as (event: Run) => PromiseLike<unknown>, () => original(event))
}
