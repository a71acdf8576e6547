/// <reference lib="esnext.disposable" preserve="true" />
import {
  type Attributes,
  type Context,
  type Link,
  type SpanKind,
  type TimeInput,
  type Tracer,
  context as contextApi,
} from '@opentelemetry/api'
import {
  ATTR_AGENTEL_GRAPH_NODE_ID,
  ATTR_AGENTEL_GRAPH_NODE_NAME,
  ATTR_AGENTEL_GRAPH_NODE_PARENT_IDS,
  ATTR_AGENTEL_ITERATION_NUMBER,
  ATTR_AGENTEL_RETRY_ATTEMPT,
  ATTR_AGENTEL_RETRY_DELAY,
  ATTR_AGENTEL_TURN_NUMBER,
} from '@agentel/semconv'
import { defined } from './defined.ts'
import { hasGates, isGateError } from './gates.ts'
import { guard, recordFault } from './guard.ts'
import { NO_OPERATION } from './no-operation.ts'
import { type Operation, type OperationOptions, type OperationOutcome, runIn, startOperation } from './operation.ts'
import { isTelemetryOn } from './provider-registry.ts'

/** What every span of an agent may say of its place in a run, beside what its own kind says. */
export interface SpanOptions {
  /** Further attributes. */
  readonly attributes?: Attributes
  readonly links?: Link[]
  /** The active context by default. */
  readonly parent?: Context
  readonly startTime?: TimeInput
  /** That of the instrumentation that speaks; this package's own by default. */
  readonly tracer?: Tracer
  /** Turn of the conversation, from 1. */
  readonly turn?: number
  /** Iteration of the agent's loop, from 1. */
  readonly iteration?: number
  /** Node of the graph that is being run. */
  readonly node?: { readonly id?: string; readonly name?: string; readonly parentIds?: readonly string[] }
  /** Attempt, from 1, and the delay before it in seconds. */
  readonly retry?: { readonly attempt?: number; readonly delay?: number }
}

/** An operation that was started by hand. It must be ended: by `end()`, or by `using`. */
export interface Handle extends Operation {
  /** Runs `fn` inside the operation, without ending it. */
  run<T>(fn: () => T): T
  [Symbol.dispose](): void
}

/** The decorator of a method; a standard (TC39) one. */
export type MethodDecorator = <This, A extends unknown[], R>(
  method: (this: This, ...args: A) => R,
  context: ClassMethodDecoratorContext<This, (this: This, ...args: A) => R>,
) => (this: This, ...args: A) => R

/** Runs a callback as the concept; without a callback, it is the decorator of a method. */
export interface Runner<O, H> {
  /** The span ends when what `fn` gives is over: a value, a promise, a generator, a stream. Throws what `fn` throws. */
  <T>(options: O | string, fn: (handle: H) => T): T
  (options?: Partial<O> | string): MethodDecorator
}

/** Starts the concept; the handle outlives the function that started it. Never throws. */
export type Starter<O, H> = (options: O | string) => H

/** Wraps a function so that every call of it is the concept. It stays the same in every other way. */
export type Wrapper<O> = <F extends (...args: never[]) => unknown>(
  fn: F,
  options?: string | Partial<O> | ((...args: Parameters<F>) => Partial<O>),
) => F

/** What makes one concept different from another. */
export interface ConceptDefinition<O extends SpanOptions, M extends object> {
  /** The option that a string stands for, and that the name of a wrapped function is the default of. */
  readonly key: keyof O & string
  /** `false`: the name of a wrapped function says nothing about it. */
  readonly named?: false
  /** Name, kind and attributes; attributes without a value are left out. */
  describe(
    options: O,
    parent: Context,
  ): Pick<OperationOptions, 'name' | 'attributes' | 'links' | 'parent'> & { kind?: SpanKind | undefined }
  /** Before anything is started; what it throws stops the call. */
  before?(options: O, parent: Context): void
  inside?(context: Context, options: O): Context
  /** Called when it has started: records what is known by then and says what the handle can do beside the usual. */
  begin?(operation: Operation, options: O): Life<M>
  /** What the arguments of a wrapped function say, where the options do not. */
  fromArguments?(args: readonly unknown[]): Partial<O>
  /** What the callback or the wrapped function gave. */
  onResult?(handle: Operation & M, result: unknown): void
}

/** One operation's own part. */
export interface Life<M extends object> {
  readonly methods: M
  /** Just before the span ends. */
  onEnd?(outcome: OperationOutcome): void
}

/** A concept in its three forms. */
export interface Concept<O, H> {
  readonly run: Runner<O, H>
  readonly start: Starter<O, H>
  readonly wrap: Wrapper<O>
}

