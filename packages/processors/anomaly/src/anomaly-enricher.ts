import { diag } from '@opentelemetry/api'
import { guard, guardPromise } from '@agentel/api'
import {
  FleetWatch,
  type FleetSummary,
  type FleetWatchOptions,
  type GaugeOptions,
  type Incident,
} from '@agentel/detectors'
import type { EndingSpan, Enricher } from '@agentel/processor-kit'
import { ATTR_AGENTEL_ANOMALY_SCORE, ATTR_SERVICE_VERSION } from '@agentel/semconv'
import { emitDetected, emitEnded } from './anomaly-events.ts'
import { createAnomalyInstruments, type AnomalyInstruments } from './anomaly-instruments.ts'
import { isLocalRoot, observationOf } from './observation-of.ts'
import { readState, writeState } from './state-file.ts'

/** What the anomaly enricher takes. */
export interface AnomalyEnricherOptions extends FleetWatchOptions {
  /** Called when an incident begins. What it throws is a count and a line in `diag`. */
  readonly onDetected?: (incident: Incident) => void
  /** Called when it is over. */
  readonly onEnded?: (incident: Incident) => void
  /** Where what was learned is kept over a restart; without it a restart learns anew. */
  readonly stateFile?: string
  /** ms between two looks for agents that have gone quiet; 10 s by default. */
  readonly checkEvery?: number
  /** ms between two writes of the state; 5 min by default. It is written at shutdown too. */
  readonly saveEvery?: number
}

/** An enricher that watches the spans of all agents, and takes other numbers too. */
export interface AnomalyEnricher extends Enricher {
  /** A number that no span has: the depth of a queue, memory, anything. `floor`: the smallest deviation that means anything. */
  observe(signal: string, value: number, about: { agent: string; time?: number } & Partial<GaugeOptions>): void
  /** What was found so far, by agent, signal and severity, and what is open. */
  summary(): FleetSummary
}

/**
 * Watches every agent's durations, tokens, prices, errors, retries, loops, handovers and volume, and says so once when
 * something begins to be wrong and once when it is over: an event with its trace, a counter, a score on the span.
 * Needs some thirty operations of a kind before it judges them, and most of a day before it misses silent agents.
 *
 * Put it after `costEnricher()`: the price of a token is one of the signals.
 *
 * @throws Error when `stateFile` is there but not readable as a state
 * @example
 * enricherProcessor([costEnricher(), anomalyEnricher({ stateFile: '.agentel/anomaly.json' })])
 */
export function anomalyEnricher(options: AnomalyEnricherOptions = {}): AnomalyEnricher {
  let instruments: AnomalyInstruments | undefined
  /** Spans whose observation is being judged: the score belongs on them. */
  let judged: EndingSpan | undefined

  const watch = new FleetWatch(
    {
      detected(incident) {
        if (incident.first.spanId === judged?.spanContext().spanId)
          judged?.setAttribute(ATTR_AGENTEL_ANOMALY_SCORE, incident.score)
        guard('anomaly.instruments', () => (instruments ??= createAnomalyInstruments()).detected(incident))
        emitDetected(incident)
        if (options.onDetected) guard('anomaly.onDetected', () => options.onDetected!(incident))
      },
      ended(incident) {
        guard('anomaly.instruments', () => instruments?.ended(incident))
        emitEnded(incident)
        if (options.onEnded) guard('anomaly.onEnded', () => options.onEnded!(incident))
      },
    },
    options,
  )
  const state = keepState(watch, options)
  const checking = setInterval(
    () => guard('anomaly.check', () => watch.check(Date.now())),
    options.checkEvery ?? 10_000,
  )
  checking.unref()

  return {
    name: 'anomaly',
    onEnding(span) {
      state.sees(span)
      const observation = observationOf(span)
      judged = span
      if (observation) watch.observe(observation)
      else if (isLocalRoot(span)) watch.endTrace(span.spanContext().traceId)
      judged = undefined
    },
    observe(signal, value, { agent, time = Date.now(), floor = Math.abs(value) / 100 || 1, ...gauge }) {
      guard('anomaly.observe', () => watch.gauge(agent, signal, value, time, { floor, ...gauge }))
    },
    summary: () => watch.summary(),
    forceFlush: () => state.save(),
    async shutdown() {
      clearInterval(checking)
      await state.end()
    },
  }
}

/** Restores what an earlier start learned, saves it now and then, and notices a new version of the service. */
function keepState(watch: FleetWatch, { stateFile, saveEvery = 300_000 }: AnomalyEnricherOptions) {
  const saved = stateFile === undefined ? undefined : readState(stateFile)
  if (saved && !watch.restore(saved.watch))
    diag.warn(`agentel: ${stateFile} was written by another version; the anomaly processor learns anew`)
  let version = saved?.version
  let learnedSince = false

  async function save(): Promise<void> {
    if (stateFile === undefined || !learnedSince) return
    learnedSince = false
    await guardPromise('anomaly.save', () => writeState(stateFile, { version, watch: watch.save() }))
  }
  const saving = stateFile === undefined ? undefined : setInterval(() => void save(), saveEvery)
  saving?.unref()

  return {
    save,
    sees(span: EndingSpan): void {
      learnedSince = true
      const now = span.resource.attributes[ATTR_SERVICE_VERSION]
      if (typeof now !== 'string' || now === version) return
      if (version !== undefined) watch.deployed(span.endTime[0] * 1000)
      version = now
    },
    async end(): Promise<void> {
      clearInterval(saving)
      await save()
    },
  }
}
