import { decisionsOf } from '../../../scripts/mutant-table.ts'

const price = ['test/price.test.ts']
const bills = ['test/rates.test.ts', 'test/bills.test.ts', 'test/openai-bills.test.ts', 'test/own-prices.test.ts']
const plain = ['test/plain-rates.test.ts']
const own = ['test/own-prices.test.ts']
const projection = ['test/projection.test.ts']
const refresh = ['test/refresh.test.ts']

/** What these files decide within a function, taken otherwise. */
export const decisions = [
  ...decisionsOf('src/rates.ts', bills, [
    ['inputTokens > tier.start', 'inputTokens >= tier.start'],
    ['inputTokens > tier.start', 'inputTokens < tier.start'],
    ["const plainAudio = rest(audio, cachedAudio, 'cached audio tokens')", 'const plainAudio = audio'],
    ["const plainImage = rest(image, cachedImage, 'cached image tokens')", 'const plainImage = image'],
    ['cached + written + plainAudio + plainImage', 'cached + written + audio + image'],
    ['cachedAudio + cachedImage, ', 'cachedAudio, '],
    ["'input_audio_mtok', audioFallback", "'input_audio_mtok', 'input_mtok'"],
    ["'input_audio_mtok', audioFallback", "'input_audio_mtok'"],
    ["'input_image_mtok', 'input_mtok'", "'input_image_mtok'"],
    ["'cache_read_mtok', 'input_mtok')\n  if (cachedAudio", "'cache_read_mtok')\n  if (cachedAudio"],
    ["'cache_audio_read_mtok', 'cache_read_mtok', audioFallback", "'cache_read_mtok'"],
    ["'cache_audio_read_mtok', 'cache_read_mtok', audioFallback", "'cache_audio_read_mtok', audioFallback"],
    ["'cache_image_read_mtok', 'cache_read_mtok', 'input_mtok'", "'cache_read_mtok'"],
    ["'cache_write_1h_mtok', 'cache_write_mtok', 'input_mtok'", "'cache_write_mtok'"],
    ["'cache_write_1h_mtok', 'cache_write_mtok', 'input_mtok'", "'cache_write_1h_mtok'"],
    ["'cache_write_mtok', 'input_mtok')\n  if (written1h", "'cache_write_mtok')\n  if (written1h"],
    ["rest(written, written1h, 'tokens cached for an hour')", 'written'],
    ["'output_reasoning_mtok', 'output_mtok'", "'output_mtok'"],
    ["'output_reasoning_mtok', 'output_mtok'", "'output_reasoning_mtok'"],
    ["'output_audio_mtok')", "'output_mtok')"],
    ["'output_image_mtok', 'output_mtok'", "'output_mtok'"],
    ['{ ...bill, factor: 1 }', 'bill'],
    ["bill.rates['requests_kcount'] !== undefined) charge", 'false) charge'],
    ['if (fileSearches > 0)', 'if (false)'],
    ['bill.missing.push(key)', ''],
    ['(price * count * bill.factor) / per', '(price * count) / per'],
  ]),
  ...decisionsOf('src/plain-rates.ts', plain, [
    ["rates['cache_read_mtok'] ?? input", 'input'],
    ["rates['output_reasoning_mtok'] ?? output", 'output'],
    ["rates['requests_kcount'] === undefined", 'true'],
    ["typeof cacheRead === 'number' &&", ''],
    ["typeof reasoning === 'number' &&", ''],
    ['cacheReadInputTokens > inputTokens || ', ''],
    [' || reasoningOutputTokens > outputTokens', ''],
    ['inputTokens - cacheReadInputTokens', 'inputTokens'],
    ['outputTokens - reasoningOutputTokens', 'outputTokens'],
    ['if (input !== 0)', ''],
  ]),
  ...decisionsOf(
    'src/price.ts',
    [...price, ...refresh],
    [
      ['provider !== request.provider || ', ''],
      ['serviceTier !== request.serviceTier || ', ''],
      [' || ownPrices !== request.ownPrices', ''],
      ['terms.table !== tableVersion() || ', ''],
      ['a.length !== b.length', 'false'],
      ["model: typeof model === 'string' ? model : [...model]", 'model'],
      ['!Number.isFinite(value) || value < 0', 'value < 0'],
      ['!Number.isFinite(value) || value < 0', '!Number.isFinite(value)'],
      ["model !== ''", 'true'],
    ],
  ),
  ...decisionsOf('src/price.ts', bills, [
    ['Number.isNaN(minute) || minute === minuteOf(request.timestamp ?? Date.now())', 'true'],
    ['request.timestamp ?? Date.now()\n', 'Date.now()\n'],
    ['AUDIO_INPUT_AS_TEXT.has(found.provider)', 'false'],
  ]),
  ...decisionsOf('src/table.ts', bills, [['Number.isNaN(known.minute) || known.minute === minute', 'true']]),
  ...decisionsOf('src/table.ts', refresh, [
    ['lookups.clear()\n  version', 'version'],
    ['!Array.isArray(data) || data.length === 0', '!Array.isArray(data)'],
  ]),
  ...decisionsOf('src/refresh.ts', refresh, [
    ['!response.ok', 'false'],
    ['/^https?:/.test(source)', 'false'],
  ]),
  ...decisionsOf(
    'src/providers.ts',
    [...price, ...own],
    [
      ['Object.hasOwn(values, name)', 'true'],
      ['if (ownFactor !== undefined) return ownFactor', ''],
      ['if (STANDARD_TIERS.has(tier)) return 1', ''],
      ['?? undefined', '?? 1'],
    ],
  ),
  ...decisionsOf('src/own-prices.ts', own, [
    ['!Number.isFinite(value) || ', ''],
    [' || value < 0', ''],
    ['.toSorted((a, b) => a.start - b.start)', ''],
    ['entry.provider !== undefined && entry.provider !== provider', 'entry.provider !== provider'],
    ['entry.model === model', 'model.startsWith(entry.model)'],
    ['? entry.model.length : 1e6', '? 1e6 : entry.model.length'],
    ['? entry.model.length : 1e6', '? -entry.model.length : 1e6'],
    ['entry.provider === undefined ? 0 : 1', '0'],
  ]),
  ...decisionsOf('src/projection.ts', projection, [
    ['buckets.length < 3', 'buckets.length < 2'],
    ['squares / (n - 2)', 'squares / n'],
    ['(steps + 1) / 2', 'steps / 2'],
    ['Math.max(0, expected - margin)', 'expected - margin'],
    ['expected: Math.max(0, expected)', 'expected'],
    ['Math.max(low, expected + margin)', 'expected + margin'],
    ['line.slope * perHour * perHour', 'line.slope * perHour'],
    ['1.96 + 2.4 / degrees', '1.96'],
  ]),
]
