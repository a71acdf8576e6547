import { decisionsOf } from '../../../scripts/mutant-table.ts'

export const mutants = decisionsOf(
  'src/own-file.ts',
  ['test/own-file.test.ts'],
  [
    ["'a', 0o600", "'a'"],
    ['      if (!isBusy(error) || performance.now() > until) throw error\n', '      throw error\n'],
    ['performance.now() > until', 'true'],
    ['performance.now() > until', 'performance.now() > until + 1e4'],
    ['    database.exec(first)\n', ''],
    ['=== SQLITE_BUSY', '!== undefined'],
    ['synchronous = NORMAL', 'synchronous = FULL'],
    ['if (sqlite === undefined)', 'if (false)'],
  ],
)
