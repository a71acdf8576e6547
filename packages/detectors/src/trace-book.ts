import type { Observation } from './watch.ts'

export interface OwnWork {
  chats: number
  tools: number
  retries: number
  handoffs: number
  /** Handoffs back to the agent that had just handed over. */
  returns: number
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

  /** Counts one operation; returns how many operations its trace had before it. */
  add(o: Observation): number {
    let trace = this.#open.get(o.traceId)
    if (!trace) {
      if (this.#open.size >= MOST_OPEN) this.end(this.#open.keys().next().value!)
      trace = { traceId: o.traceId, time: o.time, agents: new Map(), spans: 0, lastFrom: '', lastTo: '' }
      this.#open.set(o.traceId, trace)
    }
    trace.time = Math.max(trace.time, o.time)
    const position = trace.spans++
    const own = trace.agents.get(o.agent) ?? { chats: 0, tools: 0, retries: 0, handoffs: 0, returns: 0 }
    trace.agents.set(o.agent, own)
    if (o.kind === 'chat') own.chats++
    else if (o.kind === 'tool') (o.attempt ?? 0) > 0 ? own.retries++ : own.tools++
    else if (o.kind === 'handoff') {
      own.handoffs++
      if (trace.lastFrom === o.target && trace.lastTo === o.agent) own.returns++
      trace.lastFrom = o.agent
      trace.lastTo = o.target ?? ''
    }
    return position
  }

  end(traceId: string): void {
    const trace = this.#open.get(traceId)
    if (!trace) return
    this.#open.delete(traceId)
    this.#ended(trace)
  }
}
