import type { Attributes, Histogram } from '@opentelemetry/api'
import { ATTR_ERROR_TYPE } from '@agentel/semconv'
import type { MetricDefinition } from '@agentel/semconv/registry'
import { metricDefinitions } from '@agentel/semconv/registry/metrics'
import { metricV141, type SemconvProfile } from '@agentel/semconv/v1-41'
import { addTo, type Cell, distribution } from './cell.ts'

/** A metric in a family, with the attributes that its points have beside the row's. */
export interface SlotSpec {
  readonly metric: string
  readonly attributes?: Attributes
}

/** A slot as it is emitted; the names differ from the spec's in the profile v1_41. */
export interface Slot {
  readonly definition: MetricDefinition
  readonly attributes: Attributes | undefined
  /** The host's instrument, when distributions are kept by the host's SDK. */
  readonly histogram: Histogram | undefined
}

/** What is counted for one set of attributes. */
export interface Row {
  readonly family: Family
  readonly attributes: Attributes
  readonly cells: (Cell | undefined)[]
  /** When the row was made, milliseconds since 1970. */
  readonly since: number
}

type Scalar = string | number | boolean | undefined

/** Rows by the values of the keys in order: nested maps, so that no key has to be put together for a look-up. */
interface Branch extends Map<Scalar, Branch | Row> {}

/** Metrics that share their attributes, and so their rows. */
export interface Family {
  readonly keys: readonly string[]
  readonly slots: readonly (Slot | undefined)[]
  readonly root: Branch
  readonly rows: Row[]
  overflow: Row | undefined
}

/** All families of one recorder. */
export interface RowStore {
  readonly families: readonly Family[]
  /** A family with these slots; its keys are the attributes that the registry gives to its metrics. */
  family(specs: readonly SlotSpec[]): Family
  /** The row for the attributes of a span; `withoutError` for metrics that do not tell errors apart. */
  row(family: Family, attributes: Readonly<Attributes>, withoutError?: boolean): Row
}

/** What the store is made with. */
export interface RowStoreOptions {
  /** Sets of attributes in each family; what comes after goes into one row marked as overflow. */
  readonly maxRows: number
  readonly profile: SemconvProfile
  /** Makes an instrument of the host for a distribution; undefined: distributions are kept here. */
  readonly histogramOf: ((definition: MetricDefinition) => Histogram) | undefined
}

const definitions = new Map(metricDefinitions.map((definition) => [definition.name, definition]))

/** The registry's definition of a metric. */
export function definitionOf(metric: string): MetricDefinition {
  const definition = definitions.get(metric)
  if (definition === undefined) throw new Error(`metric ${metric} is not in the registry`)
  return definition
}

function slotOf(spec: SlotSpec, options: RowStoreOptions): Slot | undefined {
  const emitted = options.profile === 'latest' ? { name: spec.metric } : metricV141(spec.metric)
  if (emitted === null) return undefined
  const definition = definitionOf(emitted.name)
  const added = 'attributes' in emitted ? emitted.attributes : undefined
  return {
    definition,
    attributes: spec.attributes === undefined && added === undefined ? undefined : { ...spec.attributes, ...added },
    histogram: definition.instrument === 'histogram' ? options.histogramOf?.(definition) : undefined,
  }
}

/** Attribute keys of the metrics in a family, but for those that a slot fixes itself; `error.type` last. */
function keysOf(specs: readonly SlotSpec[]): string[] {
  const keys = new Set<string>()
  for (const spec of specs) {
    for (const { key, level } of definitionOf(spec.metric).attributes) {
      if (level !== 'opt_in' && spec.attributes?.[key] === undefined) keys.add(key)
    }
  }
  for (const spec of specs) for (const key of Object.keys(spec.attributes ?? {})) keys.delete(key)
  return keys.delete(ATTR_ERROR_TYPE) ? [...keys, ATTR_ERROR_TYPE] : [...keys]
}

function valueOf(attributes: Readonly<Attributes>, key: string): Scalar {
  const value = attributes[key]
  return typeof value === 'object' ? undefined : (value as Scalar)
}

function addRow(family: Family, attributes: Attributes): Row {
  const row = { family, attributes, cells: family.slots.map(() => undefined), since: Date.now() }
  family.rows.push(row)
  return row
}

const OVERFLOW = { 'otel.metric.overflow': true }

function findRow(family: Family, attributes: Readonly<Attributes>, withoutError: boolean, maxRows: number): Row {
  const { keys } = family
  let branch = family.root
  const last = keys.length - 1
  for (let index = 0; index < last; index++) {
    const value = valueOf(attributes, keys[index]!)
    let next = branch.get(value) as Branch | undefined
    if (next === undefined) {
      if (family.rows.length >= maxRows) return (family.overflow ??= addRow(family, OVERFLOW))
      next = new Map()
      branch.set(value, next)
    }
    branch = next
  }
  const lastKey = keys[last] ?? ''
  const lastValue = withoutError ? undefined : valueOf(attributes, lastKey)
  const found = branch.get(lastValue) as Row | undefined
  if (found !== undefined) return found
  if (family.rows.length >= maxRows) return (family.overflow ??= addRow(family, OVERFLOW))
  const own: Attributes = {}
  for (const key of keys) {
    const value = withoutError && key === ATTR_ERROR_TYPE ? undefined : valueOf(attributes, key)
    if (value !== undefined) own[key] = value
  }
  const row = addRow(family, own)
  branch.set(lastValue, row)
  return row
}

/** An empty store. */
export function createRowStore(options: RowStoreOptions): RowStore {
  const families: Family[] = []
  return {
    families,
    family(specs) {
      const slots = specs.map((spec) => slotOf(spec, options))
      const family: Family = { keys: keysOf(specs), slots, root: new Map(), rows: [], overflow: undefined }
      families.push(family)
      return family
    },
    row: (family, attributes, withoutError = false) => findRow(family, attributes, withoutError, options.maxRows),
  }
}

function makeCell(row: Row, slot: Slot): Cell {
  if (slot.histogram !== undefined) {
    return { kind: 'foreign', histogram: slot.histogram, attributes: pointAttributes(row, slot) }
  }
  const { instrument, buckets } = slot.definition
  return instrument === 'histogram' ? distribution(buckets ?? []) : { kind: 'sum', value: 0 }
}

/** The attributes of a point: the row's and the slot's own. */
export function pointAttributes(row: Row, slot: Slot): Attributes {
  return slot.attributes === undefined ? row.attributes : { ...row.attributes, ...slot.attributes }
}

/** Adds a value to a slot of a row; nothing where the profile has no such metric. */
export function record(row: Row, slot: number, value: number): void {
  let cell = row.cells[slot]
  if (cell === undefined) {
    const definition = row.family.slots[slot]
    if (definition === undefined) return
    cell = makeCell(row, definition)
    row.cells[slot] = cell
  }
  addTo(cell, value)
}
