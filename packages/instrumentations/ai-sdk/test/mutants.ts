import { aiSdkTable } from '@agentel/instrumentation-ai-sdk'

const tests = ['spans', 'beside', 'before-7'].map((name) => `test/${name}.test.ts`)
const before7 = ['test/before-7.test.ts']

export const tables = [{ table: aiSdkTable(), file: 'src/instrumentation.ts', function: 'aiSdkTable', tests }]

/** What a span is made of. */
export const mutants = [
  { file: 'src/chat.ts', function: 'readRequest', tests },
  { file: 'src/chat.ts', function: 'readResponse', tests },
  { file: 'src/chat.ts', function: 'setUsage', tests },
  { file: 'src/chat.ts', function: 'readFailure', tests },
  { file: 'src/chat.ts', function: 'readInput', tests },
  { file: 'src/chat.ts', function: 'readOutput', tests },
  { file: 'src/hooks.ts', function: 'endTool', tests },
  {
    file: 'src/hooks.ts',
    function: 'abandonment',
    off: '() => () => () => undefined',
    tests: ['test/contract.test.ts'],
  },
  { file: 'src/hooks.ts', function: 'startRanking', tests },
  { file: 'src/model-parts.ts', function: 'answerOf', off: '() => () => ({})', tests: before7 },
  { file: 'src/model-parts.ts', function: 'addPart', off: '() => (answer) => answer', tests: before7 },
  { file: 'src/model-parts.ts', function: 'addText', tests: before7 },
  { file: 'src/model-parts.ts', function: 'usageOf', off: '() => () => ({})', tests: before7 },
  { file: 'src/observe-parts.ts', function: 'observeParts', off: '() => (stream) => stream', tests: before7 },
  { file: 'src/observe-parts.ts', function: 'withoutContent', off: '() => (observer) => observer', tests: before7 },
  { file: 'src/told-request.ts', function: 'toldRequest', off: '() => (callId) => ({ callId })', tests: before7 },
  { file: 'src/told-span.ts', function: 'errorOf', tests: before7 },
  { file: 'src/call-tracer.ts', function: 'toolOutput', off: '() => () => ({})', tests: before7 },
  { file: 'src/owning-tracer.ts', function: 'owningTracer', off: '() => (given) => given', tests: before7 },
  { file: 'src/beside.ts', function: 'isTelemetryBeside', tests },
]
