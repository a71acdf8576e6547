import { globSync } from 'node:fs'

const tests = globSync('test/*.test.ts', { cwd: new URL('..', import.meta.url).pathname })

export const mutants = [
  {
    file: 'src/identity-enricher.ts',
    function: 'identityEnricher',
    part: 'onStart',
    off: '(make) => (...args) => ({ ...make(...args), onStart: undefined })',
    tests,
  },
  {
    file: 'src/identity-enricher.ts',
    function: 'identityEnricher',
    part: 'onLog',
    off: '(make) => (...args) => ({ ...make(...args), onLog: undefined })',
    tests,
  },
]
