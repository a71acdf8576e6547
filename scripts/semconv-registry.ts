/**
 * Reads the registry under packages/semconv/model (Weaver registry format, definition/2), checks its structure and
 * resolves its references. Shared by the generator and by the tests.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { validateFile } from './semconv-structure.ts'

/** A level as written: a word, or a word with the condition. */
export type Level = 'required' | 'recommended' | 'opt_in' | 'conditionally_required'
export interface Member {
  id: string
  value: string | number
  brief?: string
}
export interface Deprecation {
  reason: 'renamed' | 'obsoleted' | 'uncategorized'
  renamed_to?: string
  note?: string
}
export interface RawAttribute {
  key: string
  type: string | { members: Member[] }
  brief: string
  examples?: unknown[]
  stability: string
  deprecated?: Deprecation
}
export interface RawReference {
  ref?: string
  ref_group?: string
  requirement_level?: Level | Record<string, string>
  sampling_relevant?: boolean
}
/** A reference with its level and condition apart. */
export interface Reference {
  key: string
  level: Level
  condition?: string
  samplingRelevant?: true
}
interface Signal {
  brief: string
  stability: string
  deprecated?: Deprecation
  attributes?: RawReference[]
  annotations?: {
    code_generation?: { metric_value_type?: 'int' | 'double'; explicit_bucket_boundaries?: number[]; severity?: string }
    agentel?: { operations?: string[]; kinds?: string[] }
  }
}
export interface RawSpan extends Signal {
  type: string
  kind: string
  name: { note: string }
}
export interface RawMetric extends Signal {
  name: string
  instrument: string
  unit: string
}
export interface RawEvent extends Signal {
  name: string
}
export interface RawRefinement {
  id: string
  ref: string
  brief: string
  name?: { note: string }
  attributes: RawReference[]
}
export interface Registry {
  attributes: RawAttribute[]
  groups: Map<string, RawReference[]>
  spans: RawSpan[]
  refinements: RawRefinement[]
  metrics: RawMetric[]
  events: RawEvent[]
  /** Faults of structure, one sentence each, with the file; empty for a sound registry. */
  findings: string[]
}

/** The whole registry under `directory`, its findings included. */
export function loadRegistry(directory: string): Registry {
  const registry: Registry = {
    attributes: [],
    groups: new Map(),
    spans: [],
    refinements: [],
    metrics: [],
    events: [],
    findings: [],
  }
  for (const name of globSync('**/*.yaml', { cwd: directory }).toSorted()) {
    const document = parse(readFileSync(join(directory, name), 'utf8'))
    registry.findings.push(...validateFile(name, document))
    registry.attributes.push(...(document.attributes ?? []))
    registry.spans.push(...(document.spans ?? []))
    registry.refinements.push(...(document.span_refinements ?? []))
    registry.metrics.push(...(document.metrics ?? []))
    registry.events.push(...(document.events ?? []))
    for (const group of document.attribute_groups ?? []) registry.groups.set(group.id, group.attributes)
  }
  registry.findings.push(...findDuplicates(registry), ...findUnresolved(registry))
  registry.attributes.sort((a, b) => (a.key < b.key ? -1 : 1))
  return registry
}

/** References of a signal with its groups unfolded; a later one for the same key wins. */
export function resolveReferences(registry: Registry, references: readonly RawReference[] = []): Reference[] {
  const resolved = new Map<string, Reference>()
  const add = (list: readonly RawReference[]): void => {
    for (const reference of list) {
      if (reference.ref_group !== undefined) add(registry.groups.get(reference.ref_group) ?? [])
      else if (reference.ref !== undefined) resolved.set(reference.ref, toReference(reference.ref, reference))
    }
  }
  add(references)
  return [...resolved.values()]
}

function toReference(key: string, raw: RawReference): Reference {
  const level = raw.requirement_level ?? 'recommended'
  const [word, condition] = typeof level === 'string' ? [level, undefined] : Object.entries(level)[0]!
  return {
    key,
    level: word as Level,
    ...(condition === undefined ? {} : { condition }),
    ...(raw.sampling_relevant ? { samplingRelevant: true as const } : {}),
  }
}

function findDuplicates(registry: Registry): string[] {
  const lists = {
    attribute: registry.attributes.map((attribute) => attribute.key),
    span: [...registry.spans.map((span) => span.type), ...registry.refinements.map((refinement) => refinement.id)],
    metric: registry.metrics.map((metric) => metric.name),
    event: registry.events.map((event) => event.name),
  }
  return Object.entries(lists).flatMap(([kind, names]) =>
    names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${kind} ${name} is defined twice`),
  )
}

function findUnresolved(registry: Registry): string[] {
  const keys = new Set(registry.attributes.map((attribute) => attribute.key))
  const spanTypes = new Set(registry.spans.map((span) => span.type))
  const findings: string[] = []
  const look = (owner: string, references: readonly RawReference[] = []): void => {
    for (const { ref, ref_group } of references) {
      if (ref !== undefined && !keys.has(ref)) findings.push(`${owner}: attribute ${ref} is not defined`)
      if (ref_group !== undefined && !registry.groups.has(ref_group))
        findings.push(`${owner}: group ${ref_group} is not defined`)
    }
  }
  for (const [id, references] of registry.groups) look(`group ${id}`, references)
  for (const span of registry.spans) look(`span ${span.type}`, span.attributes)
  for (const metric of registry.metrics) look(`metric ${metric.name}`, metric.attributes)
  for (const event of registry.events) look(`event ${event.name}`, event.attributes)
  for (const refinement of registry.refinements) {
    look(`refinement ${refinement.id}`, refinement.attributes)
    if (!spanTypes.has(refinement.ref))
      findings.push(`refinement ${refinement.id}: span ${refinement.ref} is not defined`)
  }
  for (const { key, deprecated } of registry.attributes) {
    if (deprecated?.renamed_to !== undefined && !keys.has(deprecated.renamed_to))
      findings.push(`attribute ${key}: renamed to ${deprecated.renamed_to}, which is not defined`)
  }
  return findings
}
