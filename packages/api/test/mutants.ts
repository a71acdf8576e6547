import { decisionsOf } from '../../../scripts/mutant-table.ts'

const tests = ['test/content-budget.test.ts', 'test/content-capture.test.ts']
const same = '() => (value) => value'

const feedback = ['test/feedback-metric.test.ts', 'test/records.test.ts']

export const mutants = [
  {
    file: 'src/switch-word.ts',
    function: 'switchWord',
    off: '() => () => undefined',
    tests: ['test/switch-word.test.ts'],
  },
  { file: 'src/record-metric.ts', function: 'recordMetric', tests: [...feedback, 'test/business-metric.test.ts'] },
  { file: 'src/plain-attributes.ts', function: 'setOne', tests: ['test/plain-attributes.test.ts'] },
  {
    file: 'src/plain-attributes.ts',
    function: 'isKept',
    off: '() => () => true',
    tests: ['test/plain-attributes.test.ts'],
  },
  { file: 'src/debug.ts', function: 'isDebug', off: '() => () => false', tests: ['test/debug.test.ts'] },
  { file: 'src/debug.ts', function: 'debugAttributes', tests: ['test/debug.test.ts'] },
  { file: 'src/feedback.ts', function: 'contextOf', tests: feedback },
  { file: 'src/feedback.ts', function: 'labelOf', off: "() => () => 'neutral'", tests: feedback },
  { file: 'src/content-budget.ts', function: 'lengthLimitOf', off: '() => () => Infinity', tests },
  { file: 'src/content-budget.ts', function: 'fit', off: '() => (value) => ({ json: JSON.stringify(value) })', tests },
  { file: 'src/cut-json.ts', function: 'cutJson', off: '() => (json, bytes) => json.slice(0, bytes)', tests },
  { file: 'src/cut-json.ts', function: 'cutTexts', off: same, tests },
  { file: 'src/media-reference.ts', function: 'referToMedia', off: same, tests },
  {
    file: 'src/media-reference.ts',
    function: 'jsonWithoutMedia',
    off: '() => (value) => JSON.stringify(value)',
    tests,
  },
  { file: 'src/media-reference.ts', function: 'replaceParts', off: same, tests },
  { file: 'src/media-reference.ts', function: 'replaceLoose', off: same, tests },
  { file: 'src/hash-of.ts', function: 'hashOf', tests },
  { file: 'src/to-json.ts', function: 'withoutBytes', off: same, tests },
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
  ...decisionsOf(
    'src/late-ends.ts',
    ['test/late-ends.test.ts'],
    [
      ['[MAY_END_LATE] = true', '[MAY_END_LATE] = undefined'],
      ['if ((span as Marked)[MAY_END_LATE] !== true) return undefined', ''],
      ['state.lateEnds ??=', 'state.lateEnds ='],
      ['  sharedState().lateEnds?.catchUp()', ''],
    ],
  ),
  ...decisionsOf(
    'src/operation.ts',
    ['test/late-ends.test.ts', 'test/operation.test.ts'],
    [
      ['this.options.onEnd === undefined ? lateEnds(this.span) : undefined', 'lateEnds(this.span)'],
      ['    this.ended = true\n    this.endTime = performance.now()\n', '    this.endTime = performance.now()\n'],
      ['    this.ended = true\n    this.endTime = performance.now()\n', '    this.ended = true\n'],
      ['this.options.parent ?? ROOT_CONTEXT', 'ROOT_CONTEXT'],
      ['this.last?.forEach(this.write, this)', ''],
      ['    else this.last.push(attributes)', '    else this.last = [attributes]'],
      ['    if (this.ended) return\n    if (this.last === undefined)', '    if (this.last === undefined)'],
    ],
  ),
  ...decisionsOf('src/gates.ts', ['test/late-ends.test.ts'], [['  catchUpEnds()\n', '']]),
  ...decisionsOf('src/agent-tally.ts', ['test/late-ends.test.ts'], [['  catchUpEnds()\n', '']]),
]
