import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { modelDirectory } from '../../../scripts/generate-semconv.ts'
import { loadRegistry, resolveReferences } from '../../../scripts/semconv-registry.ts'

const directories: string[] = []
afterEach(() => directories.splice(0).forEach((directory) => rmSync(directory, { recursive: true })))

function findingsOf(yaml: string): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'registry-'))
  directories.push(directory)
  writeFileSync(join(directory, 'model.yaml'), `file_format: definition/2\n${yaml}`)
  return loadRegistry(directory).findings
}

const goodAttribute = "{key: a.b, type: string, brief: B., examples: ['x'], stability: development}"

describe('the registry', () => {
  it('has the structure of registry format definition/2', () => {
    expect(loadRegistry(modelDirectory).findings).toEqual([])
  })

  it('accepts a sound definition', () => {
    expect(findingsOf(`attributes: [${goodAttribute}]`)).toEqual([])
  })

  it.each([
    [
      'no brief',
      'attributes: [{key: a.b, type: int, examples: [1], stability: stable}]',
      'attribute a.b: brief is missing',
    ],
    [
      'no stability',
      'attributes: [{key: a.b, type: int, examples: [1], brief: B.}]',
      'attribute a.b: stability undefined is unknown',
    ],
    [
      'an unknown type',
      'attributes: [{key: a.b, type: float, examples: [1], brief: B., stability: stable}]',
      'attribute a.b: type float is unknown',
    ],
    [
      'a name in camel case',
      'attributes: [{key: a.bC, type: int, examples: [1], brief: B., stability: stable}]',
      'attribute a.bC: key is not dotted snake_case',
    ],
    [
      'no examples',
      'attributes: [{key: a.b, type: string, brief: B., stability: stable}]',
      'attribute a.b: examples are missing',
    ],
    [
      'an enumeration without members',
      'attributes: [{key: a.b, type: {members: []}, brief: B., stability: stable}]',
      'attribute a.b: type has no members',
    ],
    [
      'a member without value',
      'attributes: [{key: a.b, type: {members: [{id: x, stability: stable}]}, brief: B., stability: stable}]',
      'attribute a.b: member x has no value',
    ],
    [
      'two members of one value',
      'attributes: [{key: a.b, type: {members: [{id: x, value: v, stability: stable}, {id: y, value: v, stability: stable}]}, brief: B., stability: stable}]',
      'attribute a.b: two members have the same value',
    ],
    [
      'a metric without unit',
      'metrics: [{name: m.n, instrument: counter, brief: B., stability: stable, annotations: {code_generation: {metric_value_type: int}}, attributes: []}]',
      'metric m.n: unit is missing',
    ],
    [
      'an unknown instrument',
      'metrics: [{name: m.n, instrument: timer, unit: s, brief: B., stability: stable, annotations: {code_generation: {metric_value_type: int}}, attributes: []}]',
      'metric m.n: instrument timer is unknown',
    ],
    [
      'buckets that fall',
      'metrics: [{name: m.n, instrument: histogram, unit: s, brief: B., stability: stable, annotations: {code_generation: {metric_value_type: int, explicit_bucket_boundaries: [2, 1]}}, attributes: []}]',
      'metric m.n: buckets do not rise',
    ],
    [
      'an unknown span kind',
      "spans: [{type: s.t, kind: remote, name: {note: 'x'}, brief: B., stability: stable, attributes: []}]",
      'span s.t: kind remote is unknown',
    ],
    [
      'a span without a name',
      'spans: [{type: s.t, kind: client, brief: B., stability: stable, attributes: []}]',
      'span s.t: name.note is missing',
    ],
    [
      'an unknown severity',
      'events: [{name: e.f, brief: B., stability: stable, annotations: {code_generation: {severity: LOUD}}, attributes: []}]',
      'event e.f: severity LOUD is unknown',
    ],
    [
      'a condition that is not given',
      `attributes: [${goodAttribute}]\nevents: [{name: e.f, brief: B., stability: stable, attributes: [{ref: a.b, requirement_level: conditionally_required}]}]`,
      'event e.f: conditionally_required needs its condition',
    ],
    [
      'an unknown level',
      `attributes: [${goodAttribute}]\nevents: [{name: e.f, brief: B., stability: stable, attributes: [{ref: a.b, requirement_level: nice}]}]`,
      'event e.f: requirement level nice is unknown',
    ],
    ['an unknown key', 'extras: []', 'file: unknown key extras'],
  ])('finds %s', (_, yaml, finding) => {
    expect(findingsOf(yaml)).toEqual([`model.yaml: ${finding}`])
  })

  it('finds fields that the format does not allow there', () => {
    const findings = findingsOf(`
attributes: [{key: a.b, type: int, examples: [1], brief: B., stability: stable, unit: s}]
attribute_groups: [{id: g, visibility: internal, brief: G., attributes: [{ref: a.b, sampling_relevant: true}]}]
spans: [{type: s.t, kind: client, name: {note: n}, brief: B., stability: stable, attributes: [{ref: a.b, sampling_relevant: true}]}]
`)
    expect(findings).toEqual([
      'model.yaml: attribute a.b: unit is not allowed here',
      'model.yaml: group g: brief is not allowed here',
      'model.yaml: group g, a.b: sampling_relevant is not allowed here',
    ])
  })

  it('finds references that resolve to nothing', () => {
    const findings = findingsOf(`
events: [{name: e.f, brief: B., stability: stable, attributes: [{ref: a.gone}, {ref_group: g.gone}]}]
span_refinements: [{id: r.s, ref: s.gone, brief: B., attributes: []}]
attributes: [{key: a.old, type: int, examples: [1], brief: B., stability: stable, deprecated: {reason: renamed, renamed_to: a.gone}}]
`)
    expect(findings).toEqual([
      'event e.f: attribute a.gone is not defined',
      'event e.f: group g.gone is not defined',
      'refinement r.s: span s.gone is not defined',
      'attribute a.old: renamed to a.gone, which is not defined',
    ])
  })

  it('finds a name that is defined twice', () => {
    expect(findingsOf(`attributes: [${goodAttribute}, ${goodAttribute}]`)).toEqual(['attribute a.b is defined twice'])
  })

  it('unfolds groups, and lets a later reference win', () => {
    const registry = loadRegistry(modelDirectory)
    const references = resolveReferences(registry, [
      { ref_group: 'gen_ai.usage' },
      { ref: 'gen_ai.usage.output_tokens', requirement_level: { conditionally_required: 'If streamed.' } },
    ])
    expect(references).toEqual([
      { key: 'gen_ai.usage.input_tokens', level: 'recommended' },
      { key: 'gen_ai.usage.output_tokens', level: 'conditionally_required', condition: 'If streamed.' },
    ])
  })
})
