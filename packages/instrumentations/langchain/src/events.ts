import type { PatchRuntime } from '@agentel/instrumentation-kit'

/** What a run is of, as LangChain writes it down. */
export interface Serialized {
  /** Namespace and class: `['langgraph', 'pregel', 'CompiledStateGraph']`. */
  readonly id?: readonly string[]
}

/** What LangChain, LangGraph and the application say of a run; children inherit most of it. */
export type Metadata = Readonly<Record<string, unknown>>

/** What a callback tells of a run that starts. */
export interface Told {
  readonly of: Serialized | undefined
  readonly input: unknown
  readonly id: string
  readonly parentId: string | undefined
  readonly tags: readonly string[] | undefined
  readonly metadata: Metadata | undefined
  readonly runtime: PatchRuntime
}

/** A run with a name: that of the node, of the tool, or what the application calls it. */
export interface NamedTold extends Told {
  readonly name: string | undefined
}
