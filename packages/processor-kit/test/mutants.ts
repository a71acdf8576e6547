import { globSync } from 'node:fs'
import { decisionsOf } from '../../../scripts/mutant-table.ts'

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
  ...decisionsOf(
    'src/put-off.ts',
    ['test/put-off.test.ts'],
    [
      ['waiting.length >= MOST', 'false'],
      ['    scheduled = false\n    catchUp', '    catchUp'],
      ['setImmediate(later).unref()', ''],
      ['recordFault(where, fault)', 'throw fault'],
    ],
  ),
]
