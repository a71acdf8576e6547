import { describe, expect, it } from 'vitest'
import { filterOf, readDuration, readExpression, toggled } from '../../ui/app/run-filter.ts'

const read = (expression: string, before = '') => readExpression(expression, new URLSearchParams(before))

describe('the search expression', () => {
  it('tells filters, bounds and words apart', () => {
    expect(read('status:error agent:"tax writer" cost>0.05 duration>=10s tokens>2k "timed out" fetch')).toEqual({
      status: ['error'],
      agent: ['tax writer'],
      minCost: ['0.05'],
      minDuration: ['10000'],
      minTokens: ['2000'],
      text: '"timed out" fetch',
    })
  })

  it('excludes with a minus, and adds to what the URL has already', () => {
    expect(read('-model:gpt-4o agent:b', 'agent=a&status=ok')).toEqual({
      model: ['!gpt-4o'],
      agent: ['a', 'b'],
      text: '',
    })
  })

  it('searches for what only looks like a filter', () => {
    expect(read('color:red cost>cheap')).toEqual({ text: 'color:red cost>cheap' })
  })

  it('reads durations with and without unit', () => {
    expect(['900ms', '12s', '2m', '1h', '5', 'soon'].map(readDuration)).toEqual([
      900,
      12_000,
      120_000,
      3_600_000,
      5_000,
      Number.NaN,
    ])
  })
})

it('takes the filters of a URL and leaves the rest alone', () => {
  expect(filterOf(new URLSearchParams('agent=a&agent=b&range=1h&view=raw&minCost=1'))).toEqual({
    agent: ['a', 'b'],
    minCost: ['1'],
  })
})

it('includes, excludes and takes out a value of a facet', () => {
  expect(toggled([], 'a')).toEqual(['a'])
  expect(toggled(['a'], 'a')).toEqual([])
  expect(toggled(['a', 'b'], 'a', true)).toEqual(['b', '!a'])
  expect(toggled(['!a'], 'a', true)).toEqual([])
})
