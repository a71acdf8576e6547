/** A second sender speaks older conventions and knows no cost: each token and each dollar counts once. */
import { expect, it } from 'vitest'
import { priceUsage } from '../../packages/prices/src/index.ts'
import { eventually, jaegerText, prometheusValue } from './backends.ts'
import { runDemoTraffic } from './demo-traffic.ts'
import { ownStack } from './own-stack.ts'
import { type KeyValue, sendSpans, span, text } from './otlp-sender.ts'

const stack = await ownStack('dialects', { collectorEnv: { OTELCOL_BATCH_TIMEOUT: '200ms' }, interval: '1s' })

const count = (key: string, value: number): KeyValue => ({ key, value: { intValue: String(value) } })

/** One call each, of 1000 tokens in, 200 of them cached where that can be said, and 100 out. */
const CALLS: Readonly<Record<string, readonly KeyValue[]>> = {
  'OpenTelemetry 1.28': [
    text('gen_ai.system', 'openai'),
    text('gen_ai.operation.name', 'chat'),
    text('gen_ai.request.model', 'gpt-4o'),
    text('gen_ai.response.model', 'gpt-4o-2024-08-06'),
    count('gen_ai.usage.input_tokens', 1000),
    count('gen_ai.usage.output_tokens', 100),
  ],
  OpenLLMetry: [
    text('gen_ai.system', 'Anthropic'),
    text('llm.request.type', 'chat'),
    text('gen_ai.request.model', 'claude-sonnet-4-5'),
    count('gen_ai.usage.prompt_tokens', 1000),
    count('gen_ai.usage.completion_tokens', 100),
    count('gen_ai.usage.cache_read_input_tokens', 200),
  ],
  OpenInference: [
    text('openinference.span.kind', 'LLM'),
    text('llm.provider', 'google'),
    text('llm.model_name', 'gemini-2.5-pro'),
    count('llm.token_count.prompt', 1000),
    count('llm.token_count.completion', 100),
    count('llm.token_count.prompt_details.cache_read', 200),
  ],
  'AI SDK': [
    text('ai.operationId', 'ai.generateText.doGenerate'),
    text('ai.model.provider', 'openai.chat'),
    text('ai.model.id', 'gpt-4o-mini'),
    count('ai.usage.promptTokens', 1000),
    count('ai.usage.completionTokens', 100),
  ],
}
/** The sums of the calls below them, which are nobody's calls. */
const SUMS: readonly (readonly KeyValue[])[] = [
  [text('ai.operationId', 'ai.generateText'), text('ai.model.id', 'gpt-4o-mini'), count('ai.usage.promptTokens', 1000)],
  [
    text('gen_ai.operation.name', 'invoke_agent'),
    text('gen_ai.provider.name', 'openai'),
    text('gen_ai.request.model', 'gpt-4o'),
    count('gen_ai.usage.input_tokens', 1000),
    count('gen_ai.usage.output_tokens', 100),
  ],
  [
    text('openinference.span.kind', 'CHAIN'),
    text('llm.model_name', 'gemini-2.5-pro'),
    count('llm.token_count.prompt', 1000),
  ],
]

function cost(provider: string, model: string, cacheReadInputTokens = 0): number {
  const priced = priceUsage({ provider, model, usage: { inputTokens: 1000, outputTokens: 100, cacheReadInputTokens } })
  if (!('amount' in priced)) throw new Error(priced.unpriced)
  return priced.amount
}

const EXPECTED =
  cost('openai', 'gpt-4o-2024-08-06') +
  cost('anthropic', 'claude-sonnet-4-5', 200) +
  cost('google', 'gemini-2.5-pro', 200) +
  cost('openai', 'gpt-4o-mini')

const total = (metric: string, service: string): Promise<number | undefined> =>
  prometheusValue(stack.urls.prometheus, `sum(${metric}{service_name=~"${service}"})`)

it('counts the tokens and dollars of calls in older dialects, once and at the prices of the process', async () => {
  const spans = [...Object.values(CALLS), ...SUMS].map((attributes) => span('call', { attributes }))
  const unknown = [
    text('gen_ai.system', 'openai'),
    text('gen_ai.operation.name', 'chat'),
    text('gen_ai.request.model', 'no-such-model'),
    count('gen_ai.usage.input_tokens', 5),
    count('gen_ai.usage.output_tokens', 5),
  ]
  await sendSpans(stack.urls.otlp, 'python-agent', [...spans, span('call', { attributes: unknown })])
  const dollars = await eventually(
    () => total('agentel_client_inference_usage_cost_total', 'python-agent'),
    (value) => value !== undefined,
  )
  expect(dollars).toBeCloseTo(EXPECTED, 9)
  expect({
    input: await total('gen_ai_client_inference_usage_input_tokens_total', 'python-agent'),
    output: await total('gen_ai_client_inference_usage_output_tokens_total', 'python-agent'),
    calls: await total('gen_ai_client_inference_duration_seconds_count', 'python-agent'),
    priced: await total('agentel_client_inference_operation_cost_count', 'python-agent'),
    unpriced: await total('agentel_client_inference_unpriced_total', 'python-agent'),
  }).toEqual({ input: 4005, output: 405, calls: 5, priced: 4, unpriced: 1 })
  const traces = await eventually(
    () => jaegerText(stack.urls.jaeger, 'python-agent'),
    (all) => all.split('"spanID"').length - 1 === spans.length + 1,
  )
  expect(traces).not.toMatch(/"gen_ai\.system"|"gen_ai\.usage\.prompt_tokens"/)
  expect(traces.split('"agentel.cost.source"').length - 1).toBe(5)
})

it('adds nothing to what an instrumented process has counted itself', async () => {
  const ledger = await runDemoTraffic(stack.urls.otlp, 8)
  const tokens = await eventually(
    () => total('gen_ai_client_inference_usage_input_tokens_total', 'research.*'),
    (value) => value !== undefined && value >= ledger.inputTokens,
  )
  // Long enough for what would come twice to have come.
  await new Promise((resolve) => setTimeout(resolve, 4000))
  expect(tokens).toBe(ledger.inputTokens)
  expect(await total('agentel_client_inference_usage_cost_total', 'research.*')).toBeCloseTo(ledger.cost, 9)
})
