import { openaiTable } from '@agentel/instrumentation-openai'

const told = ['test/told-cost.test.ts']
const tests = ['chat', 'content', 'destination', 'instrumentation', 'other-calls', 'responses', 'stream-equality'].map(
  (name) => `test/${name}.test.ts`,
)

export const tables = [
  { table: openaiTable({ includeStreamUsage: true }), file: 'src/instrumentation.ts', function: 'openaiTable', tests },
]

/** What the readers are made of. */
export const mutants = [
  { file: 'src/usage.ts', function: 'setUsage', tests },
  { file: 'src/told-cost.ts', function: 'setToldCost', tests: told },
  { file: 'src/told-cost.ts', function: 'toldAmount', off: '() => (_, { cost }) => cost', tests: told },
  { file: 'src/told-cost.ts', function: 'amountOf', off: '() => (value) => value', tests: told },
  { file: '../../instrumentation-kit/src/service-tier.ts', function: 'setServiceTier', tests: told },
  { file: 'src/usage.ts', function: 'outputTokens', off: '() => ({ completion_tokens }) => completion_tokens', tests },
  { file: 'src/response-events.ts', function: 'withPart', off: '() => (answer) => answer', tests },
  { file: 'src/completions.ts', function: 'reduceCompletionChunk', tests },
  { file: 'src/chat-content.ts', function: 'joinBase64', off: "() => (pieces) => pieces.join('')", tests },
  { file: 'src/responses-content.ts', function: 'readImage', off: '() => ({ result, ...call }) => [call]', tests },
  { file: 'src/openai-attributes.ts', function: 'setOpenAIRequest', tests },
  { file: 'src/openai-attributes.ts', function: 'setOpenAIResponse', tests },
  { file: 'src/openai-attributes.ts', function: 'outputType', tests },
  { file: '../../instrumentation-kit/src/message-parts.ts', function: 'toolDefinitions', tests },
]
