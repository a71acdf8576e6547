import type { Context } from '@opentelemetry/api'
import type { CallOwner } from '@agentel/instrumentation-kit'
import { activeContext, isSameInside } from './call-context.ts'

/** A run of LangChain that is under way, and what stands for it here. */
export interface Run {
  readonly id: string
  /** What runs inside it runs in this context. */
  readonly context: Context
  /** Of a model call: completed by the client below. */
  readonly owner?: CallOwner
  succeed(result: unknown): void
  fail(error: unknown): void
  /** Nobody will tell how it ended. */
  leave(): void
  /** A piece of the answer has come. */
  token?(): void
}

/** More runs than this are not kept open: the oldest is let go, its span ends. */
const MOST_OPEN = 10_000

const runs = new Map<string, Run>()

/** Keeps a run that has started. */
export function addRun(run: Run): void {
  runs.set(run.id, run)
  if (runs.size <= MOST_OPEN) return
  const [oldest] = runs.values()
  leaveRun(oldest!)
}

/** The run, while it is under way. */
export function findRun(id: string | undefined): Run | undefined {
  return id === undefined ? undefined : runs.get(id)
}

/** The run, which is not under way any more. */
export function takeRun(id: string): Run | undefined {
  const run = runs.get(id)
  runs.delete(id)
  return run
}

/** Ends a run of which no end was told. */
export function leaveRun(run: Run): void {
  if (runs.delete(run.id)) run.leave()
}

/**
 * Where a span hangs whose run is a child of `parentRunId`: inside that run, and inside the application's own spans that
 * are between.
 */
export function parentContext(parentRunId: string | undefined, active = activeContext()): Context {
  const above = findRun(parentRunId)
  return above === undefined || isSameInside(active, above.context) ? active : above.context
}
