import {
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
} from '@agentel/semconv'
import { expect, it } from 'vitest'
import { createRowStore } from '../src/row-store.ts'
import { CHAT } from './spans.ts'

const SPECS = [
  { metric: METRIC_GEN_AI_CLIENT_INFERENCE_DURATION },
  { metric: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, attributes: { 'gen_ai.token.modality': 'text' } },
  { metric: METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS },
]

function familyOf(maxRows: number) {
  const store = createRowStore({ maxRows, profile: 'latest', histogramOf: undefined })
  const family = store.family(SPECS)
  return { store, family, attributes: () => family.rows.map((row) => row.attributes) }
}

const OVERFLOW = { 'otel.metric.overflow': true }

it.each([
  ['gen_ai.request.model', 'in the middle'],
  ['error.type', 'last'],
])('has one row for all that comes after the last, where %s, which is looked at %s, tells them apart', (key) => {
  const { store, family, attributes } = familyOf(2)
  const rows = Array.from({ length: 100 }, (_, index) => store.row(family, { ...CHAT, [key]: `v${index}` }))
  expect(attributes()).toEqual([{ ...CHAT, [key]: 'v0' }, { ...CHAT, [key]: 'v1' }, OVERFLOW])
  expect(new Set(rows.slice(2))).toEqual(new Set([family.overflow]))
})

it('remembers nothing of what comes after the last row', () => {
  const { store, family } = familyOf(2)
  const kept = (branch: ReadonlyMap<unknown, unknown>): number =>
    [...branch.values()].reduce((sum: number, next) => sum + 1 + (next instanceof Map ? kept(next) : 0), 0)
  for (const model of ['a', 'b']) store.row(family, { ...CHAT, 'gen_ai.request.model': model })
  const before = kept(family.root)
  for (let index = 0; index < 100; index++) store.row(family, { ...CHAT, 'gen_ai.request.model': `later ${index}` })
  expect(kept(family.root)).toBe(before)
})

it('tells rows apart by no list, and by nothing that a metric says of itself', () => {
  const { store, family, attributes } = familyOf(10)
  const { 'gen_ai.request.model': _, ...withoutModel } = CHAT
  const hostile = [
    { ...CHAT, 'gen_ai.request.model': ['a', 'b'] },
    { ...withoutModel, 'gen_ai.token.modality': 'audio' },
  ]
  expect(new Set(hostile.map((given) => store.row(family, given))).size).toBe(1)
  expect(attributes()).toEqual([withoutModel])
})
