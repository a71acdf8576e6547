import { guard, guardPromise } from '@agentel/api'
import type { Enricher } from '@agentel/processor-kit'
import type { Dependency } from './dependency.ts'
import { healthEnricher } from './health-enricher.ts'
import type { HealthReport, Verdict } from './health-report.ts'
import { emitHealthChanged } from './health-telemetry.ts'
import { type Check, type Probe, createProbe } from './probe.ts'
import { componentHealth, dependencyHealth, worstOf } from './report-parts.ts'
import { DEFAULT_THRESHOLDS, type HealthThresholds } from './thresholds.ts'
import { type HeartbeatOptions, type PingOptions, watchComponents } from './watch-components.ts'
import { type WatchedDependency, watchDependency } from './watched-dependency.ts'

/** Options of {@link createHealthMonitor}; times in ms. */
export interface HealthMonitorOptions {
  readonly thresholds?: Partial<HealthThresholds>
  /** How far back runs count; an hour by default. */
  readonly windowMs?: number
  /** With fewer runs, no share and no percentile is judged; 10 by default. */
  readonly minimumRuns?: number
  /** Time between two looks at everything; 30,000 by default. */
  readonly intervalMs?: number
  /** How many agents and workers are watched; 500 by default. */
  readonly maxComponents?: number
  /** For tests. */
  readonly now?: () => number
}

/** Watches the health of a process. */
export interface HealthMonitor {
  /** Put it among the enrichers of a span processor: the runs of agents and workers are seen by it. */
  readonly enricher: Enricher
  /** Says that an agent or a worker lives. From the first one on, those that do not come are an issue. */
  heartbeat(options: HeartbeatOptions): void
  /** Asks an agent or a worker at every look, and measures its answer. @returns stops asking */
  addPing(options: PingOptions): () => void
  /** Looks after something that this process needs. @returns stops looking */
  addDependency(dependency: Dependency): () => void
  /** Looks whether the process itself works; what this finds asks for a restart. @returns stops looking */
  addLivenessCheck(name: string, check: Check): () => void
  /** Whether requests may come: `false` while it warms up, and before it ends. @param reason shown in the answer */
  setReady(ready: boolean, reason?: string): void
  /** Whether the process works. Never rejects. */
  live(): Promise<Verdict>
  /** Whether it is set ready and all that it requires is there. Never rejects. */
  ready(): Promise<Verdict>
  /** How everything is, after a look at it. Never rejects. */
  report(): Promise<HealthReport>
  /** Stops looking. */
  close(): void
}

const CHECKS = { timeoutMs: 2000, cacheMs: 10_000 }

/**
 * Watches agents and workers by their spans, heartbeats and pings, and dependencies by their checks. A state that
 * changes is an event `agentel.health.changed`; states are the metrics `agentel.agent.health` and
 * `agentel.worker.health`.
 *
 * @example
 * const health = createHealthMonitor()
 * new TracerProvider({ spanProcessors: [enricherProcessor([health.enricher]), new BatchSpanProcessor({ exporter })] })
 */
export function createHealthMonitor(options: HealthMonitorOptions = {}): HealthMonitor {
  const { now = Date.now, windowMs = 3_600_000, minimumRuns = 10, intervalMs = 30_000, maxComponents = 500 } = options
  const thresholds = { ...DEFAULT_THRESHOLDS, ...options.thresholds }
  const judging = { thresholds, windowMs, minimumRuns }
  const components = watchComponents({ ...judging, limit: maxComponents, now, changed: emitHealthChanged })
  const dependencies = new Set<WatchedDependency>()
  const livenessChecks = new Map<string, Probe>()
  let notReady: string | undefined

  const lookAt = (some: Iterable<WatchedDependency>) =>
    Promise.all([...some].map((one) => one.look(thresholds, emitHealthChanged)))
  const report = async (): Promise<HealthReport> => {
    const [all, looked] = await Promise.all([components.look(), lookAt(dependencies)])
    const of = (wanted: 'agent' | 'worker') =>
      all.filter(({ kind }) => kind === wanted).map((one) => componentHealth(one, now() - windowMs))
    const found = looked.map(dependencyHealth)
    const state = worstOf(all, found)
    return { state, agents: of('agent'), workers: of('worker'), dependencies: found, unwatched: components.refused() }
  }
  const timer = setInterval(() => void guardPromise('health.look', report), intervalMs)
  timer.unref()
  const close = (): void => {
    clearInterval(timer)
    components.close()
  }

  return {
    enricher: { ...healthEnricher(components.find, now), shutdown: async () => close() },
    heartbeat: (beat) => guard('health.heartbeat', () => components.heartbeat(beat)),
    addPing: components.addPing,
    addDependency(dependency) {
      const watched = watchDependency({ ...CHECKS, ...dependency }, now)
      dependencies.add(watched)
      return () => void dependencies.delete(watched)
    },
    addLivenessCheck(name, check) {
      livenessChecks.set(name, createProbe({ check, ...CHECKS, now }))
      return () => void livenessChecks.delete(name)
    },
    setReady(ready, reason = 'not ready') {
      notReady = ready ? undefined : reason
    },
    async live() {
      const looked = [...livenessChecks].map(async ([name, probe]) => ({ name, issue: (await probe.run()).problem }))
      return verdictOf(await Promise.all(looked))
    },
    async ready() {
      const looked = await lookAt([...dependencies].filter(({ dependency }) => dependency.required !== false))
      const there = looked.map(({ dependency, result }) => ({ name: dependency.name, issue: result.problem }))
      return verdictOf([{ name: 'process', issue: notReady }, ...there])
    },
    report,
    close,
  }
}

function verdictOf(looked: readonly { name: string; issue: string | undefined }[]): Verdict {
  const checks = looked.map(({ name, issue }) =>
    issue === undefined ? { name, ok: true } : { name, ok: false, issue },
  )
  return { ok: checks.every(({ ok }) => ok), checks }
}
