import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api'
import { getThreadOwner } from '@agentel/api'
import { ATTR_GEN_AI_AGENT_NAME } from '@agentel/semconv'
import { findMetric } from '@agentel/semconv/registry/metrics'

/** One look at the process: fills in what it saw. */
export type Look = (result: BatchObservableResult) => void

/** Makes an instrument that is filled by looks, by its name in the registry. */
export type Make = (name: string) => Observable

function observable(meter: Meter, name: string): Observable {
  const { brief, unit, instrument } = findMetric(name) ?? { brief: '', unit: '', instrument: 'gauge' }
  const options = { description: brief, unit }
  if (instrument === 'counter') return meter.createObservableCounter(name, options)
  if (instrument === 'updowncounter') return meter.createObservableUpDownCounter(name, options)
  return meter.createObservableGauge(name, options)
}

/** The look, with the name of the agent that has this thread for itself on all that it sees, if there is one. */
export function ofOwner(look: Look): Look {
  return (result) => {
    const owner = getThreadOwner()
    if (owner === undefined) return look(result)
    const name = { [ATTR_GEN_AI_AGENT_NAME]: owner }
    look({
      observe: (metric: Observable, value: number, attributes?: object) =>
        result.observe(metric, value, { ...attributes, ...name }),
    } as BatchObservableResult)
  }
}

/**
 * Looks whenever metrics are collected.
 * @param looksOf makes the instruments and the looks
 * @returns stops looking
 */
export function lookWith(meter: Meter, looksOf: (make: Make) => readonly Look[]): () => void {
  const observables: Observable[] = []
  const looks = looksOf((name) => {
    const one = observable(meter, name)
    observables.push(one)
    return one
  })
  const look: Look = (result) => looks.forEach((one) => one(result))
  meter.addBatchObservableCallback(look, observables)
  return () => meter.removeBatchObservableCallback(look, observables)
}
