import { type Histogram, type Meter, type ObservableResult, ValueType } from '@opentelemetry/api'
import type { MetricDefinition } from '@agentel/semconv/registry'
import { pointAttributes, type RowStore } from './row-store.ts'

function optionsOf({ unit, brief, valueType, buckets }: MetricDefinition) {
  return {
    unit,
    description: brief,
    valueType: valueType === 'int' ? ValueType.INT : ValueType.DOUBLE,
    ...(buckets === undefined ? {} : { advice: { explicitBucketBoundaries: [...buckets] } }),
  }
}

/** Makes the host's histograms, one for each name. */
export function hostHistograms(meter: Meter): (definition: MetricDefinition) => Histogram {
  const made = new Map<string, Histogram>()
  return (definition) => {
    const known = made.get(definition.name)
    if (known !== undefined) return known
    const histogram = meter.createHistogram(definition.name, optionsOf(definition))
    made.set(definition.name, histogram)
    return histogram
  }
}

function observe(store: RowStore, name: string, result: ObservableResult): void {
  for (const family of store.families) {
    family.slots.forEach((slot, index) => {
      if (slot?.definition.name !== name) return
      for (const row of family.rows) {
        const cell = row.cells[index]
        if (cell?.kind === 'sum') result.observe(cell.value, pointAttributes(row, slot))
      }
    })
  }
}

/**
 * Shows the totals of a store as observable instruments of the host: exact, and nothing is paid per span.
 * @param beforeObserving brings the store up to date first
 */
export function observeSums(meter: Meter, store: RowStore, beforeObserving: () => void): void {
  const definitions = new Map<string, MetricDefinition>()
  for (const family of store.families) {
    for (const slot of family.slots) if (slot !== undefined) definitions.set(slot.definition.name, slot.definition)
  }
  for (const definition of definitions.values()) {
    if (definition.instrument !== 'counter' && definition.instrument !== 'updowncounter') continue
    const options = optionsOf(definition)
    const instrument =
      definition.instrument === 'counter'
        ? meter.createObservableCounter(definition.name, options)
        : meter.createObservableUpDownCounter(definition.name, options)
    instrument.addCallback((result) => {
      beforeObserving()
      observe(store, definition.name, result)
    })
  }
}
