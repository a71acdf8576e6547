import { advance, arrive, newArrivals, silence, type ArrivalsState } from './arrivals.ts'
import { newRegression, residual, type RegressionState } from './regression.ts'
import { newShare, updateShare, type ShareAlarm, type ShareOptions, type ShareState } from './share.ts'
import { newShift, updateShift, type ShiftAlarm, type ShiftOptions, type ShiftState } from './shift.ts'
import { TraceBook, type TraceSummary } from './trace-book.ts'

export interface Observation {
  kind: 'chat' | 'tool' | 'handoff' | 'agent'
  agent: string
  traceId: string
  /** End of the operation, ms since the epoch. */
  time: number
  durationMs: number
  failed: boolean
  model?: string | undefined
  tool?: string | undefined
  target?: string | undefined
  inputTokens?: number | undefined
  outputTokens?: number | undefined
  /** US dollars. */
  cost?: number | undefined
  /** 0 or absent: the first try. */
  attempt?: number | undefined
  /** An agent span that nothing of the same trace encloses. */
  root?: boolean | undefined
}

export interface Alarm {
  time: number
  agent: string
  signal: string
  score: number
  expected: number
  observed: number
}

interface AgentState {
  shifts: Map<string, ShiftState>
  shares: Map<string, ShareState>
  arrivals: ArrivalsState
  silentSince: number
  regressions: Map<string, RegressionState>
  /** Starts a minute, averaged over some five minutes. */
  load: number
  loadAt: number
  /** Mean of ln(input tokens) by position in the trace. */
  growth: { count: number[]; mean: number[] }
}

const LOAD_MINUTES = 5
/** -ln of the chance of so few events that is called silence. */
const SILENCE = 12

function loadAt(state: AgentState, time: number): number {
  return state.load * Math.exp(-Math.max(0, time - state.loadAt) / (LOAD_MINUTES * 60_000))
}

const UP: ShiftOptions = { direction: 'up', floor: 0.1 }

export class FleetWatch {
  readonly #agents = new Map<string, AgentState>()
  readonly #traces: TraceBook
  readonly #alarm: (alarm: Alarm) => void
  #checkedAt = 0

  constructor(alarm: (alarm: Alarm) => void) {
    this.#alarm = alarm
    this.#traces = new TraceBook((summary) => this.#traceEnded(summary))
  }

  observe(o: Observation): void {
    this.#tick(o.time)
    const state = this.#agent(o.agent)
    const position = this.#traces.add(o)
    if (o.kind === 'chat') this.#chat(state, o, position)
    else if (o.kind === 'tool') this.#tool(state, o)
    else if (o.kind === 'agent' && o.root !== false) {
      arrive(state.arrivals, o.time)
      state.load = loadAt(state, o.time) + 1 / LOAD_MINUTES
      state.loadAt = Math.max(state.loadAt, o.time)
    }
    if (o.kind === 'agent' && o.root !== false) this.#traces.end(o.traceId)
  }

  /** Any other number of an agent: queue depth, memory, CPU. */
  gauge(agent: string, signal: string, value: number, time: number, options: ShiftOptions): void {
    this.#shift(this.#agent(agent), agent, signal, value, time, options)
  }

  /** A gauge that rises with the work there is: only what the load does not explain is judged. */
  loadGauge(agent: string, signal: string, value: number, time: number, options: ShiftOptions): void {
    const state = this.#agent(agent)
    const left = residual(this.#regression(state, signal), value, loadAt(state, time), 20, 20 * options.floor)
    this.#shift(state, agent, signal, left, time, options)
  }

  #regression(state: AgentState, name: string): RegressionState {
    let found = state.regressions.get(name)
    if (!found) state.regressions.set(name, (found = newRegression()))
    return found
  }

