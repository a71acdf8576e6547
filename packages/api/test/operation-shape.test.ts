import { runInThisContext } from 'node:vm'
import { setFlagsFromString } from 'node:v8'
import { expect, test } from 'vitest'
import { startOperation } from '../src/operation.ts'
import { ATTR_GEN_AI_OPERATION_NAME } from '@agentel/semconv'
import { useTelemetry } from './telemetry.ts'

setFlagsFromString('--allow-natives-syntax')
const hasFastProperties = runInThisContext('(value) => %HasFastProperties(value)') as (value: unknown) => boolean
const haveSameShape = runInThisContext('(a, b) => %HaveSameMap(a, b)') as (a: unknown, b: unknown) => boolean

useTelemetry()

test('a span of ours takes 24 attributes without becoming a hash table, and looks as any other', () => {
  const operation = startOperation({ name: 'chat', attributes: { [ATTR_GEN_AI_OPERATION_NAME]: 'chat' } })
  const expected: Record<string, unknown> = { [ATTR_GEN_AI_OPERATION_NAME]: 'chat' }
  for (let index = 0; index < 23; index++) {
    operation.set({ [`key.${index}`]: index })
    expected[`key.${index}`] = index
  }
  const { attributes } = operation.span as unknown as { attributes: object }

  expect(hasFastProperties(attributes)).toBe(true)
  expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype)
  expect(attributes).toStrictEqual(expected)
})

test('all operations have one hidden class', () => {
  const operations = Array.from({ length: 3 }, () => startOperation({ name: 'any' }))

  expect(haveSameShape(operations[0], operations[1])).toBe(true)
  expect(haveSameShape(operations[1], operations[2])).toBe(true)
})
