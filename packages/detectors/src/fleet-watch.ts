import {
  loopIn,
  watchAbsence,
  watchChat,
  watchGauge,
  watchRun,
  watchTool,
  watchTrace,
  type GaugeOptions,
} from './agent-watch.ts'
import { newAgentState, type AgentState } from './agent-state.ts'
import { watchVolume } from './volume-watch.ts'
import { IncidentBook, type Incident, type IncidentHandlers } from './incidents.ts'
import type { Observation, Signal, SignalChange } from './observation.ts'
import { createSignalFeed, type SignalFeed, type SignalSetting } from './signal-feed.ts'
import { TraceBook, type TraceSummary } from './trace-book.ts'

export interface FleetWatchOptions {
  /** 1 by default; 2 needs half the evidence, 0.5 twice as much. */
  sensitivity?: number
  /** Per signal: off, or stricter. */
  signals?: Record<string, SignalSetting>
  /** Agents kept; the one that was quiet longest goes first. Default 200. */
  maxAgents?: number
}

/** What a watch has seen, for a summary. */
export interface FleetSummary {
  agents: number
  evictedAgents: number
  evictedTraces: number
  refusedSeries: number
  open: Incident[]
  /** Incidents since the start, by agent, signal and severity. */
  counts: { byAgent: Record<string, number>; bySignal: Record<string, number>; bySeverity: Record<string, number> }
}

interface SavedWatch {
  version: 1
  agents: [string, AgentState][]
}

const HOUR = 3_600_000
/** After a deploy a new level is accepted this much sooner, for this long. */
const RELEARN_AFTER_DEPLOY = 10 * 60_000
const DEPLOY_SPAN = HOUR

/**
 * Watches agents by their finished operations. Streaming; memory is bounded by agents and series; a microsecond or two a call.
 * Times come from the observations, so a recording can be watched as well as a live system.
 */
export class FleetWatch {
  readonly #agents = new Map<string, AgentState>()
  readonly #traces: TraceBook
  readonly #incidents: IncidentBook
  readonly #feed: SignalFeed
  readonly #options: FleetWatchOptions
  readonly #counts: FleetSummary['counts'] = { byAgent: {}, bySignal: {}, bySeverity: {} }
  #checkedAt = 0
  #deployedAt = Number.NEGATIVE_INFINITY
  #now = 0
  #evicted = 0

