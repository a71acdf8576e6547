import { expect } from 'vitest'
import { priceUsage, type Priced, type PriceRequest } from '../src/index.ts'

/**
 * Usage as the providers' APIs return it, mapped by the rules of the conventions (input is the total), with the
 * amount worked out by hand from the provider's public price list. US dollars per million tokens unless said.
 */
export interface Bill {
  readonly name: string
  readonly request: PriceRequest
  readonly amount: number
  readonly parts: Priced['parts']
}

/** Fails where the price is not what the provider bills. */
export function expectAsBilled(bill: Bill): void {
  const priced = priceUsage(bill.request) as Priced
  expect(priced).toHaveProperty('amount')
  expect(priced.amount).toBeCloseTo(bill.amount, 12)
  expect(Object.keys(priced.parts).toSorted()).toEqual(Object.keys(bill.parts).toSorted())
  for (const [category, amount] of Object.entries(bill.parts)) {
    expect(priced.parts[category as keyof typeof priced.parts], category).toBeCloseTo(amount, 12)
  }
}
