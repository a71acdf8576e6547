import { capturesOnEvents, capturesOnSpans, guard, hasContentHooks } from '@agentel/api'
import type { Invoke, ModuleExports, Patch, PatchRuntime } from '@agentel/instrumentation-kit'
import { type CallOptions, callTracer } from './call-tracer.ts'
import type { Hooks } from './hooks.ts'
import type { OpenCalls } from './open-calls.ts'
import { owningTracer } from './owning-tracer.ts'

/** Functions that take `experimental_telemetry`. */
export const FUNCTIONS = [
  'generateText',
  'streamText',
  'generateObject',
  'streamObject',
  'embed',
  'embedMany',
  'rerank',
] as const

/** Whether a copy of `ai` is older than the telemetry interface of 7. */
export function isBefore7(exports: ModuleExports): boolean {
  return typeof exports.registerTelemetry !== 'function' && typeof exports.generateText === 'function'
}

/**
 * For `ai` 5 and 6: each call gets a tracer of ours in the option that is meant for one, unless the call says itself
 * what is to become of its telemetry.
 */
export function optionPatches(of: (runtime: PatchRuntime) => { hooks: Hooks; calls: OpenCalls }): Patch[] {
  return FUNCTIONS.map((name) => ({
    name: `options.${name}`,
    method: name,
    find: (exports) => (isBefore7(exports) && isReplaceable(exports, name) ? exports : undefined),
    optional: (exports) => name === 'rerank' || !isBefore7(exports),
    absence: 'before ai 7 it is reached by module hooks alone: load agentel before ai, or set experimental_telemetry',
    wrap: (runtime) => passTracer(of(runtime)),
  }))
}

function isReplaceable(exports: ModuleExports, name: string): boolean {
  const found = Object.getOwnPropertyDescriptor(exports, name)
  return typeof found?.value === 'function' && found.configurable === true
}

function passTracer({ hooks, calls }: { hooks: Hooks; calls: OpenCalls }): Invoke {
  return (self, args, original) => {
    const options = guard('ai.options', () => withTracer(hooks, calls, args[0] as CallOptions | undefined))
    return Reflect.apply(original, self, [options ?? args[0], ...args.slice(1)])
  }
}

function withTracer(hooks: Hooks, calls: OpenCalls, options: CallOptions | undefined): object | undefined {
  if (typeof options !== 'object' || options === null) return undefined
  const telemetry = options.experimental_telemetry
  if (telemetry?.isEnabled === false) return undefined
  // Whoever switched it on wants the SDK's own spans; `processors/reconcile` reads them.
  if (telemetry?.isEnabled === true)
    return { ...options, experimental_telemetry: { ...telemetry, tracer: owningTracer(telemetry.tracer) } }
  const wanted = capturesOnSpans() || capturesOnEvents() || hasContentHooks()
  const tracer = callTracer(hooks, calls, options)
  const recorded = { recordInputs: wanted, recordOutputs: wanted }
  return { ...options, experimental_telemetry: { ...recorded, ...telemetry, isEnabled: true, tracer } }
}
