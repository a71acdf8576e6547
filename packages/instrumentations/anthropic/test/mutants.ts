import { anthropicTable } from '@agentel/instrumentation-anthropic'

const owned = ['../ai-sdk/test/beside.test.ts']
const tests = ['messages', 'content', 'native-spans', 'stream-equality']
  .map((name) => `test/${name}.test.ts`)
  .concat(owned)

export const tables = [{ table: anthropicTable(), file: 'src/instrumentation.ts', function: 'anthropicTable', tests }]

/** What the readers are made of. */
export const mutants = [
  { file: 'src/operations.ts', function: 'replaceOwnSpan', off: '() => (args) => [...args]', tests: owned },
  {
    file: 'src/operations.ts',
    function: 'streamUnderOwner',
    off: '() => () => (resource, args, original) => Reflect.apply(original, resource, args)',
    tests: owned,
  },
  { file: 'src/usage.ts', function: 'setUsage', tests },
  { file: 'src/usage.ts', function: 'withCompactions', off: '() => (usage) => usage', tests },
  { file: 'src/destination.ts', function: 'providerOf', tests },
  { file: 'src/messages.ts', function: 'finishReason', tests },
  { file: 'src/message-events.ts', function: 'addToContent', tests },
  { file: 'src/message-events.ts', function: 'finishBlock', tests },
  { file: 'src/message-events.ts', function: 'present', off: '() => (usage) => usage ?? {}', tests },
  { file: 'src/messages-content.ts', function: 'plainTool', off: '() => (tool) => tool', tests },
  {
    file: '../../instrumentation-kit/src/others-operation.ts',
    function: 'nativeOperation',
    off: '(make) => (scope, parent, options) => make("none", parent, options)',
    tests,
  },
]
