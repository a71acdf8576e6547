import * as agents from '@openai/agents'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { OpenAIAgentsInstrumentation } from '@agentel/instrumentation-openai-agents'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'

/** Tells of itself what the adapter to `ai` of `@openai/agents-extensions` tells. */
const adapted: agents.Model = {
  getResponse: () =>
    agents.withGenerationSpan(async ({ spanData }) => {
      spanData.model = 'anthropic.messages:claude-haiku-4-5'
      spanData.model_config = { provider: 'anthropic.messages', model_impl: 'ai-sdk' }
      spanData.usage = {
        input_tokens: 1000,
        output_tokens: 200,
        input_tokens_details: { cached_tokens: 400 },
        output_tokens_details: [{ reasoning_tokens: 50 }],
      }
      const content = [{ type: 'output_text' as const, text: 'hello' }]
      const output = [{ type: 'message' as const, role: 'assistant' as const, status: 'completed' as const, content }]
      return { usage: new agents.Usage(), output }
    }),
  getStreamedResponse: () => {
    throw new Error('not streamed here')
  },
}

let telemetry: TestTelemetry
const instrumentation = new OpenAIAgentsInstrumentation({ enabled: false })

beforeAll(() => {
  telemetry = createTestTelemetry({ spanProcessors: [enricherProcessor([costEnricher()])] })
  instrumentation.manuallyInstrument(agents)
  // Nothing goes to OpenAI; and the SDK traces nothing where NODE_ENV is "test".
  agents.setTraceProcessors([])
  agents.setTracingDisabled(false)
})
afterAll(async () => {
  instrumentation.disable()
  await telemetry.shutdown()
})

it('a model of another provider has its own name, provider and price', async () => {
  const runner = new agents.Runner({ traceIncludeSensitiveData: true })
  await runner.run(new agents.Agent({ name: 'Desk', model: adapted }), 'hello')
  const { attributes } = telemetry.span('chat claude-haiku-4-5')
  expect(attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-haiku-4-5',
    'gen_ai.usage.input_tokens': 1000,
    'gen_ai.usage.output_tokens': 200,
    'gen_ai.usage.cache_read.input_tokens': 400,
    'gen_ai.usage.reasoning.output_tokens': 50,
  })
  expect(attributes['agentel.cost.amount']).toBeCloseTo(600 * 1e-6 + 400 * 1e-7 + 200 * 5e-6, 12)
})
