import { context as contextApi } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import { type Abandonable, cutTie, endWhenCollected, type Invoke, withCallOwner } from '@agentel/instrumentation-kit'
import { CallContext, type CallKind } from './call-context.ts'
import type { Metadata } from './events.ts'
import type { Handler } from './handler.ts'
import { findRun, leaveRun, parentContext } from './open-runs.ts'
import { ownerOfNext } from './model-run.ts'
import { forgetRunIds } from './run-ids.ts'

/** What we see of a manager of callbacks. */
interface Manager {
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
    // Without handlers there would be no manager, and nobody to hold tags and metadata.
    const [inheritable, local, ...more] = args
    const given = (inheritable ?? local) ? args : [[handler], local, ...more]
    const manager = Reflect.apply(original, self, given) as Manager | undefined
    const changed = guard('langchain.configure', () => [withHandler(manager, handler, args[4])])
    return changed === undefined ? manager : changed[0]
  }
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
      const { callbacks } = (args[0] ?? {}) as { callbacks?: Manager }
      const run = findRun(callbacks?._parentRunId)
      return run && parentContext(run.id)
    })
    if (context === undefined) return Reflect.apply(original, self, args)
    return contextApi.with(context, original as never, self as never, ...(args as never[]))
  }
}

/** A call whose run is told of inside, with a promise. */
export function aroundCall(kind: CallKind): Invoke {
  return (self, args, original) => {
    const call = guard('langchain.call', () => new CallContext(kind, self, args))
    if (call === undefined) return Reflect.apply(original, self, args)
    return contextApi.with(call, original as never, self as never, ...(args as never[]))
  }
}

/** `_generateUncached(prompts, options, config, started)`: the model is asked, once for each prompt. */
export function aroundGenerate(): Invoke {
  return (self, args, original) => {
    const call = guard('langchain.generate', () => callOf(self, args))
    if (call === undefined) return Reflect.apply(original, self, args)
    const result = contextApi.with(call, original as never, self as never, ...(args as never[])) as unknown
    // Before the caller's own: the answer is what it would have been without us.
    if (result instanceof Promise) {
      result.then(
        (answer) => void guard('langchain.ids', () => forgetRunIds(call, answer)),
        () => undefined,
      )
    }
    return result
  }
}

/** What we see of the manager of a run. */
interface Started extends Pick<Manager, 'handlers'> {
  readonly runId?: string
}

/** Where answers are kept, the runs have been told of before it is known that the model has to be asked. */
function callOf(self: unknown, args: readonly unknown[]): CallContext {
  const call = new CallContext('model', self, args)
  for (const { runId, handlers } of Array.isArray(args[3]) ? (args[3] as Started[]) : []) {
    const run = findRun(runId)
    if (run === undefined) continue
    call.ids.push(run.id)
    call.alone = handlers?.length === 1
    call.enter(run, call.runs.length === 0 ? run.context : withCallOwner(call.base, ownerOfNext(call.runs)))
  }
  return call
}

/** A call whose run is told of inside an asynchronous generator, when it is first asked. */
export function aroundStream(kind: CallKind): Invoke {
  return (self, args, original) => {
    const generator = Reflect.apply(original, self, args) as AsyncGenerator
    guard('langchain.stream', () => bindGenerator(generator, new CallContext(kind, self, args, true)))
    return generator
  }
}

/** Whatever the generator does, it does in this context; and its end is seen, by whatever way it comes. */
function bindGenerator(generator: AsyncGenerator, call: CallContext): void {
  const end = endOf(call)
  const tie = endWhenCollected(generator, end)
  const finished = (): void => {
    cutTie(tie)
    guard('langchain.leave', end.abandoned)
  }
  for (const name of ['next', 'return', 'throw'] as const) {
    const original = generator[name] as (...args: unknown[]) => Promise<IteratorResult<unknown>>
    const value = (...args: unknown[]): Promise<IteratorResult<unknown>> => {
      if (name !== 'next') call.left = true
      const result = contextApi.with(call, original as never, generator as never, ...(args as never[])) as ReturnType<
        typeof original
      >
      result.then(({ done, value: given }) => {
        guard('langchain.ids', () => forgetRunIds(call, given))
        if (done === true) finished()
      }, finished)
      return result
    }
    Object.defineProperty(generator, name, { value, configurable: true, writable: true, enumerable: false })
  }
}

/** Made apart from the functions that hold the generator: what waits for its collection must not hold it. */
function endOf(call: CallContext): Abandonable {
  return { abandoned: () => call.runs.forEach(leaveRun) }
}
