import { severityOf, type Severity } from './detector.ts'
import { explain } from './explanation.ts'
import type { SignalChange } from './observation.ts'

/** Something is wrong with one agent: one or more signals that began to be odd within half an hour of each other. */
export interface Incident {
  id: number
  agent: string
  /** ms since the epoch. */
  startedAt: number
  endedAt: number | undefined
  /** The signal that was odd first. */
  first: SignalChange
  /** All signals that joined, by name and subject. */
  signals: Map<string, SignalChange>
  /** The highest of its signals' scores. */
  score: number
  severity: Severity
  /** One sentence for a person. */
  explanation: string
}

export interface IncidentHandlers {
  detected(incident: Incident): void
  ended(incident: Incident): void
}

/** Signals that begin this long after the last one belong to a new incident, ms. */
const TOGETHER = 30 * 60_000
/** How long all signals have to be calm before an incident is over, ms. */
const COOL_DOWN = 5 * 60_000
/** Most incidents open at once; beyond it the oldest is closed. */
const MOST_OPEN = 500

/** Groups what the signals say: one incident, one message, then its end. */
export class IncidentBook {
  readonly #open = new Map<number, { incident: Incident; odd: Set<string>; newest: number; calmAt: number }>()
  readonly #handlers: IncidentHandlers
  #nextId = 1

  constructor(handlers: IncidentHandlers) {
    this.#handlers = handlers
  }

  get open(): Incident[] {
    return [...this.#open.values()].map(({ incident }) => incident)
  }

  change(change: SignalChange): void {
    const key = `${change.signal} ${change.subject ?? ''}`
    if (change.type === 'begin') this.#begin(change, key)
    else this.#end(change, key)
  }

  /** Ends the incidents whose signals have been calm for long enough. */
  settle(time: number): void {
    for (const [id, { odd, calmAt }] of this.#open)
      if (odd.size === 0 && time - calmAt >= COOL_DOWN) this.#close(id, calmAt)
  }

  #begin(change: SignalChange, key: string): void {
    for (const entry of this.#open.values()) {
      if (entry.incident.agent !== change.agent || change.time - entry.newest > TOGETHER) continue
      entry.odd.add(key)
      entry.newest = Math.max(entry.newest, change.time)
      entry.incident.signals.set(key, change)
      entry.incident.score = Math.max(entry.incident.score, change.score)
      entry.incident.severity = severityOf(entry.incident.score)
      return
    }
    if (this.#open.size >= MOST_OPEN) this.#close(this.#open.keys().next().value!, change.time)
    const incident: Incident = {
      id: this.#nextId++,
      agent: change.agent,
      startedAt: change.time,
      endedAt: undefined,
      first: change,
      signals: new Map([[key, change]]),
      score: change.score,
      severity: severityOf(change.score),
      explanation: explain(change),
    }
    this.#open.set(incident.id, { incident, odd: new Set([key]), newest: change.time, calmAt: 0 })
    this.#handlers.detected(incident)
  }

  #end(change: SignalChange, key: string): void {
    for (const entry of this.#open.values()) {
      if (entry.incident.agent !== change.agent || !entry.odd.delete(key)) continue
      // Not over yet: what comes back within minutes is the same incident.
      if (entry.odd.size === 0) entry.calmAt = change.time
      return
    }
  }

  #close(id: number, time: number): void {
    const entry = this.#open.get(id)
    if (!entry) return
    this.#open.delete(id)
    entry.incident.endedAt = time
    this.#handlers.ended(entry.incident)
  }
}
