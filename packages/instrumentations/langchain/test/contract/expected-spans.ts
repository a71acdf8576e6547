import type { ExpectedSpan } from '@agentel/testing/contract'
import { MODEL } from './sdk.ts'

/** A call of OpenAI's model: completed by the client, and priced once. */
export const CHAT = {
  name: `chat ${MODEL}`,
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': MODEL,
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 20,
    'agentel.cost.amount': 100 * 2.5e-6 + 20 * 1e-5,
    'server.address': '127.0.0.1',
  },
} satisfies ExpectedSpan

/** A call of LangChain's model for tests. */
export const FAKE = {
  name: 'chat',
  attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'fake-list' },
} satisfies ExpectedSpan

/** The only tool. */
export const WEATHER: ExpectedSpan = {
  name: 'execute_tool weather',
  attributes: {
    'gen_ai.tool.name': 'weather',
    'gen_ai.tool.description': 'The weather.',
    'gen_ai.tool.call.id': 'call_1',
  },
}
