import { type Attributes, type BatchObservableCallback, type Observable, metrics } from '@opentelemetry/api'
import { SEVERITY, emitEvent, guard } from '@agentel/api'
import {
  ATTR_AGENTEL_COMPONENT_NAME,
  ATTR_AGENTEL_HEALTH_ISSUES,
  ATTR_AGENTEL_HEALTH_PREVIOUS_STATE,
  ATTR_AGENTEL_HEALTH_STATE,
  ATTR_AGENTEL_WORKER_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  EVENT_AGENTEL_HEALTH_CHANGED,
  METRIC_AGENTEL_AGENT_HEALTH,
  METRIC_AGENTEL_WORKER_HEALTH,
} from '@agentel/semconv'
import { findMetric } from '@agentel/semconv/registry/metrics'
import type { Component } from './component.ts'
import { type ComponentKind, type HealthState, STATES } from './health-state.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** A component whose state is another than it was. */
export interface HealthChange {
  readonly kind: ComponentKind
  readonly name: string
  readonly from: HealthState
  readonly to: HealthState
  readonly issues: readonly string[]
}

/** Event `agentel.health.changed`: WARN, or INFO when all is well again. */
export function emitHealthChanged({ kind, name, from, to, issues }: HealthChange): void {
  const attributes: Attributes = {
    [ATTR_AGENTEL_COMPONENT_NAME]: `${kind} ${name}`,
    [ATTR_AGENTEL_HEALTH_PREVIOUS_STATE]: from,
    [ATTR_AGENTEL_HEALTH_STATE]: to,
    [ATTR_AGENTEL_HEALTH_ISSUES]: [...issues],
    ...(kind === 'agent' ? { [ATTR_GEN_AI_AGENT_NAME]: name } : undefined),
  }
  emitEvent(EVENT_AGENTEL_HEALTH_CHANGED, attributes, { severity: to === 'healthy' ? SEVERITY.INFO : SEVERITY.WARN })
}

/** Instruments by kind, and the attribute that a kind's name goes into. */
const METRICS = { agent: METRIC_AGENTEL_AGENT_HEALTH, worker: METRIC_AGENTEL_WORKER_HEALTH } as const
const NAMES = { agent: ATTR_GEN_AI_AGENT_NAME, worker: ATTR_AGENTEL_WORKER_NAME } as const

/**
 * `agentel.agent.health` and `agentel.worker.health`: one series for each state, 1 for the one that it is in.
 *
 * @param look the components, judged now
 * @returns stops observing
 */
export function observeHealth(look: () => Iterable<Component>): () => void {
  const meter = metrics.getMeter(SCOPE_NAME, SCOPE_VERSION)
  const observable = (name: string): Observable => {
    const { unit = '1', brief = '' } = findMetric(name) ?? {}
    return meter.createObservableUpDownCounter(name, { unit, description: brief })
  }
  const of = { agent: observable(METRICS.agent), worker: observable(METRICS.worker) }
  const callback: BatchObservableCallback = (result) => {
    guard('health.metrics', () => {
      for (const { kind, name, state } of look()) {
        for (const one of STATES[kind]) {
          const attributes = { [ATTR_AGENTEL_HEALTH_STATE]: one, [NAMES[kind]]: name }
          result.observe(of[kind], one === state ? 1 : 0, attributes)
        }
      }
    })
  }
  const observables = Object.values(of)
  meter.addBatchObservableCallback(callback, observables)
  return () => meter.removeBatchObservableCallback(callback, observables)
}
