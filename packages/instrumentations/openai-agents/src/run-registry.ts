import type { Context } from '@opentelemetry/api'
import type { ToolCalls } from './tool-calls.ts'
import type { SdkSpan, SdkStore } from './sdk-shapes.ts'

/** A trace or span of the SDK, and what stands for it here. */
export interface Entry {
  /** What runs inside it runs in this context. */
  readonly context: Context
  /** The agent's turn that it belongs to, from 1. */
  readonly turn?: number | undefined
  end(span: SdkSpan | undefined): void
  fail?(error: unknown): void
}

/** A trace under way. */
export interface Run {
  readonly entry: Entry
  readonly spans: Map<string, Entry>
  readonly calls: ToolCalls
}

/** More traces than this at a time are not kept: one whose end never comes must not stay forever. */
const MAX_RUNS = 10_000

const runs = new Map<string, Run>()

/** Keeps a trace that has started. */
export function addRun(traceId: string, run: Run): void {
  endRun(traceId)
  if (runs.size >= MAX_RUNS) endRun(runs.keys().next().value!)
  runs.set(traceId, run)
}

/** The trace, while it is under way. */
export function findRun(traceId: string): Run | undefined {
  return runs.get(traceId)
}

/** Ends a trace, and what of it is still open: the last started first. */
export function endRun(traceId: string, error?: unknown): void {
  const run = runs.get(traceId)
  if (run === undefined) return
  runs.delete(traceId)
  for (const entry of [...run.spans.values()].toReversed()) entry.end(undefined)
  if (error !== undefined) run.entry.fail?.(error)
  run.entry.end(undefined)
}

/** What stands for a span, or for the nearest above it that is known: its parent, its trace. */
export function entryOf({ spanId, parentId, traceId }: SdkSpan): Entry | undefined {
  const run = runs.get(traceId)
  return run?.spans.get(spanId) ?? parentEntry(run, parentId)
}

/** What stands for the parent of a span. */
export function parentEntry(run: Run | undefined, parentId: string | null): Entry | undefined {
  return (parentId === null ? undefined : run?.spans.get(parentId)) ?? run?.entry
}

/** What stands for what the SDK holds to be at work. */
export function entryIn(store: SdkStore | undefined): Entry | undefined {
  if (store?.active !== true) return undefined
  if (store.span !== undefined) return entryOf(store.span)
  return store.trace === undefined ? undefined : runs.get(store.trace.traceId)?.entry
}