  #agent(name: string): AgentState {
    let state = this.#agents.get(name)
    if (!state) {
      state = {
        shifts: new Map(),
        shares: new Map(),
        arrivals: newArrivals(),
        silentSince: 0,
        regressions: new Map(),
        load: 0,
        loadAt: 0,
        growth: { count: [], mean: [] },
      }
      this.#agents.set(name, state)
    }
    return state
  }

  #chat(state: AgentState, o: Observation, position: number): void {
    this.#share(state, o.agent, 'chat.errors', o.failed, o.time, {})
    if (o.failed) return
    const output = Math.max(1, o.outputTokens ?? 1)
    const input = Math.max(1, o.inputTokens ?? 1)
    this.#shift(
      state,
      o.agent,
      'chat.duration',
      residual(
        this.#regression(state, 'chat.duration'),
        Math.log(Math.max(0.1, o.durationMs)),
        Math.log(output),
        1,
        1.5,
      ),
      o.time,
      UP,
    )
    this.#shift(state, o.agent, 'chat.output_tokens', Math.log(output), o.time, {
      direction: 'both',
      floor: 0.1,
      threshold: 18,
    })
    this.#shift(
      state,
      o.agent,
      'chat.input_tokens',
      Math.log(input) - this.#growth(state, Math.log(input), position),
      o.time,
      UP,
    )
    if (o.cost !== undefined && o.cost > 0) {
      // Price of a token, output counted four times: near constant for one model, whatever the lengths.
      this.#shift(state, o.agent, 'chat.unit_price', Math.log(o.cost / (input + 4 * output)), o.time, {
        direction: 'both',
        floor: 0.1,
      })
    }
  }

  /** Contexts grow along a trace: the usual ln(tokens) at this position, relative to the first. */
  #growth(state: AgentState, value: number, position: number): number {
    const bucket = Math.min(12, Math.floor(Math.log2(1 + position) * 2))
    const { count, mean } = state.growth
    const n = count[bucket] ?? 0
    let offset = 0
    let base = 0
    let known = 0
    for (let b = 0; b <= bucket; b++) {
      if ((count[b] ?? 0) < 15) continue
      if (known === 0) base = mean[b]!
      known++
      offset = mean[b]! - base
    }
    const extra = bucket - lastKnown(count)
    if (n < 600) {
      count[bucket] = n + 1
      mean[bucket] = (mean[bucket] ?? 0) + (value - (mean[bucket] ?? 0)) / (n + 1)
    }
    // Positions never seen before: the context may have grown by as much as the position has.
    return extra > 0 ? offset + extra * 0.35 : offset
  }

  #tool(state: AgentState, o: Observation): void {
    if ((o.attempt ?? 0) > 0) return
    this.#share(state, o.agent, `tool.errors ${o.tool}`, o.failed, o.time, {})
    if (!o.failed)
      this.#shift(state, o.agent, `tool.duration ${o.tool}`, Math.log(Math.max(0.1, o.durationMs)), o.time, UP)
  }

  #traceEnded(t: TraceSummary): void {
    for (const [agent, own] of t.agents) {
      const state = this.#agent(agent)
      this.#shift(state, agent, 'trace.calls', Math.log(1 + own.chats + own.tools), t.time, {
        direction: 'up',
        floor: 0.25,
      })
      if (own.tools > 0) this.#share(state, agent, 'trace.retried', own.retries > 0, t.time, { prior: 0.02 })
      this.#share(state, agent, 'trace.pingpong', own.returns > 1, t.time, { prior: 0.02 })
    }
  }

  #shift(state: AgentState, agent: string, signal: string, value: number, time: number, options: ShiftOptions): void {
    let series = state.shifts.get(signal)
    if (!series) state.shifts.set(signal, (series = newShift()))
    this.#raise(agent, signal, time, updateShift(series, value, time, options))
  }

  #share(
    state: AgentState,
    agent: string,
    signal: string,
    happened: boolean,
    time: number,
    options: ShareOptions,
  ): void {
    let series = state.shares.get(signal)
    if (!series) state.shares.set(signal, (series = newShare()))
    this.#raise(agent, signal, time, updateShare(series, happened, time, options))
  }

  #raise(agent: string, signal: string, time: number, alarm: ShiftAlarm | ShareAlarm | undefined): void {
    if (alarm)
      this.#alarm({ time, agent, signal, score: alarm.score, expected: alarm.expected, observed: alarm.observed })
  }

  /** Once a minute: who is silent that should not be? */
  #tick(time: number): void {
    if (time - this.#checkedAt < 60_000) return
    this.#checkedAt = time
    for (const [agent, state] of this.#agents) {
      if (state.arrivals.firstAt === 0 && state.arrivals.recent.length === 0) continue
      advance(state.arrivals, time)
      const { score, expected, observed } = silence(state.arrivals, time)
      const quiet = state.silentSince > 0
      if (!quiet && score > SILENCE) {
        state.silentSince = time
        state.arrivals.held = true
        this.#alarm({ time, agent, signal: 'silence', score, expected, observed })
      } else if (quiet && (score < 3 || time - state.silentSince > 6 * 3_600_000)) {
        state.silentSince = 0
        state.arrivals.held = false
      }
    }
  }
}

function lastKnown(count: number[]): number {
  for (let b = count.length - 1; b >= 0; b--) if ((count[b] ?? 0) >= 15) return b
  return 99
}