  constructor(handlers: IncidentHandlers, options: FleetWatchOptions = {}) {
    this.#options = options
    this.#incidents = new IncidentBook({
      detected: (incident) => {
        this.#count(incident)
        handlers.detected(incident)
      },
      ended: (incident) => handlers.ended(incident),
    })
    this.#traces = new TraceBook((trace) => this.#traceEnded(trace))
    this.#feed = createSignalFeed(
      (change) => this.#changed(change),
      (signal) => this.#settingOf(signal),
      () => (this.#now - this.#deployedAt < DEPLOY_SPAN ? RELEARN_AFTER_DEPLOY : HOUR),
    )
  }

  /** Takes one finished operation. */
  observe(o: Observation): void {
    this.check(o.time)
    const state = this.#agent(o.agent, o.time)
    const { own, position } = this.#traces.add(o)
    if (o.kind === 'chat') watchChat(this.#feed, state, o, position)
    else if (o.kind === 'tool') watchTool(this.#feed, state, o)
    else if (o.kind === 'agent') watchRun(this.#feed, state, o, this.#traces.failedElsewhere(o.traceId, o.agent))
    const loop = this.#settingOf('loop').enabled === false ? undefined : loopIn(state, o, own)
    if (loop) this.#changed(loop)
    if (o.root ?? o.kind === 'agent') this.endTrace(o.traceId)
  }

  /** A trace is over. Called by {@link observe} for a root; call it for roots that are no operation of an agent. */
  endTrace(traceId: string): void {
    this.#traces.end(traceId)
  }

  /** Takes a number that is not in the spans: queue depth, memory, CPU, anything. */
  gauge(agent: string, signal: Signal, value: number, time: number, options: GaugeOptions): void {
    this.#now = Math.max(this.#now, time)
    watchGauge(this.#feed, this.#agent(agent, time), { agent, signal, time }, value, options)
  }

  /** A new version runs: levels that change within the hour are learned in minutes instead of an hour. */
  deployed(time: number): void {
    this.#deployedAt = time
  }

  /** Looks for agents that are silent or flooded; at most once a minute of the given time. Call it by a timer too. */
  check(time: number): void {
    this.#now = Math.max(this.#now, time)
    if (time - this.#checkedAt < 60_000) return
    this.#checkedAt = time
    this.#incidents.settle(time)
    for (const [agent, state] of this.#agents) watchVolume(agent, state, time, this.#options, (c) => this.#changed(c))
  }

  summary(): FleetSummary {
    return {
      agents: this.#agents.size,
      evictedAgents: this.#evicted,
      evictedTraces: this.#traces.evicted,
      refusedSeries: this.#feed.refused.count,
      open: this.#incidents.open,
      counts: structuredClone(this.#counts),
    }
  }

  /** What has been learned, as JSON text. Open traces and incidents are not part of it. */
  save(): string {
    return JSON.stringify({ version: 1, agents: [...this.#agents] } satisfies SavedWatch)
  }

  /** Takes up what an earlier watch learned. Returns false, and changes nothing, if the text is not of this version. */
  restore(text: string): boolean {
    try {
      const saved = JSON.parse(text) as SavedWatch
      if (saved.version !== 1 || !Array.isArray(saved.agents)) return false
      for (const [name, state] of saved.agents) this.#agents.set(name, state)
      return true
    } catch {
      return false
    }
  }

  #settingOf(signal: Signal): SignalSetting {
    const setting = this.#options.signals?.[signal]
    const strictness = (setting?.strictness ?? 1) / (this.#options.sensitivity ?? 1)
    return { enabled: setting?.enabled ?? true, strictness }
  }

  #agent(name: string, time: number): AgentState {
    let state = this.#agents.get(name)
    if (!state) {
      if (this.#agents.size >= (this.#options.maxAgents ?? 200)) this.#evictQuietest()
      state = newAgentState()
      this.#agents.set(name, state)
    }
    state.seenAt = Math.max(state.seenAt, time)
    return state
  }

  #evictQuietest(): void {
    const quietest = [...this.#agents].reduce((a, b) => (b[1].seenAt < a[1].seenAt ? b : a))
    this.#agents.delete(quietest[0])
    this.#evicted++
  }

  #traceEnded(trace: TraceSummary): void {
    for (const [agent, own] of trace.agents) {
      const state = this.#agents.get(agent)
      if (!state) continue
      watchTrace(this.#feed, state, agent, own, trace)
      if (own.loopTold) this.#changed(loopEnd(agent, trace))
    }
    for (const [agent, state] of this.#agents) watchAbsence(this.#feed, state, agent, trace)
  }

  #changed(change: SignalChange): void {
    this.#incidents.change(change)
  }

  #count(incident: Incident): void {
    const { byAgent, bySignal, bySeverity } = this.#counts
    byAgent[incident.agent] = (byAgent[incident.agent] ?? 0) + 1
    bySignal[incident.first.signal] = (bySignal[incident.first.signal] ?? 0) + 1
    bySeverity[incident.severity] = (bySeverity[incident.severity] ?? 0) + 1
  }
}

function loopEnd(agent: string, trace: TraceSummary): SignalChange {
  const about = { agent, signal: 'loop', subject: undefined, traceId: trace.traceId, spanId: undefined }
  const measured = { score: 0, threshold: 0, expected: 0, observed: 0 }
  return { type: 'end', time: trace.time, ...about, detector: 'limit', ...measured, outcome: 'recovered' }
}
