import type { Tracer } from '@opentelemetry/api'
import type { OperationReaders } from './operation-readers.ts'

/** What a module exports, seen without its types: its shape is checked before anything is patched. */
export type ModuleExports = Readonly<Record<string, unknown>>

/** A method as a patch sees it. */
export type Method = (this: unknown, ...args: unknown[]) => unknown

/** Makes the call in place of the original method; it must call `original` exactly once and return what it returned. */
export type Invoke = (self: unknown, args: unknown[], original: Method) => unknown

/** What a patch may use while it runs. Read it at every call: the tracer changes with `setTracerProvider`. */
export interface PatchRuntime {
  readonly tracer: Tracer
}

/** One method of one exported class (or object) and what is put around it. */
export type Patch = PatchTarget & (ClientCallPatch | WrappingPatch)

/** The method of a model client: what to read of a call is all that there is to say. */
export interface ClientCallPatch {
  readonly readers: OperationReaders
}

/** Any other method. */
export interface WrappingPatch {
  readonly wrap: (runtime: PatchRuntime) => Invoke
}

/** Where a patch goes. */
export interface PatchTarget {
  /** Its name in reports, faults and mutants: `chat.completions.create`. */
  readonly name: string
  /** The object that holds the method, usually a prototype; `undefined` when this version has none. */
  readonly find: (exports: ModuleExports) => object | undefined
  readonly method: string
  /** The one entry of several whose module exports it: from the others nothing is missing. */
  readonly entry?: string
  /** Not every supported version has it: its absence (from such a copy) is no reason to warn. */
  readonly optional?: boolean | ((exports: ModuleExports) => boolean)
  /** Why a version has not what is looked for, where the usual words would mislead. */
  readonly absence?: string
}

/** All that is known of one SDK. The whole of an instrumentation is this table and the readers that it names. */
export interface PatchTable {
  /** The instrumentation's package name: the scope of its spans. */
  readonly name: string
  /** The instrumentation's version. */
  readonly version: string
  /** The npm package that is instrumented. */
  readonly module: string
  /**
   * The files that applications import, relative to the package's root and without extension. Only exported entry
   * points, never an internal file.
   */
  readonly entries: readonly string[]
  /** Further packages that hold the same: a successor under another name, a half of it. */
  readonly also?: readonly { readonly module: string; readonly entries: readonly string[] }[]
  /**
   * Exported functions that patches replace inside of the module, so that it uses the replaced ones itself: for patches
   * whose `find` gives back the exports.
   */
  readonly rebind?: readonly string[]
  /** Major versions that the tests cover. Another one is patched when its shape is right, and said so. */
  readonly majors: readonly number[]
  readonly patches: readonly Patch[]
}
