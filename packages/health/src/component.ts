import type { HealthState, Issue } from './health-state.ts'
import { type HealthThresholds, judgeResponse, judgeSuccess, seconds } from './thresholds.ts'
import type { Probe, ProbeResult } from './probe.ts'
import { type RecentTimes, recentTimes } from './recent-times.ts'

/** How many runs, and how many model calls, of one component are remembered. */
const REMEMBERED = 256
/** So many failures in a row are a failure, however few runs there were. */
const IN_A_ROW = 3
/** So many heartbeats may be missed. */
const MISSED = 3

/** An agent or a worker, as its spans, heartbeats and pings show it. */
export interface Component {
  readonly kind: 'agent' | 'worker'
  readonly name: string
  readonly runs: RecentTimes
  /** An agent's model calls; of a worker, its runs again. */
  readonly responses: RecentTimes
  /** ms since the epoch. */
  lastSeen: number
  /** Of the last run that failed; its `error.type`. */
  lastError?: string | undefined
  heartbeat?: { at: number; everyMs: number }
  /** The question that it is asked at every look, and the last answer. */
  probe?: Probe | undefined
  ping?: ProbeResult | undefined
  state: HealthState
  issues: readonly string[]
}

/** Of what a judgement goes by. */
export interface JudgingOptions {
  readonly thresholds: HealthThresholds
  /** How far back runs count, in ms. */
  readonly windowMs: number
  /** With fewer runs, no share and no percentile is judged. */
  readonly minimumRuns: number
}

/** A component that nothing is known of yet. */
export function newComponent(kind: Component['kind'], name: string, now: number): Component {
  const runs = recentTimes(REMEMBERED)
  const responses = kind === 'worker' ? runs : recentTimes(REMEMBERED)
  return { kind, name, runs, responses, lastSeen: now, state: 'healthy', issues: [] }
}

/** What is wrong with a component at the time `now`; nothing when all is well. */
export function judge(component: Component, now: number, options: JudgingOptions): Issue[] {
  return [...judgeLife(component, now, options), ...judgeRuns(component, now, options)]
}

function judgeLife({ heartbeat, ping }: Component, now: number, { thresholds }: JudgingOptions): Issue[] {
  const issues: Issue[] = []
  // After the clock was set back, the wait for the next one begins anew.
  if (heartbeat !== undefined) heartbeat.at = Math.min(heartbeat.at, now)
  if (heartbeat !== undefined && now - heartbeat.at > MISSED * heartbeat.everyMs) {
    const text = `no heartbeat for ${seconds(now - heartbeat.at)}, though one is due every ${seconds(heartbeat.everyMs)}`
    issues.push({ badness: 2, text })
  }
  if (ping?.problem !== undefined) issues.push({ badness: 2, text: `ping: ${ping.problem}` })
  else if (ping !== undefined) issues.push(...judgeResponse(ping.responseMs, 'the ping', thresholds))
  return issues
}

function judgeRuns(component: Component, now: number, options: JudgingOptions): Issue[] {
  const { kind, lastError } = component
  const { thresholds, windowMs, minimumRuns } = options
  const runs = component.runs.summary(now - windowMs)
  const issues: Issue[] = []
  if (runs.count >= minimumRuns) issues.push(...judgeSuccess(runs.count - runs.failed, runs.count, thresholds))
  if (runs.failedInARow >= IN_A_ROW) {
    const last = lastError === undefined ? '' : `, the last with ${lastError}`
    issues.push({ badness: 2, text: `the last ${runs.failedInARow} runs failed${last}` })
  }
  const responses = component.responses.summary(now - windowMs)
  if (responses.count < minimumRuns) return issues
  if (kind === 'agent') issues.push(...judgeResponse(responses.p95, 'the p95 of its model calls', thresholds))
  // A worker may well have long work to do: slow executions are told, but make no failure.
  else
    issues.push(
      ...judgeResponse(responses.p95, 'the p95 of its executions', { ...thresholds, unhealthyAboveMs: Infinity }),
    )
  return issues
}
