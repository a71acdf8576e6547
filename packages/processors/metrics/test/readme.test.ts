import { readFileSync } from 'node:fs'
import { metricDefinitions } from '@agentel/semconv/registry'
import { expect, it } from 'vitest'
import { agentelMeasure } from '../src/agentel-spans.ts'
import { failureMeasure } from '../src/failures.ts'
import { inferenceMeasure } from '../src/inference.ts'
import { nestingMeasure } from '../src/nesting.ts'
import { operationMeasure } from '../src/operations.ts'
import { createRowStore } from '../src/row-store.ts'
import { createSessions } from '../src/sessions.ts'

it('documents every metric that it makes, and no other', () => {
  const store = createRowStore({ maxRows: 1, profile: 'latest', histogramOf: undefined })
  for (const make of [agentelMeasure, failureMeasure, inferenceMeasure, nestingMeasure, operationMeasure]) make(store)
  createSessions(store, { idleTimeout: 1, maxSessions: 1 })
  const made = new Set(store.families.flatMap((family) => family.slots.map((slot) => slot?.definition.name)))
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const known = new Set(metricDefinitions.map(({ name }) => name))
  const documented = new Set(
    [...readme.matchAll(/`([a-z_.]+)`/g)].flatMap(([, name]) => (name !== undefined && known.has(name) ? [name] : [])),
  )
  expect([...documented].toSorted()).toEqual([...made].toSorted())
})
