import { addLoad, loadAt, regressionOf, type AgentState } from './agent-state.ts'
import { arrive } from './arrivals.ts'
import { expectedAt, spread } from './baseline.ts'
import type { Observation, SignalChange } from './observation.ts'
import { residual } from './regression.ts'
import type { ShiftOptions } from './shift.ts'
import { pointOf, type SignalFeed, type SignalPoint } from './signal-feed.ts'
import type { OwnWork, TraceSummary } from './trace-book.ts'
import { growthAt } from './trace-growth.ts'

const UP: ShiftOptions = { direction: 'up', floor: 0.1 }
/** Answers vary in length by nature, and with the question. */
const OUTPUT: ShiftOptions = { direction: 'both', floor: 0.1, threshold: 18 }
const PRICE: ShiftOptions = { direction: 'both', floor: 0.1 }
const CALLS: ShiftOptions = { direction: 'up', floor: 0.25 }
/** Retries and ping-pong are rare by nature, but not unheard of. */
const RARE = { prior: 0.02 }
/** Runs fail more often than single calls. */
const RUN = { prior: 0.03 }
/** Output is dearer than input; four times is about the middle of what providers ask. */
const OUTPUT_WEIGHT = 4

/** A call of a model. `position`: operations of its trace before it. */
export function watchChat(feed: SignalFeed, state: AgentState, o: Observation, position: number): void {
  feed.share(state, pointOf(o, 'error_rate', o.model), o.failed)
  if (o.failed) return
  const output = Math.max(1, o.outputTokens ?? 1)
  const input = Math.max(1, o.inputTokens ?? 1)
  const duration = Math.log(Math.max(0.1, o.durationMs))
  const netOfLength = residual(regressionOf(state, 'duration'), duration, Math.log(output), 1, 1.5)
  feed.shift(state, pointOf(o, 'duration'), netOfLength, UP, 'log')
  if (o.outputTokens !== undefined) feed.shift(state, pointOf(o, 'output_tokens'), Math.log(output), OUTPUT, 'log')
  if (o.inputTokens !== undefined) {
    const tokens = Math.log(input)
    feed.shift(state, pointOf(o, 'input_tokens'), tokens - growthAt(state.growth, tokens, position), UP, 'log')
  }
  if (o.cost !== undefined && o.cost > 0) {
    feed.shift(state, pointOf(o, 'unit_price'), Math.log(o.cost / (input + OUTPUT_WEIGHT * output)), PRICE, 'log')
  }
}

/** A call of a tool. Retries of a call are one call: a chain of them says the same thing once. */
export function watchTool(feed: SignalFeed, state: AgentState, o: Observation): void {
  if ((o.attempt ?? 0) > 0) return
  feed.share(state, pointOf(o, 'tool_error_rate', o.tool), o.failed)
  if (!o.failed)
    feed.shift(state, pointOf(o, 'tool_duration', o.tool), Math.log(Math.max(0.1, o.durationMs)), UP, 'log')
}

/** A run of an agent. `blameless`: another agent failed in it, so that its failure says nothing of this one. */
export function watchRun(feed: SignalFeed, state: AgentState, o: Observation, blameless: boolean): void {
  arrive(state.arrivals, o.time)
  addLoad(state, o.time)
  if (!o.failed || !blameless) feed.share(state, pointOf(o, 'run_error_rate'), o.failed, RUN)
}

/** What one agent did in a trace that is over. */
export function watchTrace(
  feed: SignalFeed,
  state: AgentState,
  agent: string,
  own: OwnWork,
  trace: TraceSummary,
): void {
  const point = (signal: string): SignalPoint => ({ agent, signal, time: trace.time, traceId: trace.traceId })
  feed.shift(state, point('calls_per_trace'), Math.log(1 + own.chats + own.tools), CALLS, 'log')
  if (own.tools > 0) feed.share(state, point('retry_rate'), own.retries > 0, RARE)
  feed.share(state, point('handoff_ping_pong'), own.returns > 1, RARE)
}

/** An agent that takes part in fewer of the tasks than this is not missed in one. */
const REGULAR = 0.7
/** Participation is known once there were this many tasks since the agent was first seen. */
const KNOWN_TASKS = 30
const ABSENT = { prior: 0.1, priorWeight: 10, warmUp: KNOWN_TASKS }

/**
 * Is an agent missing that has its part in nearly every task? That is silence which needs no clock: within some ten
 * tasks, whatever the time of day. Agents that come and go are left to the profile of the day.
 */
export function watchAbsence(feed: SignalFeed, state: AgentState, agent: string, trace: TraceSummary): void {
  const absent = !trace.agents.has(agent)
  state.tasks.total++
  if (!absent) state.tasks.present++
  const { total, present } = state.tasks
  if (total > 4000) state.tasks = { total: total / 2, present: present / 2 }
  const missed = (state.shares.absence?.since ?? 0) > 0
  if (present < REGULAR * total && !missed) return
  feed.share(state, { agent, signal: 'absence', time: trace.time, traceId: trace.traceId }, absent, ABSENT)
}

/** Operations of an agent in one trace that are a loop whatever was usual. */
const LEAST_LOOP = 15

/** Is this trace, still open, already far beyond any that this agent has had? Said once a trace. */
export function loopIn(state: AgentState, o: Observation, own: OwnWork): SignalChange | undefined {
  const calls = own.chats + own.tools
  const series = state.shifts.calls_per_trace
  if (own.loopTold || calls < LEAST_LOOP || !series || series.baseline.count < 30) return undefined
  const usual = expectedAt(series.baseline, o.time)
  const limit = Math.max(LEAST_LOOP, 1.5 * Math.exp(usual + 5 * spread(series.baseline, CALLS.floor)))
  if (calls < limit) return undefined
  own.loopTold = true
  const score = Math.min(1, 0.6 + 0.2 * Math.log2(calls / limit + 1))
  const measured = { score, threshold: 0.6, expected: Math.exp(usual) - 1, observed: calls }
  return {
    type: 'begin',
    ...pointOf(o, 'loop'),
    subject: undefined,
    traceId: o.traceId,
    spanId: o.spanId,
    detector: 'limit',
    ...measured,
  }
}

/** A number of an agent that is not in its spans: queue depth, memory, CPU. */
export interface GaugeOptions {
  direction?: 'up' | 'down' | 'both'
  /** Smallest spread that is believed, in the units of the value. */
  floor: number
  /** Whether it rises with the work there is; then only what the load does not explain is judged. */
  withLoad?: boolean
}

export function watchGauge(
  feed: SignalFeed,
  state: AgentState,
  point: SignalPoint,
  value: number,
  o: GaugeOptions,
): void {
  const judged = o.withLoad
    ? residual(regressionOf(state, point.signal), value, loadAt(state, point.time), 20, 20 * o.floor)
    : value
  feed.shift(state, point, judged, { direction: o.direction ?? 'up', floor: o.floor }, 'linear')
}
