const without = (hook: string): string => `(make) => (...args) => ({ ...make(...args), ${hook}: undefined })`
const tests = ['test/redaction-enricher.test.ts', 'test/redactor.test.ts']
const nothing = '() => () => -1'

export const mutants = [
  {
    file: 'src/redaction-enricher.ts',
    function: 'redactionEnricher',
    part: 'onEnding',
    off: without('onEnding'),
    tests,
  },
  { file: 'src/redaction-enricher.ts', function: 'redactionEnricher', part: 'onLog', off: without('onLog'), tests },
  { file: 'src/redaction-enricher.ts', function: 'redactNested', tests },
  { file: 'src/redaction-enricher.ts', function: 'note', tests },
  { file: 'src/assignment-rules.ts', function: 'findAssignments', tests },
  { file: 'src/assignment-rules.ts', function: 'tryOption', off: nothing, tests },
  { file: 'src/credential-rules.ts', function: 'tryPrefix', off: nothing, tests },
  { file: 'src/number-rules.ts', function: 'findNumbers', tests },
  { file: 'src/number-rules.ts', function: 'tryCard', off: nothing, tests },
  { file: 'src/number-rules.ts', function: 'tryIp', off: nothing, tests },
  { file: 'src/number-rules.ts', function: 'trySsn', off: nothing, tests },
]
