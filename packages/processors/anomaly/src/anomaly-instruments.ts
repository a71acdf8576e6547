import { metrics, type Attributes } from '@opentelemetry/api'
import type { Incident } from '@agentel/detectors'
import {
  ATTR_AGENTEL_ANOMALY_DETECTOR,
  ATTR_AGENTEL_ANOMALY_SEVERITY,
  ATTR_AGENTEL_ANOMALY_SIGNAL_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  METRIC_AGENTEL_ANOMALIES,
  METRIC_AGENTEL_ANOMALY_SCORE,
} from '@agentel/semconv'
import { findMetric } from '@agentel/semconv/registry/metrics'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** Counts anomalies, and shows the score of those that are open. */
export interface AnomalyInstruments {
  detected(incident: Incident): void
  ended(incident: Incident): void
}

function attributesOf({ agent, first, severity }: Incident): Attributes {
  return {
    [ATTR_AGENTEL_ANOMALY_DETECTOR]: first.detector,
    [ATTR_AGENTEL_ANOMALY_SIGNAL_NAME]: first.signal,
    [ATTR_AGENTEL_ANOMALY_SEVERITY]: severity,
    [ATTR_GEN_AI_AGENT_NAME]: agent,
  }
}

function described(name: string): { unit: string; description: string } {
  const definition = findMetric(name)
  return { unit: definition?.unit ?? '1', description: definition?.brief ?? '' }
}

/** Takes its meter at the first anomaly: by then the host has registered its meter provider. */
export function createAnomalyInstruments(): AnomalyInstruments {
  const meter = metrics.getMeter(SCOPE_NAME, SCOPE_VERSION)
  const anomalies = meter.createCounter(METRIC_AGENTEL_ANOMALIES, described(METRIC_AGENTEL_ANOMALIES))
  const score = meter.createGauge(METRIC_AGENTEL_ANOMALY_SCORE, described(METRIC_AGENTEL_ANOMALY_SCORE))
  // A gauge keeps its last value: the end has to be written to the very series that the begin was written to.
  const series = new WeakMap<Incident, Attributes>()
  return {
    detected(incident) {
      const attributes = attributesOf(incident)
      series.set(incident, attributes)
      anomalies.add(1, attributes)
      score.record(incident.score, attributes)
    },
    ended(incident) {
      score.record(0, series.get(incident) ?? attributesOf(incident))
    },
  }
}
