import type { Forgotten } from './forget-user.ts'
import type { BodyResult, Signal, StoreOptions } from './store.ts'

/** What the main thread tells the writer thread. */
export type ToWriter =
  | {
      readonly kind: 'body'
      readonly id: number
      readonly signal: Signal
      readonly encoding: 'protobuf' | 'json'
      readonly bytes: Uint8Array
    }
  | { readonly kind: 'forget'; readonly id: number; readonly user: string }
  | { readonly kind: 'close' }

/** What the writer thread tells the main thread. */
export type FromWriter =
  | { readonly kind: 'ready' }
  /** The file could not be opened; the thread ends. */
  | { readonly kind: 'refused'; readonly message: string }
  | {
      readonly kind: 'results'
      readonly results: readonly { readonly id: number; readonly result: BodyResult }[]
      readonly traces: readonly number[]
      readonly logs: number
    }
  /** Traces whose summary changed without a body: settled or deleted ones. */
  | { readonly kind: 'changed'; readonly traces: readonly number[] }
  | { readonly kind: 'forgotten'; readonly id: number; readonly report: Forgotten | { readonly fault: string } }
  | { readonly kind: 'fault'; readonly message: string }
  | { readonly kind: 'closed' }

/** Start parameters of the writer thread. */
export interface WriterData {
  readonly store: StoreOptions
}
