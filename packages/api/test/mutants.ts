const tests = ['test/content-budget.test.ts', 'test/content-capture.test.ts']
const same = '() => (value) => value'

export const mutants = [
  { file: 'src/content-budget.ts', function: 'lengthLimitOf', off: '() => () => Infinity', tests },
  { file: 'src/content-budget.ts', function: 'fit', off: '() => (value) => ({ json: JSON.stringify(value) })', tests },
  { file: 'src/cut-json.ts', function: 'cutJson', off: '() => (json, bytes) => json.slice(0, bytes)', tests },
  { file: 'src/cut-json.ts', function: 'cutTexts', off: same, tests },
  { file: 'src/media-reference.ts', function: 'referToMedia', off: same, tests },
  { file: 'src/media-reference.ts', function: 'hashOf', tests },
]
