import { context as contextApi } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import type { Invoke } from '@agentel/instrumentation-kit'
import { CallContext } from './call-context.ts'
import type { Metadata } from './events.ts'
import type { Handler } from './handler.ts'
import { findRun, parentContext } from './open-runs.ts'

/** What we see of a manager of callbacks. */
export interface Manager {
  readonly handlers?: readonly { readonly name?: string }[]
  readonly _parentRunId?: string
  addHandler(handler: unknown, inherit: boolean): void
}

/**
 * `CallbackManager._configureSync(inheritable handlers, local ones, …, inheritable metadata)`: our handler is among those
 * of every run.
 */
export function addHandler(handler: Handler): Invoke {
  return (self, args, original) => {
    const known = guard('langchain.looked', () => lookedAt(args, handler))
    if (known !== undefined) return known === LEAVE ? Reflect.apply(original, self, args) : known
    // Without handlers there would be no manager, and nobody to hold tags and metadata.
    const [inheritable, local, ...more] = args
    const given = (inheritable ?? local) ? args : [[handler], local, ...more]
    const manager = Reflect.apply(original, self, given) as Manager | undefined
    const changed = guard('langchain.configure', () => [withHandler(manager, handler, args[4])])
    return changed === undefined ? manager : changed[0]
  }
}

/** With what `runWithConfig` is about to ask for a manager, of which it wants the run and LangSmith's handler. */
let asked: RunnableConfig | undefined
const LEAVE = Symbol('leave')

interface RunnableConfig {
  readonly callbacks?: Manager
  readonly tags?: unknown
  readonly metadata?: unknown
}

/** It is only looked at, for every chunk of a stream: where nobody listens but us, the manager there is will do. */
function lookedAt([callbacks, , tags, , metadata]: readonly unknown[], handler: Handler): Manager | symbol | undefined {
  const config = asked
  if (config === undefined) return undefined
  asked = undefined
  if (config.callbacks !== callbacks || config.tags !== tags || config.metadata !== metadata) return undefined
  const { handlers } = config.callbacks ?? {}
  const alone = handlers?.length === 1 && handlers[0]?.name === handler.name
  return alone ? config.callbacks : LEAVE
}

function withHandler(manager: Manager | undefined, handler: Handler, metadata: unknown): Manager | undefined {
  // By its name: a copy of this package may have been here.
  const isOurs = ({ name }: { readonly name?: string }): boolean => name === handler.name
  const alone = manager?.handlers?.every(isOurs) === true
  const call = contextApi.active()
  if (call instanceof CallContext && call.runs.length === 0) call.alone = alone
  else if (alone && (metadata as Metadata | undefined)?.ls_model_type !== undefined) {
    // A call of a model that is not ours to put right afterwards: see forgetRunIds().
    return undefined
  }
  if (manager?.handlers?.some(isOurs) === false) manager.addHandler(handler, true)
  return manager
}

/** `runWithConfig(config, …)`: what runs inside a run of LangChain runs in the context of its span. */
export function runWithConfig(): Invoke {
  return (self, args, original) => {
    const context = guard('langchain.context', () => {
      asked = (args[0] ?? {}) as RunnableConfig
      const run = findRun(asked.callbacks?._parentRunId)
      return run && parentContext(run.id)
    })
    try {
      if (context === undefined) return Reflect.apply(original, self, args)
      return contextApi.with(context, original as never, self as never, ...(args as never[]))
    } finally {
      asked = undefined
    }
  }
}
