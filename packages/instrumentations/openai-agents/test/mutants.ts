import { openaiAgentsTable } from '@agentel/instrumentation-openai-agents'

const tests = ['test/contract.test.ts']
const adapted = ['test/adapted-model.test.ts']

export const tables = [
  { table: openaiAgentsTable(), file: 'src/instrumentation.ts', function: 'openaiAgentsTable', tests },
]

/** What the spans are made of. */
export const mutants = [
  { file: 'src/describe-sdk-error.ts', function: 'failAsTold', tests },
  { file: 'src/model-call.ts', function: 'modelName', off: '() => (model) => model', tests: adapted },
  { file: 'src/trace.ts', function: 'metadataAttributes', off: '() => () => ({})', tests },
  { file: 'src/tool-calls.ts', function: 'callsOf', off: '() => () => []', tests },
  { file: 'src/run-context.ts', function: 'isInside', off: '() => () => false', tests },
]
