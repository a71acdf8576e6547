import { DiagLogLevel, diag } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cleanFaultsBy, faultCounts, guard, guardPromise, recordFault, resetFaults } from '../src/guard.ts'

const lines: string[] = []
const silent = { warn() {}, info() {}, debug() {}, verbose() {} }
beforeEach(() => {
  lines.length = 0
  resetFaults()
  diag.setLogger({ ...silent, error: (line) => void lines.push(line) }, DiagLogLevel.ERROR)
})
afterEach(() => diag.disable())

describe('guard', () => {
  it('gives what the function gives', () => {
    expect(guard('a', () => 1)).toBe(1)
    expect(faultCounts()).toEqual({})
  })

  it('turns a throw into a count and one line, however often it happens', () => {
    for (let time = 0; time < 1000; time++) {
      expect(
        guard('cost.onEnding', () => {
          throw new TypeError('x is undefined')
        }),
      ).toBeUndefined()
    }
    expect(faultCounts()).toEqual({ 'cost.onEnding': 1000 })
    expect(lines).toEqual(['agentel: a fault in cost.onEnding, the application goes on: TypeError: x is undefined'])
  })

  it('survives faults that cannot be printed, and a diag logger that throws', () => {
    const unprintable = {
      toString() {
        throw new Error('no')
      },
    }
    recordFault('a', unprintable)
    expect(lines).toEqual(['agentel: a fault in a, the application goes on: something that cannot be printed'])
    diag.setLogger(
      {
        ...silent,
        error() {
          throw new Error('disk full')
        },
      },
      DiagLogLevel.ERROR,
    )
    expect(() => recordFault('b', new Error('x'))).not.toThrow()
    expect(faultCounts()).toEqual({ a: 1, b: 1 })
  })

  it('says nothing that redaction would take out, and nothing at all when that fails', () => {
    cleanFaultsBy((text) => text.replace('ann@example.org', '…'))
    recordFault('a', new Error('no mail for ann@example.org'))
    cleanFaultsBy(() => {
      throw new Error('no')
    })
    recordFault('b', new Error('no mail for ann@example.org'))
    expect(lines).toEqual([
      'agentel: a fault in a, the application goes on: Error: no mail for …',
      'agentel: a fault in b, the application goes on: something that cannot be printed',
    ])
    cleanFaultsBy((text) => text)
  })

  it('keeps a bounded number of places', () => {
    for (let place = 0; place < 1000; place++) recordFault(`place ${place}`, 'x')
    expect(Object.keys(faultCounts())).toHaveLength(201)
    expect(faultCounts().other).toBe(800)
  })

  it('counts the rejection of work of ours, and never rejects', async () => {
    expect(await guardPromise('flush', () => Promise.reject(new Error('x')))).toBeUndefined()
    expect(faultCounts()).toEqual({ flush: 1 })
  })
})
