import { createHash } from 'node:crypto'
import type { Rates, TieredRate } from './rates.ts'

/** Own prices as a user writes them, in an object or a file. */
export interface OwnPricesInput {
  /** Shown as the pricing version; default: a hash of the content. */
  readonly version?: string
  readonly models: readonly {
    /** As in `gen_ai.provider.name`; absent: any provider. */
    readonly provider?: string
    /** The exact name, or a beginning followed by `*`. */
    readonly model: string
    /** US dollars by price key (`input_mtok`, `output_mtok`, `cache_read_mtok`, …), or tiers by input length. */
    readonly prices: Readonly<Record<string, number | TieredRate>>
    /** Factor on token prices by service tier, as `{batch: 0.5}`. */
    readonly service_tiers?: Readonly<Record<string, number>>
  }[]
}

/** One checked entry of own prices. */
export interface OwnEntry {
  readonly provider: string | undefined
  readonly model: string
  readonly prices: Rates
  readonly serviceTiers: Readonly<Record<string, number>> | undefined
}

/** Checked own prices, ready to be asked. */
export interface OwnPrices {
  readonly version: string
  /** The entry for a model: an exact name wins over a beginning, a longer beginning over a shorter one. */
  find(provider: string | undefined, model: string): OwnEntry | undefined
}

/** Keys that a price may have; each is US dollars for the unit in its name. */
export const PRICE_KEYS: readonly string[] = [
  'input_mtok',
  'output_mtok',
  'cache_read_mtok',
  'cache_write_mtok',
  'cache_write_1h_mtok',
  'input_audio_mtok',
  'output_audio_mtok',
  'cache_audio_read_mtok',
  'input_image_mtok',
  'output_image_mtok',
  'cache_image_read_mtok',
  'output_reasoning_mtok',
  'web_searches_kcount',
  'storage_searches_kcount',
  'requests_kcount',
]

/** Own prices that cannot be used; the message names the path of the wrong value. */
export class PriceFileError extends Error {
  override readonly name = 'PriceFileError'
  readonly code = 'AGENTEL_PRICES_INVALID'
}

function fail(path: string, problem: string): never {
  throw new PriceFileError(`own prices: ${path} ${problem}`)
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(path, 'must be an object')
  return value as Record<string, unknown>
}

function onlyKeys(value: Record<string, unknown>, allowed: readonly string[], path: string): void {
  for (const key of Object.keys(value)) {
    if (!allowed.includes(key)) fail(`${path}.${key}`, `is not known; known are ${allowed.join(', ')}`)
  }
}

function amount(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) fail(path, 'must be a number of at least 0')
  return value
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') fail(path, 'must be a text that is not empty')
  return value
}

function rate(value: unknown, path: string): number | TieredRate {
  if (typeof value !== 'object') return amount(value, path)
  const tiered = record(value, path)
  onlyKeys(tiered, ['base', 'tiers'], path)
  if (!Array.isArray(tiered['tiers'])) fail(`${path}.tiers`, 'must be a list')
  const tiers = tiered['tiers'].map((tier: unknown, index) => {
    const at = `${path}.tiers[${index}]`
    const fields = record(tier, at)
    onlyKeys(fields, ['start', 'price'], at)
    return { start: amount(fields['start'], `${at}.start`), price: amount(fields['price'], `${at}.price`) }
  })
  return { base: amount(tiered['base'], `${path}.base`), tiers: tiers.toSorted((a, b) => a.start - b.start) }
}

function numbers<T>(value: unknown, path: string, read: (value: unknown, path: string) => T): Record<string, T> {
  const entries = Object.entries(record(value, path))
  return Object.fromEntries(entries.map(([key, item]) => [key, read(item, `${path}.${key}`)]))
}

function entryOf(value: unknown, path: string): OwnEntry {
  const fields = record(value, path)
  onlyKeys(fields, ['provider', 'model', 'prices', 'service_tiers'], path)
  const prices = record(fields['prices'], `${path}.prices`)
  onlyKeys(prices, PRICE_KEYS, `${path}.prices`)
  const tiers = fields['service_tiers']
  return {
    provider: fields['provider'] === undefined ? undefined : text(fields['provider'], `${path}.provider`),
    model: text(fields['model'], `${path}.model`),
    prices: numbers(prices, `${path}.prices`, rate),
    serviceTiers: tiers === undefined ? undefined : numbers(tiers, `${path}.service_tiers`, amount),
  }
}

function matches(entry: OwnEntry, provider: string | undefined, model: string): boolean {
  if (entry.provider !== undefined && entry.provider !== provider) return false
  return entry.model.endsWith('*') ? model.startsWith(entry.model.slice(0, -1)) : entry.model === model
}

/** Exact names first, then long beginnings; of two alike, the one that names a provider. */
function specificity(entry: OwnEntry): number {
  const length = entry.model.endsWith('*') ? entry.model.length : 1e6
  return length * 2 + (entry.provider === undefined ? 0 : 1)
}

/**
 * Checks own prices.
 * @throws {PriceFileError} that names the first wrong value by its path.
 */
export function parseOwnPrices(input: unknown): OwnPrices {
  const fields = record(input, 'the whole')
  onlyKeys(fields, ['version', 'models'], 'the whole')
  if (!Array.isArray(fields['models'])) fail('models', 'must be a list')
  const entries = fields['models']
    .map((value: unknown, index) => entryOf(value, `models[${index}]`))
    .toSorted((a, b) => specificity(b) - specificity(a))
  const version =
    fields['version'] === undefined
      ? `own ${createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 12)}`
      : text(fields['version'], 'version')
  return { version, find: (provider, model) => entries.find((entry) => matches(entry, provider, model)) }
}
