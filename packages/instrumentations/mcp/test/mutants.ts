import { mcpTable } from '@agentel/instrumentation-mcp'

const tests = ['test/spans.test.ts', 'test/contract.test.ts', 'test/two-processes.test.ts']

export const tables = [{ table: mcpTable(), file: 'src/instrumentation.ts', function: 'mcpTable', tests }]

/** What a conversation is made of. */
export const mutants = [
  { file: 'src/observe-transport.ts', function: 'startWatcher', tests },
  { file: 'src/observe-transport.ts', function: 'watchHandlers', tests },
  { file: 'src/observe-transport.ts', function: 'takeAnswer', tests },
  { file: 'src/observe-transport.ts', function: 'takeCancellation', tests },
  { file: 'src/observe-transport.ts', function: 'close', tests },
  { file: 'src/sending.ts', function: 'setRequestContent', tests },
  { file: 'src/sending.ts', function: 'setResultContent', tests },
  { file: 'src/sending.ts', function: 'withContext', off: '() => (conversation, message) => message', tests },
  { file: 'src/receiving.ts', function: 'senderOf', off: '() => (conversation, message, ambient) => ambient', tests },
  { file: 'src/outcome.ts', function: 'recordAnswer', tests },
  { file: 'src/outcome.ts', function: 'recordCancelled', tests },
  { file: 'src/outcome.ts', function: 'recordClosed', tests },
  { file: 'src/session.ts', function: 'record', tests },
  { file: '../../api/src/claimable-call.ts', function: 'claimCall', tests },
]
