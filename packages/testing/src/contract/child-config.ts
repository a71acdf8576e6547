import type { Testimony } from './witness.ts'

/** What a child process is told to do. */
export interface ChildConfig {
  /** Module that exports `suite: ContractSuite`. */
  readonly suite: string
  /** Module that exports `instrumentation: ContractInstrumentation`. */
  readonly instrumentation: string
  /** `bare`: nothing of ours is loaded. `faults`: hooked anew for each fault, core scenarios only. */
  readonly mode: 'bare' | 'instrumented' | 'faults'
  /** File that loads the SDK as an application would, `.mjs` or `.cjs`. */
  readonly load: string
  readonly major: number
  readonly serverUrl: string
  /** Run only this ending, and let it end the process. */
  readonly ending?: string
  /** Where the answer goes, as JSON. */
  readonly answer: string
}

/** A span as a child saw it end. */
export interface SeenSpan {
  readonly name: string
  readonly kind: number
  readonly attributes: Readonly<Record<string, unknown>>
  readonly status: { readonly code: number; readonly message?: string }
  readonly events: readonly string[]
  readonly scope: string
  readonly id: string
  readonly parentId?: string
}

/** What became of one scenario. */
export interface ScenarioResult {
  readonly scenario: string
  readonly testimony: Testimony
  readonly spans: readonly SeenSpan[]
  /** Spans that were started and not ended when the scenario was over. */
  readonly open: number
}

/** What a child answers. */
export interface ChildAnswer {
  readonly results: readonly ScenarioResult[]
  /** Of mode `faults`: by the part that was broken. */
  readonly faulted: Readonly<Record<string, readonly ScenarioResult[]>>
  /** What was said of copies that could not be hooked as usual. */
  readonly warnings: readonly string[]
  /** How often each hook of ours failed; empty when none did. */
  readonly faultCounts: Readonly<Record<string, number>>
}
