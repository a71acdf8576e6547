import { type Context, trace } from '@opentelemetry/api'
import { NO_SPAN } from './no-operation.ts'
import type { Operation } from './operation.ts'

/** A context that follows something: what it holds may be something else later. */
export interface MovingContext extends Context {
  /** An ordinary context, of what it holds now. */
  now(): Context
}

/** The context as it is now, for what is done with it later. */
export function settledContext(context: Context): Context {
  return typeof (context as Partial<MovingContext>).now === 'function' ? (context as MovingContext).now() : context
}

/** The key under which a context holds its span; the API keeps it to itself. */
const SPAN = spanKey()

function spanKey(): symbol | undefined {
  let found: symbol | undefined
  const told = {
    setValue(key: symbol) {
      found = key
      return told
    },
  }
  trace.setSpan(told as unknown as Context, NO_SPAN)
  return found
}

/** The context of an operation whose span starts late, or as soon as somebody asks this context for it. */
export class StartingContext implements Context {
  declare private readonly operation: Operation
  declare private readonly parent: Context

  constructor(operation: Operation, parent: Context) {
    this.operation = operation
    this.parent = parent
  }

  getValue(key: symbol): unknown {
    return key === SPAN ? this.started().getValue(key) : this.parent.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return this.started().setValue(key, value)
  }

  deleteValue(key: symbol): Context {
    return this.started().deleteValue(key)
  }

  private started(): Context {
    void this.operation.span
    return this.operation.context
  }
}
