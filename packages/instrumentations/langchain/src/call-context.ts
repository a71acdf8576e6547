import { type Context, context as contextApi, createContextKey } from '@opentelemetry/api'
import type { Run } from './open-runs.ts'

/** Id of the run with a span directly inside of which something runs. */
const INSIDE = createContextKey('agentel.langchain.inside')

/** The context of what runs inside a run. */
export function insideOf(context: Context, runId: string): Context {
  return context.setValue(INSIDE, runId)
}

/** Whether both are inside the same run, also when the application has put spans of its own between. */
export function isSameInside(one: Context, other: Context): boolean {
  return one.getValue(INSIDE) === other.getValue(INSIDE)
}

/** What a {@link CallContext} is around. */
export type CallKind = 'model' | 'tool' | 'retriever' | 'graph'

/**
 * The context around one call of LangChain. The callback that tells of the call comes inside of it, and cannot change
 * the context of what follows; so this one is filled in by it, and is that of the call's span from then on.
 */
export class CallContext implements Context {
  readonly kind: CallKind
  /** What was called: the model, the tool, the retriever, the graph. */
  readonly self: unknown
  /** What it was called with. */
  readonly args: readonly unknown[]
  /** The answer is streamed to the caller. */
  readonly streaming: boolean
  /** What was active around the call. */
  readonly base: Context
  /** The ids of its runs, also of those for which nothing could be started. */
  readonly ids: string[] = []
  /** The runs that the call turned out to be: one, or one for each of several prompts. */
  readonly runs: Run[] = []
  /** Nobody but us listens to the call's callbacks. */
  alone = false
  /** Its reader has gone away. */
  left = false
  #now: Context

  constructor(kind: CallKind, self: unknown, args: readonly unknown[], streaming = false) {
    this.kind = kind
    this.self = self
    this.args = args
    this.streaming = streaming
    this.base = activeContext()
    this.#now = this.base
  }

  /** A run of this call has started; what is called from now on runs in `context`. */
  enter(run: Run, context: Context): void {
    this.runs.push(run)
    this.#now = context
  }

  /** An ordinary context, of what is at work now. */
  now(): Context {
    return this.#now
  }

  getValue(key: symbol): unknown {
    return this.#now.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#now.setValue(key, value)
  }

  deleteValue(key: symbol): Context {
    return this.#now.deleteValue(key)
  }
}

/** The active context, as an ordinary one. */
export function activeContext(): Context {
  const active = contextApi.active()
  return active instanceof CallContext ? active.now() : active
}

/** The call of that kind that is about to be told of; what it calls in turn is another one. */
export function callAtHand(kind: CallKind): CallContext | undefined {
  const active = contextApi.active()
  return active instanceof CallContext && active.kind === kind ? active : undefined
}
