import type { Observation } from './observation.ts'

export interface OwnWork {
  chats: number
  tools: number
  retries: number
  handoffs: number
  /** Handoffs back to the agent that had just handed over. */
  returns: number
  /** Its operations that failed. */
  failures: number
  /** Whether a loop was reported of it. */
  loopTold: boolean
}

export interface TraceSummary {
  traceId: string
  time: number
  agents: Map<string, OwnWork>
}

interface OpenTrace extends TraceSummary {
  spans: number
  lastFrom: string
  lastTo: string
}

const MOST_OPEN = 4000

/** Keeps count of what each agent does in each trace that is still open. Bounded: the oldest is closed first. */
export class TraceBook {
  readonly #open = new Map<string, OpenTrace>()
  readonly #ended: (summary: TraceSummary) => void

  constructor(ended: (summary: TraceSummary) => void) {
    this.#ended = ended
  }

  /** Traces closed because too many were open. */
  evicted = 0

  /** Counts one operation; returns what its agent did in the trace, and how many operations the trace had before it. */
  add(o: Observation): { own: OwnWork; position: number } {
    let trace = this.#open.get(o.traceId)
    if (!trace) {
      if (this.#open.size >= MOST_OPEN) {
        this.evicted++
        this.end(this.#open.keys().next().value!)
      }
      trace = { traceId: o.traceId, time: o.time, agents: new Map(), spans: 0, lastFrom: '', lastTo: '' }
      this.#open.set(o.traceId, trace)
    }
    trace.time = Math.max(trace.time, o.time)
    const position = trace.spans++
    const own = trace.agents.get(o.agent) ?? {
      chats: 0,
      tools: 0,
      retries: 0,
      handoffs: 0,
      returns: 0,
      failures: 0,
      loopTold: false,
    }
    trace.agents.set(o.agent, own)
    if (o.failed && o.kind !== 'agent') own.failures++
    if (o.kind === 'chat') own.chats++
    else if (o.kind === 'tool' && (o.attempt ?? 0) > 0) own.retries++
    else if (o.kind === 'tool') own.tools++
    else if (o.kind === 'handoff') {
      own.handoffs++
      if (trace.lastFrom === o.target && trace.lastTo === o.agent) own.returns++
      trace.lastFrom = o.agent
      trace.lastTo = o.target ?? ''
    }
    return { own, position }
  }

  /** Whether an agent other than this one has failed in the trace. */
  failedElsewhere(traceId: string, agent: string): boolean {
    const agents = this.#open.get(traceId)?.agents
    return agents !== undefined && [...agents].some(([name, own]) => name !== agent && own.failures > 0)
  }

  /** Closes a trace, if it is open. */
  end(traceId: string): void {
    const trace = this.#open.get(traceId)
    if (!trace) return
    this.#open.delete(traceId)
    this.#ended(trace)
  }
}
