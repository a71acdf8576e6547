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
    'src/late-spans.ts',
    ['test/late-spans.test.ts', 'test/late-starts.test.ts'],
    [
      ['[MAY_BE_LATE] = true', '[MAY_BE_LATE] = undefined'],
      ['isMarked(span) ? lateWork() : undefined', 'lateWork()'],
      ['if (isMarked(span)) lateTracers.add(tracer)', 'lateTracers.add(tracer)\n  if (true) {}'],
      ['  else lateTracers.delete(tracer)', ''],
      ['!span.isRecording()', 'false'],
      ['state.lateSpans ??=', 'state.lateSpans ='],
      ['  sharedState().lateSpans?.catchUp()', ''],
    ],
  ),
  ...decisionsOf(
    'src/span-operation.ts',
    ['test/late-spans.test.ts', 'test/late-starts.test.ts', 'test/operation.test.ts'],
    [
      ['options.late === true ? lateStarts(options.tracer) : undefined', 'lateStarts(options.tracer)'],
      ['settledContext(options.parent ?? contextApi.active())', 'options.parent ?? contextApi.active()'],
      ['contextApi.with(this.parent, this.begin, this, this.started)', 'this.begin(this.started)'],
      ['contextApi.with(this.parent, this.startAndEnd, this)', 'this.startAndEnd()'],
      ['if (this.begun === undefined) this.begin(this.started)', 'if (this.begun === undefined) this.begin(undefined)'],
      ['    if (this.ended) this.endSpan()', '    this.endSpan()'],
      ['this.late ? performance.now() : undefined', 'undefined'],
      ['this.options.onEnd === undefined ? lateEnds(this.begun) : undefined', 'lateEnds(this.begun)'],
      ['    this.ended = true\n    this.endTime = performance.now()\n', '    this.endTime = performance.now()\n'],
      ['    this.ended = true\n    this.endTime = performance.now()\n', '    this.ended = true\n'],
      ['this.last?.forEach(this.write, this)', ''],
      ['    else this.last.push(last)', '    else this.last = [last]'],
      ['    if (this.ended) return\n    if (this.last === undefined)', '    if (this.last === undefined)'],
    ],
  ),
  ...decisionsOf(
    'src/starting-context.ts',
    ['test/late-starts.test.ts'],
    [
      ['key === SPAN ? this.started().getValue(key) : this.parent.getValue(key)', 'this.started().getValue(key)'],
      ['key === SPAN ? this.started().getValue(key) : this.parent.getValue(key)', 'this.parent.getValue(key)'],
      ['this.started().setValue(key, value)', 'this.parent.setValue(key, value)'],
      ['this.started().deleteValue(key)', 'this.parent.deleteValue(key)'],
    ],
  ),
  ...decisionsOf(
    'src/record-failure.ts',
    ['test/late-starts.test.ts'],
    [["span.addEvent('exception', attributes, performance.now())", "span.addEvent('exception', attributes)"]],
  ),
  ...decisionsOf('src/gates.ts', ['test/late-spans.test.ts'], [['  catchUpSpans()\n', '']]),
  ...decisionsOf('src/agent-tally.ts', ['test/late-spans.test.ts'], [['  catchUpSpans()\n', '']]),
]
