import { describeValue, type Description } from './describe-value.ts'
import type { Witness } from './scenario.ts'

/** What an application saw, in order. */
export type Testimony = readonly (readonly [label: string, what: Description])[]

/** A witness and its testimony so far. */
export function createWitness(): Witness & { testimony: Testimony } {
  const testimony: [string, Description][] = []
  const see = (label: string, value: unknown): void => void testimony.push([label, describeValue(value)])
  return {
    testimony,
    see,
    async settle(label, promise) {
      try {
        const value = await promise
        see(`${label}: resolved`, value)
        return value
      } catch (error) {
        see(`${label}: rejected`, error)
        return undefined
      }
    },
    attempt(label, fn) {
      try {
        const value = fn()
        see(`${label}: returned`, value)
        return value
      } catch (error) {
        see(`${label}: threw`, error)
        return undefined
      }
    },
  }
}
