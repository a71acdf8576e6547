import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import type { calcPrice, ModelInfo, updatePrices, waitForUpdate } from '@pydantic/genai-prices'
import type { Rates } from './rates.ts'

/** Name and version of the price table that ships with this package; a test holds it to what is installed. */
export const PRICE_TABLE_VERSION = 'genai-prices 0.1.8'

interface Library {
  calcPrice: typeof calcPrice
  updatePrices: typeof updatePrices
  waitForUpdate: typeof waitForUpdate
}

let library: Library | undefined

/**
 * Loads the price table now: about 30 ms, once. Without it the first priced call pays them.
 * Loading is synchronous, since a span that ends cannot wait for its price.
 */
export function loadPriceTable(): Library {
  library ??= createRequire(import.meta.url)('@pydantic/genai-prices') as Library
  return library
}

/** Rates of one model, as the table names it. */
export interface TableEntry {
  readonly provider: string
  readonly model: string
  readonly rates: Rates
}

/** What was found in the table. */
export interface Lookup {
  readonly entry: TableEntry | undefined
  /** The minute of time for which the entry holds; NaN: always. */
  readonly minute: number
}

const MAX_LOOKUPS = 1000
const lookups = new Map<string, Lookup>()

function conditional(info: ModelInfo): boolean {
  return Array.isArray(info.prices)
}

/** The minute that a time (milliseconds since 1970) is in. */
export function minuteOf(timestamp: number): number {
  return Math.floor(timestamp / 60_000)
}

/**
 * The table's entry for a model, at a time (prices may begin on a date or hold for some hours of the day).
 * Finding one takes about 17 us, so answers are remembered, those that depend on time for a minute.
 */
export function findInTable(provider: string | undefined, model: string, timestamp: number): Lookup {
  const key = `${provider ?? ''}\n${model}`
  const minute = minuteOf(timestamp)
  const known = lookups.get(key)
  if (known !== undefined && (Number.isNaN(known.minute) || known.minute === minute)) return known
  const found = loadPriceTable().calcPrice({}, model, {
    ...(provider === undefined ? {} : { providerId: provider }),
    timestamp: new Date(timestamp),
  })
  const entry =
    found === null
      ? undefined
      : { provider: found.provider.id, model: found.model.id, rates: found.model_price as Rates }
  if (lookups.size >= MAX_LOOKUPS) lookups.clear()
  const lookup = { entry, minute: found !== null && conditional(found.model) ? minute : NaN }
  lookups.set(key, lookup)
  return lookup
}

let version = PRICE_TABLE_VERSION

/** Version of the table in force: the one that ships, or the one that replaced it. */
export function tableVersion(): string {
  return version
}

/**
 * Puts another table in the place of the one in force.
 * @param json providers and models in the format of genai-prices' own data file
 * @returns its version, made from its content
 * @throws Error when it is no such table; the one in force stays
 */
export async function replacePriceTable(json: string): Promise<string> {
  const data: unknown = JSON.parse(json)
  if (!Array.isArray(data) || data.length === 0)
    throw new Error('a price table must be a list of providers that is not empty')
  const { updatePrices: update, waitForUpdate: wait } = loadPriceTable()
  update(({ setProviderData }) => setProviderData(data as Parameters<typeof setProviderData>[0]))
  await wait()
  lookups.clear()
  version = `genai-prices ${createHash('sha256').update(json).digest('hex').slice(0, 12)}`
  return version
}
