/** Each model that the table names is priced by the collector as it is in the process. */
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { priceUsage } from '../../packages/prices/src/index.ts'
import { type Match, exactNames } from '../../scripts/deploy/price-matches.ts'
import { GEN_AI_PROVIDER_NAME_VALUES } from '../../scripts/deploy/provider-names.ts'
import { eventually, prometheusSamples } from './backends.ts'
import { ownStack } from './own-stack.ts'
import { type KeyValue, sendSpans, span, text } from './otlp-sender.ts'

const stack = await ownStack('prices', { collectorEnv: { OTELCOL_BATCH_TIMEOUT: '200ms' }, interval: '1s' })

interface Provider {
  readonly models: readonly { readonly match: Match }[]
}
const library = createRequire(new URL('../../packages/prices/package.json', import.meta.url))(
  '@pydantic/genai-prices',
) as { findProvider: (options: { providerId: string }) => Provider | undefined }

/** Who calls whose models: themselves, and some of those who resell. Those of DeepSeek cost another price at night. */
const CALLERS: Readonly<Record<string, readonly string[]>> = {
  openai: ['openai', 'azure'],
  anthropic: ['anthropic', 'azure', 'aws'],
  google: ['google'],
  aws: ['aws'],
  azure: ['azure'],
  mistral: ['mistral'],
  groq: ['groq'],
  'x-ai': ['x-ai', 'azure'],
  cohere: ['cohere'],
}

/** Long enough for the prices of long inputs, and not. */
const LENGTHS = [1000, 300_000]

interface Call {
  readonly provider: string
  readonly model: string
  readonly inputTokens: number
}

function callsOf(id: string, callers: readonly string[]): Call[] {
  const names = library.findProvider({ providerId: id })?.models.flatMap(({ match }) => exactNames(match)) ?? []
  return callers.flatMap((caller) => {
    const provider = GEN_AI_PROVIDER_NAME_VALUES[caller]?.[0] ?? caller
    return [...new Set(names)].flatMap((model) => LENGTHS.map((inputTokens) => ({ provider, model, inputTokens })))
  })
}

const count = (key: string, value: number): KeyValue => ({ key, value: { intValue: String(value) } })
const usageOf = (inputTokens: number): { inputTokens: number; outputTokens: number; cacheReadInputTokens: number } => ({
  inputTokens,
  outputTokens: 100,
  cacheReadInputTokens: 200,
})

function spanOf({ provider, model, inputTokens }: Call): object {
  const usage = usageOf(inputTokens)
  const attributes = [
    text('gen_ai.operation.name', 'chat'),
    text('gen_ai.provider.name', provider),
    text('gen_ai.request.model', model),
    count('gen_ai.usage.input_tokens', usage.inputTokens),
    count('gen_ai.usage.output_tokens', usage.outputTokens),
    count('gen_ai.usage.cache_read.input_tokens', usage.cacheReadInputTokens),
  ]
  return span('call', { attributes })
}

it('prices each model that the table names, for short and for long inputs, as the process does', async () => {
  const calls = Object.entries(CALLERS).flatMap(([id, callers]) => callsOf(id, callers))
  const unique = [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()]
  const expected: Record<string, number> = {}
  for (const { provider, model, inputTokens } of unique) {
    const priced = priceUsage({ provider, model, usage: usageOf(inputTokens) })
    const key = `${provider} ${model}`
    if ('amount' in priced) expected[key] = (expected[key] ?? 0) + priced.amount
  }
  const keys = Object.keys(expected)
  expect(keys.length).toBeGreaterThan(400)

  await sendSpans(stack.urls.otlp, 'catalogue', unique.map(spanOf))
  const query = 'agentel_client_inference_usage_cost_total{service_name="catalogue"}'
  const samples = await eventually(
    () => prometheusSamples(stack.urls.prometheus, query, Date.now() / 1000),
    (all) => all.length >= keys.length,
  )
  const found = Object.fromEntries(
    samples.map(({ labels, value }) => [`${labels['gen_ai_provider_name']} ${labels['gen_ai_request_model']}`, value]),
  )
  const rounded = (costs: Readonly<Record<string, number>>): object =>
    Object.fromEntries(keys.map((key) => [key, costs[key]?.toPrecision(9)]))
  expect(rounded(found)).toEqual(rounded(expected))
  // By it the collector tells them from others; the metrics of a process have no such label.
  expect(samples.filter(({ labels }) => 'agentel_cost_source' in labels)).toEqual([])
})
