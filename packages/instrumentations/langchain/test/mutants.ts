import { langchainTable } from '@agentel/instrumentation-langchain'

const tests = ['agent', 'context', 'content', 'without-client', 'connected-trace', 'stream-equality', 'contract'].map(
  (name) => `test/${name}.test.ts`,
)

export const tables = [{ table: langchainTable(), file: 'src/instrumentation.ts', function: 'langchainTable', tests }]

const ends = '() => (handle, error) => { handle.fail(error); handle.end() }'

/** What the spans are made of. */
export const mutants = [
  { file: 'src/call-context.ts', function: 'isSameInside', off: '() => () => false', tests },
  { file: 'src/chain-run.ts', function: 'withConversation', off: '() => (context) => context', tests },
  { file: 'src/chain-run.ts', function: 'messagesIn', tests },
  { file: 'src/chat.ts', function: 'readResponse', off: '() => () => ({})', tests },
  { file: 'src/chat.ts', function: 'finishReason', tests },
  { file: 'src/fail-run.ts', function: 'failRun', off: ends, tests },
  { file: 'src/graph-nodes.ts', function: 'rememberStep', tests },
  { file: 'src/messages.ts', function: 'chatInput', off: '() => () => ({})', tests },
  { file: 'src/messages.ts', function: 'readBlock', off: "() => () => ({ type: 'other' })", tests },
  {
    file: 'src/model-run.ts',
    function: 'ownerOfNext',
    off: '() => (runs) => runs[0].owner',
    tests: ['test/contract.test.ts'],
  },
  { file: 'src/open-runs.ts', function: 'leaveRun', tests },
  { file: 'src/provider-name.ts', function: 'providerOf', off: "() => () => '_OTHER'", tests },
  { file: 'src/run-ids.ts', function: 'forgetRunIds', tests: ['test/contract.test.ts'] },
  { file: 'src/tool-run.ts', function: 'contentOf', off: '() => (result) => result', tests },
  { file: 'src/usage.ts', function: 'setUsage', tests },
]
