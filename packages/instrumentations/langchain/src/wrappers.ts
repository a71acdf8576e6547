import { context as contextApi } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import { type Abandonable, cutTie, endWhenCollected, type Invoke, withCallOwner } from '@agentel/instrumentation-kit'
import { CallContext, type CallKind } from './call-context.ts'
import type { Manager } from './configure.ts'
import { isHandler } from './handler.ts'
import { ownerOfNext } from './model-run.ts'
import { findRun, leaveRun } from './open-runs.ts'
import { forgetRunIds } from './run-ids.ts'

/** A call whose run is told of inside, with a promise. */
export function aroundCall(kind: CallKind): Invoke {
  return (self, args, original) => {
    const call = guard('langchain.call', () => new CallContext(kind, self, args))
    if (call === undefined) return Reflect.apply(original, self, args)
    return contextApi.with(call, original as never, self as never, ...(args as never[]))
  }
}

/** What we see of the manager of a model's run. */
interface ModelRunManager {
  readonly handlers?: readonly object[]
  readonly runId?: string
}

/**
 * `handleLLMNewToken(…)`, of every chunk of a stream: where nobody listens but us we are told at once, without the
 * promises and contexts that LangChain makes for its handlers. Without us it would make none either.
 */
export function aroundToken(): Invoke {
  return (self, args, original) => {
    const { handlers, runId } = self as ModelRunManager
    if (handlers?.length !== 1 || !isHandler(handlers[0])) return Reflect.apply(original, self, args)
    guard('langchain.token', () => findRun(runId)?.token?.())
    return Promise.resolve()
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
