import { guard, hiddenField, recordFault } from '@agentel/api'
import { type Abandonable, cutTie, endWhenCollected, type Tie } from './abandoned.ts'

/** Told what the caller of an API method gets, when the caller gets it. */
export interface CallObserver extends Abandonable {
  /** The parsed answer, or the stream. May be told twice (before and after a transform). */
  value(value: unknown): void
  /** Nothing more comes: the answer was handed to the caller (for a stream: only its object was). */
  settled(): void
  failed(error: unknown): void
  /** The caller took the raw response: its body is the caller's, and is not read by us. */
  raw(): void
}

/** The fields of a Stainless client's `APIPromise` that its own methods go through. */
interface ApiPromise {
  responsePromise: Promise<unknown>
  parseResponse: (...args: unknown[]) => unknown
  parsedPromise?: unknown
  _thenUnwrap: (transform: (...args: unknown[]) => unknown) => unknown
  asResponse: () => Promise<unknown>
}

/** What we know of an observed promise. */
interface Observation {
  /**
   * Let go of when there is nothing more to tell. The client keeps a map of its promises, and what a map refers to
   * outlives minor collections: a whole call should not.
   */
  observer: CallObserver | undefined
  /** Another promise, derived from this one, stands for the call now. */
  derived: boolean
  /** The caller has asked for the raw response. */
  rawAsked: boolean
  headersCame: boolean
  /** To the promise itself, while nobody has asked for the answer. */
  tie: Tie | undefined
  /** Depth of derived promises that are parsing this one at the moment. */
  parsedByDerived: number
}

const observations = hiddenField<Observation>()
/** Per patched prototype, never one flag for the process: an ES module copy and a CommonJS copy each have one. */
const patchedPrototypes = new WeakSet<object>()

/**
 * Observes what a client's method returned without replacing it, reading its body, or adding a key to it.
 *
 * @returns false when the value has not the shape of an `APIPromise`; then nothing was touched
 */
export function observeApiPromise(value: unknown, observer: CallObserver): boolean {
  if (!isApiPromise(value) || observations.get(value) !== undefined) return false
  patchPrototype(value)
  observe(value, { observer, derived: false, rawAsked: false, headersCame: false, tie: undefined, parsedByDerived: 0 })
  return true
}

function isApiPromise(value: unknown): value is ApiPromise {
  if (!(value instanceof Promise)) return false
  const candidate = value as Partial<ApiPromise>
  return (
    candidate.responsePromise instanceof Promise &&
    typeof candidate.parseResponse === 'function' &&
    typeof candidate._thenUnwrap === 'function' &&
    typeof candidate.asResponse === 'function'
  )
}

function observe(promise: ApiPromise, observation: Observation): void {
  observations.set(promise, observation)
  observeParsing(promise, observation)
  observeHeaders(promise, observation)
  // openai 7 gives each promise its own _thenUnwrap, closed over the raw request: what is patched below never sees it.
  if (Object.hasOwn(promise, '_thenUnwrap')) {
    const original = promise._thenUnwrap
    promise._thenUnwrap = (transform) => unwrapObserved(promise, observation, original, transform)
  }
}

/** Looks at the parsed value by a side branch; the caller gets the very promise that the client made. */
function observeParsing(promise: ApiPromise, observation: Observation): void {
  const original = promise.parseResponse
  promise.parseResponse = function parseResponse(this: unknown, ...args) {
    const forDerived = observation.parsedByDerived > 0
    // Whoever asked may drop the promise and keep what it gives, a stream for one.
    cutTie(observation.tie)
    const parsed = Reflect.apply(original, this, args)
    if (parsed instanceof Promise) {
      parsed.then(
        (value: unknown) => {
          tellValue(observation, value)
          if (!forDerived) tellSettled(observation)
        },
        (error: unknown) => tellFailed(observation, error),
      )
    }
    return parsed
  }
}

/** What goes wrong in it must not keep the call from being settled. */
function tellValue({ observer }: Observation, value: unknown): void {
  try {
    observer?.value(value)
  } catch (fault) {
    recordFault('promise.value', fault)
  }
}

