import { decisions } from './decisions.ts'

const tests = ['inference', 'operations', 'metric-producer', 'sampling'].map((name) => `test/${name}.test.ts`)

/** A measure that is made and counts nothing. */
const silent = '(make) => (store) => { make(store); return () => undefined }'

/** An enricher without one of its hooks. */
function withoutHook(file: string, maker: string, hook: string, tests: readonly string[]) {
  return {
    file,
    function: maker,
    part: hook,
    off: `(make) => (...args) => ({ ...make(...args), ${hook}() {} })`,
    tests,
  }
}

const task = ['test/task-enricher.test.ts']

export const mutants = [
  ...decisions,
  withoutHook('src/task-enricher.ts', 'taskEnricher', 'onStart', task),
  withoutHook('src/task-enricher.ts', 'taskEnricher', 'onEnding', task),
  { file: 'src/task-enricher.ts', function: 'isWork', off: '() => () => false', tests: task },
  { file: 'src/task-enricher.ts', function: 'isWithin', off: '() => () => false', tests: task },
  { file: 'src/task-enricher.ts', function: 'cpuNow', off: '() => () => 0', tests: task },
  withoutHook('src/metrics-enricher.ts', 'metricsEnricher', 'onStart', tests),
  withoutHook('src/metrics-enricher.ts', 'metricsEnricher', 'onEnd', tests),
  {
    file: 'src/backlog.ts',
    function: 'createBacklog',
    part: 'catchUp',
    off: '(make) => (count) => ({ ...make(count), catchUp() {} })',
    tests,
  },
  { file: 'src/metrics-enricher.ts', function: 'endSpan', tests },
  { file: 'src/inference.ts', function: 'inferenceMeasure', off: silent, tests },
  { file: 'src/inference.ts', function: 'recordTimes', tests },
  { file: 'src/inference.ts', function: 'recordCost', tests },
  { file: 'src/tokens.ts', function: 'recordTokens', tests },
  { file: 'src/operations.ts', function: 'operationMeasure', off: silent, tests },
  { file: 'src/agentel-spans.ts', function: 'agentelMeasure', off: silent, tests },
  { file: 'src/agentel-spans.ts', function: 'decisionMeasure', off: silent, tests },
  { file: 'src/agentel-spans.ts', function: 'messageMeasure', off: silent, tests },
  { file: 'src/agentel-spans.ts', function: 'eventMeasure', off: silent, tests },
  { file: 'src/agentel-spans.ts', function: 'isAgentic', off: '() => () => true', tests },
  { file: 'src/failures.ts', function: 'failureMeasure', off: silent, tests },
  { file: 'src/failures.ts', function: 'categoryOf', tests },
  { file: 'src/nesting.ts', function: 'countCall', tests },
  { file: 'src/nesting.ts', function: 'isTool', off: '() => () => false', tests },
  { file: 'src/metrics-enricher.ts', function: 'touchSession', tests },
  {
    file: 'src/measure.ts',
    function: 'costOf',
    off: "() => (attributes) => attributes['agentel.cost.amount']",
    tests,
  },
  { file: 'src/nesting.ts', function: 'agentic', off: '() => () => false', tests },
  { file: 'src/sessions.ts', function: 'keyOf', off: '() => (id) => id', tests: ['test/sessions.test.ts'] },
  { file: 'src/metric-producer.ts', function: 'addPoint', tests },
  { file: 'src/metric-producer.ts', function: 'sumValue', tests },
  { file: 'src/metric-producer.ts', function: 'distributionValue', tests },
  { file: 'src/metric-producer.ts', function: 'temporalityOf', off: '() => () => 1', tests },
  { file: 'src/host-instruments.ts', function: 'observeSums', tests },
  { file: 'src/row-store.ts', function: 'slotOf', tests },
]
