import { aiSdkTable } from '@agentel/instrumentation-ai-sdk'

const tests = ['spans', 'beside', 'stream-equality', 'contract'].map((name) => `test/${name}.test.ts`)

export const tables = [{ table: aiSdkTable(), file: 'src/instrumentation.ts', function: 'aiSdkTable', tests }]

/** What a span is made of. */
export const mutants = [
  { file: 'src/chat.ts', function: 'readRequest', tests },
  { file: 'src/chat.ts', function: 'readResponse', tests },
  { file: 'src/chat.ts', function: 'setUsage', tests },
  { file: 'src/chat.ts', function: 'setServer', tests },
  { file: 'src/chat.ts', function: 'readFailure', tests },
  { file: 'src/chat.ts', function: 'readInput', tests },
  { file: 'src/chat.ts', function: 'readOutput', tests },
  { file: 'src/hooks.ts', function: 'endTool', tests },
  { file: 'src/hooks.ts', function: 'abandonment', off: '() => () => () => undefined', tests },
  { file: 'src/hooks.ts', function: 'startRanking', tests },
  { file: 'src/beside.ts', function: 'isTelemetryBeside', tests },
]