function tellSettled(observation: Observation): void {
  const { observer } = observation
  observation.observer = undefined
  try {
    observer?.settled()
  } catch (fault) {
    recordFault('promise.settled', fault)
  }
}

function tellFailed(observation: Observation, error: unknown): void {
  const { observer } = observation
  observation.observer = undefined
  guard('promise.failed', () => observer?.failed(error))
}

/**
 * Replaces the request's promise by one that follows it. With a handler beside a promise that the caller holds, the
 * unhandled rejection of a call that nobody awaits would get lost.
 */
function observeHeaders(promise: ApiPromise, observation: Observation): void {
  promise.responsePromise = promise.responsePromise.then(
    (response) => {
      observation.headersCame = true
      if (promise.parsedPromise === undefined) guard('promise.headers', () => waitForAsker(promise, observation))
      return response
    },
    (error: unknown) => {
      tellFailed(observation, error)
      throw error
    },
  )
}

/** Nobody has asked for the answer yet, and perhaps nobody will. */
function waitForAsker(promise: ApiPromise, observation: Observation): void {
  const { observer } = observation
  if (observation.derived || observer === undefined) return
  if (observation.rawAsked) observer.raw()
  else observation.tie = endWhenCollected(promise, observer)
}

function unwrapObserved(
  promise: ApiPromise,
  observation: Observation,
  original: ApiPromise['_thenUnwrap'],
  transform: (...args: unknown[]) => unknown,
): unknown {
  const { observer } = observation
  const observedTransform = (...args: unknown[]): unknown => {
    tellValue(observation, args[0])
    return transform(...args)
  }
  const derived = Reflect.apply(original, promise, [observedTransform])
  guard('promise.derived', () => {
    if (!isApiPromise(derived) || observations.get(derived) !== undefined) return
    observation.derived = true
    // The derived promise takes over: a rejection reaches the caller through it, and only once.
    promise.responsePromise.catch(() => undefined)
    observe(derived, {
      observer,
      derived: false,
      rawAsked: false,
      headersCame: false,
      tie: undefined,
      parsedByDerived: 0,
    })
    markParsingOf(promise, observation, derived)
  })
  return derived
}

/** openai 6 parses a derived promise by parsing the first one: that alone does not settle the call. */
function markParsingOf(promise: ApiPromise, observation: Observation, derived: ApiPromise): void {
  const parse = derived.parseResponse
  derived.parseResponse = function parseResponse(this: unknown, ...args) {
    observation.parsedByDerived++
    try {
      return Reflect.apply(parse, this, args)
    } finally {
      observation.parsedByDerived--
    }
  }
}

/** Methods that are not the promise's own are observed on the prototype, so that no promise gets a key of ours. */
function patchPrototype(promise: ApiPromise): void {
  const prototype = Object.getPrototypeOf(promise) as ApiPromise
  if (patchedPrototypes.has(prototype)) return
  patchedPrototypes.add(prototype)
  replaceMethod(prototype, 'asResponse', (original) => {
    return function asResponse(this: ApiPromise) {
      const response = Reflect.apply(original, this, [])
      guard('promise.asResponse', () => rawAsked(this))
      return response
    }
  })
  replaceMethod(prototype, '_thenUnwrap', (original) => {
    return function _thenUnwrap(this: ApiPromise, transform: (...args: unknown[]) => unknown) {
      const observation = observations.get(this)
      if (observation === undefined) return Reflect.apply(original, this, [transform])
      return unwrapObserved(this, observation, original, transform)
    }
  })
}

function rawAsked(promise: ApiPromise): void {
  const observation = observations.get(promise)
  if (observation === undefined) return
  observation.rawAsked = true
  // `withResponse()` parses first, then takes the response beside it: the answer still comes.
  if (observation.headersCame && promise.parsedPromise === undefined) observation.observer?.raw()
}

function replaceMethod<K extends 'asResponse' | '_thenUnwrap'>(
  prototype: ApiPromise,
  name: K,
  wrap: (original: ApiPromise[K]) => ApiPromise[K],
): void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)
  if (typeof descriptor?.value !== 'function' || descriptor.configurable !== true) return
  Object.defineProperty(prototype, name, { ...descriptor, value: wrap(descriptor.value) })
}