/** Makes the three forms of a concept. */
export function defineConcept<O extends SpanOptions, M extends object = object>(
  definition: ConceptDefinition<O, M>,
): Concept<O, Handle & M> {
  type H = Handle & M
  let idle: H | undefined
  const full = (options: O | string): O => (typeof options === 'string' ? { [definition.key]: options } : options) as O

  const start = (options: O | string): H => {
    const given = full(options)
    if (hasGates()) askBefore(definition, given)
    const handle = isTelemetryOn() ? guard('api.start', () => begin(definition, given)) : undefined
    return handle ?? (idle ??= idleHandle(definition))
  }
  const run = <T>(options: O | string, fn: (handle: H) => T): T => {
    const handle = start(options)
    const { onResult } = definition
    return handle === idle ? fn(handle) : runIn(handle, fn, onResult && ((result) => onResult(handle, result)))
  }
  const wrap: Wrapper<O> = (fn, options) =>
    // A Proxy, so that name, length, properties and `new` stay what they are.
    new Proxy(fn, {
      apply(target, self: unknown, args: never[]) {
        if (!isTelemetryOn() && !hasGates()) return Reflect.apply(target, self, args) as unknown
        const named = guard('api.options', () => {
          const given = typeof options === 'function' ? options(...(args as Parameters<typeof fn>)) : options
          return {
            ...(definition.named === false ? undefined : { [definition.key]: target.name || 'anonymous' }),
            ...definition.fromArguments?.(args),
            ...(given === undefined ? undefined : full(given as O)),
          } as O
        })
        return run(named ?? target.name, () => Reflect.apply(target, self, args) as unknown)
      },
    })
  const runner = (options?: O | string, fn?: (handle: H) => unknown): unknown => {
    if (fn !== undefined) return run(options!, fn)
    return (method: (...args: never[]) => unknown, context: ClassMethodDecoratorContext) => {
      mustBeMethod(context)
      return wrap(method, {
        ...(definition.named === false ? undefined : { [definition.key]: String(context.name) }),
        ...(options === undefined ? undefined : full(options)),
      } as Partial<O>)
    }
  }
  return { run: runner as Runner<O, H>, start, wrap }
}

/** Says at once what would otherwise show as a span that never comes. */
function mustBeMethod(context: unknown): void {
  const { kind, name } = (context ?? {}) as { kind?: unknown; name?: unknown }
  if (kind === 'method') return
  throw new TypeError(
    typeof kind === 'string'
      ? `a decorator of @agentel/api is on the ${kind} "${String(name)}"; it decorates methods only`
      : 'a decorator of @agentel/api was called as a legacy decorator: switch "experimentalDecorators" off in tsconfig.json',
  )
}

/** A gate may stop the call; options that cannot be read may not. */
function askBefore<O extends SpanOptions, M extends object>(definition: ConceptDefinition<O, M>, options: O): void {
  try {
    definition.before?.(options, options.parent ?? contextApi.active())
  } catch (error) {
    if (isGateError(error)) throw error
    recordFault('api.before', error)
  }
}

function begin<O extends SpanOptions, M extends object>(definition: ConceptDefinition<O, M>, options: O): Handle & M {
  const parent = options.parent ?? contextApi.active()
  const { kind, ...described } = guard('api.describe', () => definition.describe(options, parent)) ?? {
    name: definition.key,
  }
  const { inside } = definition
  let life: Life<M> | undefined
  const started: OperationOptions = {
    ...described,
    attributes: defined({ ...described.attributes, ...placeAttributes(options), ...options.attributes }),
    onEnd: (outcome) => life?.onEnd?.(outcome),
  }
  started.parent ??= parent
  if (kind !== undefined) started.kind = kind
  if (options.links !== undefined) started.links = [...options.links, ...(described.links ?? [])]
  if (options.startTime !== undefined) started.startTime = options.startTime
  if (options.tracer !== undefined) started.tracer = options.tracer
  if (inside !== undefined) started.inside = (context) => inside(context, options)
  const operation = startOperation(started)
  life = guard('api.begin', () => definition.begin?.(operation, options))
  // Onto the operation itself: its `ended` is a getter, and nothing else holds it yet.
  return Object.assign(
    operation,
    handleMethods(operation),
    guarded(life?.methods ?? idleMethods(definition)),
  ) as Handle & M
}

/** The application calls them: what it hands over may be anything, and must not come back as an error of ours. */
function guarded(methods: object): object {
  const calls = methods as Record<string, (...args: unknown[]) => unknown>
  const wrapped: typeof calls = {}
  for (const name in calls) wrapped[name] = (...args) => void guard(`api.${name}`, () => calls[name]!(...args))
  return wrapped
}

/** The handle of a process without telemetry: one for all, for there is nothing to remember. */
function idleHandle<O extends SpanOptions, M extends object>(definition: ConceptDefinition<O, M>): Handle & M {
  const operation = Object.create(NO_OPERATION) as Operation
  return Object.assign(operation, handleMethods(operation), guarded(idleMethods(definition))) as Handle & M
}

function idleMethods<O extends SpanOptions, M extends object>(definition: ConceptDefinition<O, M>): object {
  return definition.begin?.(NO_OPERATION, {} as O).methods ?? {}
}

/** Own functions, since applications take methods off their handles: `const { end } = startTask('x')`. */
function handleMethods(
  operation: Operation,
): Pick<Handle, 'set' | 'rename' | 'fail' | 'end' | 'run' | typeof Symbol.dispose> {
  const set = operation.set.bind(operation)
  const rename = operation.rename.bind(operation)
  const fail = operation.fail.bind(operation)
  const end = operation.end.bind(operation)
  return {
    set,
    rename,
    fail,
    end,
    run: (fn) => contextApi.with(operation.context, fn),
    [Symbol.dispose]: () => operation.end(),
  }
}

function placeAttributes({ turn, iteration, node, retry }: SpanOptions): Attributes | undefined {
  // Nearly no span says it; this is on the path of all.
  if (turn === undefined && iteration === undefined && node === undefined && retry === undefined) return undefined
  return {
    [ATTR_AGENTEL_TURN_NUMBER]: turn,
    [ATTR_AGENTEL_ITERATION_NUMBER]: iteration,
    [ATTR_AGENTEL_GRAPH_NODE_ID]: node?.id,
    [ATTR_AGENTEL_GRAPH_NODE_NAME]: node?.name,
    [ATTR_AGENTEL_GRAPH_NODE_PARENT_IDS]: node?.parentIds,
    [ATTR_AGENTEL_RETRY_ATTEMPT]: retry?.attempt,
    [ATTR_AGENTEL_RETRY_DELAY]: retry?.delay,
  }
}
