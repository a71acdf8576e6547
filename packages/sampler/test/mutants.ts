const rules = ['test/rules.test.ts']
const tail = ['test/tail-sampling.test.ts']

export const mutants = [
  {
    file: 'src/always-record.ts',
    function: 'isAgentSpan',
    off: '() => () => false',
    tests: ['test/always-record.test.ts'],
  },
  { file: 'src/sampling-rules.ts', function: 'valueOf', tests: rules },
  { file: 'src/sampling-rules.ts', function: 'isAbout', off: '() => () => true', tests: rules },
  { file: 'src/rule-sampler.ts', function: 'hasPriority', off: '() => () => false', tests: rules },
  { file: 'src/trace-share.ts', function: 'randomnessOf', off: '() => (id) => id.slice(0, 14)', tests: rules },
  { file: 'src/trace-share.ts', function: 'withThreshold', off: '() => (state) => state', tests: rules },
  { file: 'src/keep-spans.ts', function: 'reasonToKeep', tests: tail },
  {
    file: 'src/trace-memory.ts',
    function: 'rememberTraces',
    off: '() => () => ({ get: () => undefined, add() {} })',
    tests: ['test/trace-memory.test.ts', ...tail],
  },
  { file: 'src/tail-sampling.ts', function: 'contextOf', off: '() => (tail, span) => span.spanContext()', tests: tail },
  { file: 'src/tail-sampling.ts', function: 'hold', tests: tail },
  { file: 'src/tail-sampling.ts', function: 'decide', tests: tail },
  { file: 'src/tail-sampling.ts', function: 'makeRoom', tests: tail },
  { file: 'src/tail-sampling.ts', function: 'endLate', tests: tail },
  { file: 'src/tail-sampling.ts', function: 'decideOld', tests: tail },
  {
    file: '../api/src/put-off.ts',
    function: 'putOff',
    part: 'catchUp',
    off: '(make) => (...args) => ({ ...make(...args), catchUp() {} })',
    tests: tail,
  },
  { file: 'src/tail-trace.ts', function: 'judge', tests: tail },
  { file: 'src/tail-trace.ts', function: 'bytesOf', off: '() => () => 0', tests: tail },
  { file: 'src/tail-trace.ts', function: 'verdict', off: "() => () => 'share'", tests: tail },
]
