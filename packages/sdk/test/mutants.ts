import { decisions } from './decisions.ts'

const cutShort = ['test/cut-short.test.ts']
const starts = ['test/start.test.ts', 'test/openai.test.ts']
const logging = ['test/logging.test.ts']
const figures = ['test/host-metrics.test.ts']
const empty = '() => () => []'

export const mutants = [
  ...decisions,
  { file: 'src/last-send.ts', function: 'sendNow', off: '() => (batches) => batches.length', tests: cutShort },
  { file: 'src/last-send.ts', function: 'startThread', tests: cutShort },
  { file: 'src/collect-now.ts', function: 'collectNow', tests: cutShort },
  { file: 'src/unsent.ts', function: 'hold', off: '() => () => ({ ending: false, letGo() {} })', tests: cutShort },
  { file: 'src/unsent.ts', function: 'recordKeeper', off: '() => () => () => {}', tests: cutShort },
  { file: 'src/unsent.ts', function: 'allUnsent', off: empty, tests: cutShort },
  { file: 'src/exit-flush.ts', function: 'flushOnExit', off: '() => () => () => {}', tests: ['test/start.test.ts'] },
  {
    file: 'src/parallel-batches.ts',
    function: 'parallelBatches',
    off: '() => ({ exporter, batch }) => new BatchSpanProcessor({ exporter, ...batch })',
    tests: ['test/parallel-batches.test.ts'],
  },
  {
    file: 'src/split-batches.ts',
    function: 'partsOf',
    off: '() => (spans) => [spans]',
    tests: ['test/split-batches.test.ts'],
  },
  { file: 'src/split-batches.ts', function: 'sizeOf', off: '() => () => 0', tests: ['test/split-batches.test.ts'] },
  { file: 'src/split-batches.ts', function: 'textsIn', off: '() => () => 0', tests: ['test/split-batches.test.ts'] },
  { file: 'src/log-file.ts', function: 'rotate', tests: logging },
  { file: 'src/log-file.ts', function: 'take', off: '() => (lines) => lines.splice(0)', tests: logging },
  { file: 'src/caller.ts', function: 'findCaller', tests: logging },
  { file: 'src/caller.ts', function: 'isApplication', off: '() => () => true', tests: logging },
  { file: 'src/log-lines.ts', function: 'jsonLine', off: "() => () => '{}'", tests: logging },
  { file: 'src/log-lines.ts', function: 'textLine', off: "() => () => ''", tests: logging },
  { file: 'src/log-processors.ts', function: 'logProcessorsOf', off: '() => (ours) => [ours]', tests: logging },
  { file: 'src/host-looks.ts', function: 'ofOwner', off: '() => (look) => look', tests: figures },
  { file: 'src/host-metrics.ts', function: 'observeThread', off: '() => () => () => {}', tests: figures },
  { file: 'src/process-files.ts', function: 'readProc', tests: figures },
  { file: 'src/process-files.ts', function: 'watchFileSystem', off: '() => () => () => undefined', tests: figures },
  {
    file: 'src/process-sockets.ts',
    function: 'watchSockets',
    off: '() => () => ({ read: () => ({ received: 0, sent: 0, open: 0 }), stop() {} })',
    tests: figures,
  },
  {
    file: 'src/config-reader.ts',
    function: 'profilesIn',
    off: '() => () => new Map()',
    tests: ['test/config-reader.test.ts'],
  },
  {
    file: 'src/apply-config.ts',
    function: 'withPrometheus',
    off: '() => (metrics) => metrics',
    tests: ['test/settings.test.ts'],
  },
  {
    file: 'src/process-alerts.ts',
    function: 'rulesOf',
    off: '(make) => (config) => make({ ...config, profile: undefined, alerts: { ...config.alerts, errorRate: undefined } })',
    tests: ['test/audit-alerts.test.ts'],
  },
  {
    file: 'src/slow-detectors.ts',
    function: 'slowDetectorsOf',
    off: '() => () => ({ around: (exporter) => exporter, unasked: (batch) => batch })',
    tests: ['test/slow-detectors.test.ts'],
  },
  {
    file: 'src/slow-detectors.ts',
    function: 'slowDetectorsOf',
    part: 'unasked',
    off: '(make) => (...args) => ({ ...make(...args), unasked: (batch) => batch })',
    tests: ['test/slow-detectors.test.ts'],
  },
  {
    file: 'src/named-files.ts',
    function: 'faultsOfNamedFiles',
    off: '() => () => []',
    tests: ['test/check-config-file.test.ts'],
  },
  {
    file: 'src/quick-detectors.ts',
    function: 'digits',
    off: "() => (count) => '0'.repeat(count)",
    tests: ['test/resource.test.ts'],
  },
  { file: 'src/yield-to-host.ts', function: 'yieldToHost', off: '() => () => () => {}', tests: starts },
]
