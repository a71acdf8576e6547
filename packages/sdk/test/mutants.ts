const cutShort = ['test/cut-short.test.ts']
const starts = ['test/start.test.ts', 'test/openai.test.ts']
const empty = '() => () => []'

export const mutants = [
  { file: 'src/last-send.ts', function: 'sendNow', off: '() => (batches) => batches.length', tests: cutShort },
  { file: 'src/last-send.ts', function: 'startThread', tests: cutShort },
  { file: 'src/collect-now.ts', function: 'collectNow', tests: cutShort },
  { file: 'src/unsent.ts', function: 'hold', off: '() => () => ({ ending: false, letGo() {} })', tests: cutShort },
  { file: 'src/unsent.ts', function: 'recordKeeper', off: '() => () => () => {}', tests: cutShort },
  { file: 'src/unsent.ts', function: 'allUnsent', off: empty, tests: cutShort },
  { file: 'src/exit-flush.ts', function: 'flushOnExit', off: '() => () => () => {}', tests: ['test/start.test.ts'] },
  {
    file: 'src/split-batches.ts',
    function: 'partsOf',
    off: '() => (spans) => [spans]',
    tests: ['test/split-batches.test.ts'],
  },
  { file: 'src/split-batches.ts', function: 'sizeOf', off: '() => () => 0', tests: ['test/split-batches.test.ts'] },
  { file: 'src/split-batches.ts', function: 'textsIn', off: '() => () => 0', tests: ['test/split-batches.test.ts'] },
  { file: 'src/yield-to-host.ts', function: 'yieldToHost', off: '() => () => () => {}', tests: starts },
]
