import {
  FleetWatch,
  adaptivePercentileDetector,
  isolationForestDetector,
  zScoreDetector,
  type Detector,
  type Observation,
} from '../../packages/detectors/src/index.ts'
import type { Alarm, GeneratedSpan, Watcher } from './corpus.ts'

const KINDS: Record<GeneratedSpan['kind'], Observation['kind']> = {
  chat: 'chat',
  execute_tool: 'tool',
  handoff: 'handoff',
  invoke_agent: 'agent',
}

/** A generated span as the watch wants it. */
export function observationOf(span: GeneratedSpan): Observation {
  return {
    kind: KINDS[span.kind],
    agent: span.agent,
    traceId: span.trace_id,
    time: span.end,
    durationMs: span.duration_ms,
    failed: span.error,
    model: span.model,
    tool: span.tool,
    target: span.target,
    inputTokens: span.tokens_in,
    outputTokens: span.tokens_out,
    cost: span.cost,
    attempt: span.retry,
  }
}

/** Ours: the watch as it ships, every option at its default. */
export function fleetWatcher(): Watcher {
  const alarms: Alarm[] = []
  const watch = new FleetWatch({
    detected: (incident) =>
      alarms.push({ ts: incident.startedAt, agent: incident.agent, signal: incident.first.signal }),
    ended: () => {},
  })
  return {
    alarms,
    observe(span) {
      watch.observe(observationOf(span))
      if (span.queue_size !== undefined)
        watch.gauge(span.agent, 'queue_size', span.queue_size, span.end, { floor: 1.5, withLoad: true })
      if (span.mem_mb !== undefined) watch.gauge(span.agent, 'memory', span.mem_mb, span.end, { floor: 3 })
      if (span.cpu !== undefined) watch.gauge(span.agent, 'cpu', span.cpu, span.end, { floor: 5, withLoad: true })
    },
  }
}

/** A textbook detector on every number of every agent, as it is usually wired. */
export function plainWatcher<S>(detector: Detector<S>): Watcher {
  const alarms: Alarm[] = []
  const states = new Map<string, S>()
  function feed(span: GeneratedSpan, signal: string, value: number | undefined): void {
    if (value === undefined) return
    const key = `${span.agent} ${signal}`
    let state = states.get(key)
    if (state === undefined) states.set(key, (state = detector.create()))
    if (detector.update(state, value, span.end)?.anomalous) alarms.push({ ts: span.end, agent: span.agent, signal })
  }
  return {
    alarms,
    observe(span) {
      feed(span, `${span.kind} duration`, span.duration_ms)
      feed(span, 'error', span.error ? 1 : 0)
      if (span.kind !== 'invoke_agent') return
      feed(span, 'tokens_in', span.tokens_in)
      feed(span, 'tokens_out', span.tokens_out)
      feed(span, 'cost', span.cost)
      feed(span, 'queue_size', span.queue_size)
      feed(span, 'memory', span.mem_mb)
      feed(span, 'cpu', span.cpu)
    },
  }
}

/** All that are compared, ours first. */
export const watchers: Record<string, () => Watcher> = {
  'agentel (all detectors)': fleetWatcher,
  'z-score (3 sigma, window 100)': () => plainWatcher(zScoreDetector()),
  'isolation forest (window 100, retrained every 1000)': () => plainWatcher(isolationForestDetector()),
  'adaptive percentile (95 of 1000)': () => plainWatcher(adaptivePercentileDetector()),
}
