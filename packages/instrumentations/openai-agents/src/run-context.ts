import { type Context, context as contextApi, createContextKey } from '@opentelemetry/api'
import { type MovingContext, settledContext } from '@agentel/api'
import { entryIn } from './run-registry.ts'
import type { SdkStore } from './sdk-shapes.ts'

/** Id of the SDK's span (or trace) directly inside of which something runs. */
const INSIDE = createContextKey('agentel.openai_agents.inside')

/** The context of what runs inside a span (or trace) of the SDK. */
export function insideOf(context: Context, id: string): Context {
  return context.setValue(INSIDE, id)
}

/** Whether the context is directly inside that span, also when the application has put spans of its own between. */
export function isInside(context: Context, id: string): boolean {
  return context.getValue(INSIDE) === id
}

/**
 * The context that follows the SDK's own idea of what is at work. The SDK goes from span to span without a callback
 * that we could wrap; it changes `store.span` in place. So this context looks, whenever it is asked, which span that is.
 */
export class RunContext implements MovingContext {
  readonly #store: SdkStore
  readonly #base: Context
  /** The span that was at work when the base was: as long as it is, the base, which may be further in, is right. */
  readonly #spanOfBase: string | undefined
  readonly #baseIsInside: boolean

  /** @param base what was active; it is further in than the store's span where the application has put a span between */
  constructor(store: SdkStore, base: Context) {
    this.#store = store
    this.#base = settledContext(base)
    this.#spanOfBase = store.span?.spanId
    const id = store.span?.spanId ?? store.trace?.traceId
    this.#baseIsInside = id !== undefined && isInside(this.#base, id)
  }

  now(): Context {
    const { span, active } = this.#store
    if (active === true && this.#baseIsInside && span?.spanId === this.#spanOfBase) return this.#base
    return entryIn(this.#store)?.context ?? this.#base
  }

  getValue(key: symbol): unknown {
    return this.now().getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return this.now().setValue(key, value)
  }

  deleteValue(key: symbol): Context {
    return this.now().deleteValue(key)
  }
}

/** The active context, as an ordinary one. */
export function activeContext(): Context {
  return settledContext(contextApi.active())
}
