import { AsyncLocalStorage } from 'node:async_hooks'
import { context as contextApi } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import type { Invoke, ModuleExports } from '@agentel/instrumentation-kit'
import { endRun } from './run-registry.ts'
import { RunContext } from './run-context.ts'
import type { SdkStore } from './sdk-shapes.ts'

/** Where all copies of the SDK keep the one storage that they share. */
const STORAGE = Symbol.for('openai.agents.core.asyncLocalStorage')

type Storage = AsyncLocalStorage<SdkStore>

/**
 * The SDK's storage, with a `run` of its own that can be patched. The SDK makes it when it first looks for a trace; a
 * storage that the application puts in its place is left alone.
 */
export function storageOf(exports: ModuleExports): object | undefined {
  if (typeof exports.getCurrentTrace !== 'function') return undefined
  exports.getCurrentTrace()
  const storage = (globalThis as Record<symbol, unknown>)[STORAGE]
  if (!(storage instanceof AsyncLocalStorage)) return undefined
  if (!Object.hasOwn(storage, 'run')) {
    const value = AsyncLocalStorage.prototype.run
    Object.defineProperty(storage, 'run', { value, configurable: true, writable: true, enumerable: false })
  }
  return storage
}

/** `storage.run(store, fn)`: what runs in a context of the SDK runs in ours too. */
export function runInContext(): Invoke {
  return (self, args, original) => {
    const store = args[0] as SdkStore | undefined
    if (typeof store !== 'object' || store === null) return Reflect.apply(original, self, args)
    const context = new RunContext(store, contextApi.active())
    const traceId = store.span === undefined ? store.trace?.traceId : undefined
    const result = contextApi.with(context, original, self, ...args)
    // A trace whose function fails is not ended by the SDK. Its promise is awaited there, whatever we add to it.
    if (traceId !== undefined && result instanceof Promise) {
      result.then(undefined, (error: unknown) => void guard('openai-agents.trace', () => endRun(traceId, error)))
    }
    return result
  }
}

/** `runner.run()` inside a span of the application's own: what it starts is further in than that span. */
export function runRunner(): Invoke {
  return (self, args, original) => {
    const store = guard('openai-agents.run', storedNow)
    if (store === undefined) return Reflect.apply(original, self, args)
    return contextApi.with(new RunContext(store, contextApi.active()), original, self, ...args)
  }
}

/** What the SDK holds to be at work, where the active context does not follow it. */
function storedNow(): SdkStore | undefined {
  if (contextApi.active() instanceof RunContext) return undefined
  const store = ((globalThis as Record<symbol, unknown>)[STORAGE] as Storage | undefined)?.getStore()
  return store?.active === true ? store : undefined
}
