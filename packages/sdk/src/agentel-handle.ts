import type { HealthMonitor } from '@agentel/health'
import type { HookReport } from '@agentel/instrumentation-kit'
import type { BudgetCheck, Spender } from '@agentel/processor-cost'
import { createExportCounts, type ExportCounts } from './export-counts.ts'
import type { Instrumentations } from './instrumentations.ts'

/** What a start gives. */
export interface Agentel {
  /**
   * `started`: the providers are ours; `attached`: the application has set OpenTelemetry up before, its providers are
   * used; `disabled`: nothing was hooked.
   */
  readonly mode: 'started' | 'attached' | 'disabled'
  /** Sends what is waiting. Never rejects; resolves in bounded time to whether all of it was sent. */
  forceFlush(): Promise<boolean>
  /** Flushes, then takes away everything that the start did. Never rejects; resolves like `forceFlush`. */
  shutdown(): Promise<boolean>
  /**
   * Whether a call may be made, by the budgets that it would be charged to: those of the active context's identity and
   * agent by default. Always, when there are no budgets of ours.
   */
  checkBudget(spender?: Spender): BudgetCheck
  /**
   * Ends a session now instead of when it has been idle: its duration, queries and cost are counted. False when it is
   * not known, or the set-up not ours.
   */
  endSession(sessionId: string): boolean
  /** For heartbeats, pings, checks of dependencies and readiness; undefined when health is off or the set-up not ours. */
  health(): HealthMonitor | undefined
  /** What became of the batches so far. */
  exports(): ExportCounts
  /** Which copies of which SDKs were loaded, what of them is hooked, and why the rest is not. */
  hooks(): HookReport[]
}

const nothingOfOurs = {
  checkBudget: (): BudgetCheck => ({ allowed: true, budgets: [] }),
  endSession: () => false,
  health: () => undefined,
  exports: createExportCounts,
}

/** What a start gives that hooked nothing. */
export function disabled(): Agentel {
  const done = async () => true
  return { ...nothingOfOurs, mode: 'disabled', forceFlush: done, shutdown: done, hooks: () => [] }
}

/** What a start gives that found the application's providers. `forget` is called when it ends. */
export function attached(instrumentations: Instrumentations, forget: () => void): Agentel {
  return {
    ...nothingOfOurs,
    mode: 'attached',
    forceFlush: async () => true,
    async shutdown() {
      instrumentations.disable()
      forget()
      return true
    },
    hooks: instrumentations.reports,
  }
}
