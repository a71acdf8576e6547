import type { ChainPoint } from './append-rows.ts'
import type { AuditRow } from './audit-event.ts'
import type { Synchronous } from './audit-file.ts'
import type { Forgotten } from './forget-user.ts'
import type { Pruned, PruneOptions } from './prune-rows.ts'

/** What the writing thread is started with. */
export interface ThreadData {
  readonly file: string
  readonly synchronous: Synchronous
  /** Counts the rows that were written or lost, for who waits without an event loop. */
  readonly done: Int32Array
}

/** What it can be asked for, beside rows: what it gets and what it answers. */
export interface ThreadCalls {
  flush: [undefined, ChainPoint]
  forget: [{ readonly userId: string }, Forgotten]
  prune: [PruneOptions, Pruned]
  close: [undefined, undefined]
}

/** A request to the thread. */
export type ThreadCall = {
  [Name in keyof ThreadCalls]: { readonly kind: Name; readonly id: number; readonly options: ThreadCalls[Name][0] }
}[keyof ThreadCalls]

/** To the writing thread. */
export type ToThread = { readonly kind: 'rows'; readonly rows: readonly AuditRow[] } | ThreadCall

/** From the writing thread. */
export type FromThread =
  | { readonly kind: 'written'; readonly count: number }
  /** The file takes no more: nothing of these rows nor of later ones is written. */
  | { readonly kind: 'lost'; readonly count: number; readonly reason: string }
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly reason: string }
