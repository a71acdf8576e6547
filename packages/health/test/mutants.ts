const monitor = ['test/health-monitor.test.ts']
const probe = ['test/probe.test.ts']
const dependency = ['test/dependency.test.ts']
const server = ['test/health-server.test.ts']

const nothingFound = '() => () => []'

export const mutants = [
  { file: 'src/thresholds.ts', function: 'judgeSuccess', off: nothingFound, tests: monitor },
  { file: 'src/thresholds.ts', function: 'judgeResponse', off: nothingFound, tests: monitor },
  { file: 'src/component.ts', function: 'judge', off: nothingFound, tests: monitor },
  { file: 'src/component.ts', function: 'judgeLife', off: nothingFound, tests: monitor },
  { file: 'src/component.ts', function: 'judgeRuns', off: nothingFound, tests: monitor },
  { file: 'src/health-state.ts', function: 'stateOf', off: "() => () => 'healthy'", tests: monitor },
  {
    file: 'src/recent-times.ts',
    function: 'recentTimes',
    part: 'add',
    off: '(make) => (...args) => ({ ...make(...args), add() {} })',
    tests: monitor,
  },
  {
    file: 'src/components.ts',
    function: 'createComponents',
    part: 'forget',
    off: '(make) => (...args) => ({ ...make(...args), forget() {} })',
    tests: monitor,
  },
  {
    file: 'src/health-enricher.ts',
    function: 'healthEnricher',
    part: 'onEnd',
    off: '(make) => (...args) => ({ ...make(...args), onEnd: undefined })',
    tests: monitor,
  },
  { file: 'src/health-enricher.ts', function: 'addRun', tests: monitor },
  {
    file: 'src/health-enricher.ts',
    function: 'endOf',
    off: '() => ({ endTime }) => endTime[0] * 1000 + endTime[1] / 1e6',
    tests: monitor,
  },
  { file: 'src/health-enricher.ts', function: 'durationOf', off: '() => () => Number.NaN', tests: monitor },
  { file: 'src/probe.ts', function: 'isWithin', off: '() => (age, cacheMs) => age < cacheMs', tests: probe },
  { file: 'src/health-telemetry.ts', function: 'emitHealthChanged', tests: monitor },
  { file: 'src/health-telemetry.ts', function: 'observeHealth', off: '() => () => () => {}', tests: monitor },
  {
    file: 'src/watch-components.ts',
    function: 'watchComponents',
    part: 'heartbeat',
    off: '(make) => (...args) => ({ ...make(...args), heartbeat() {} })',
    tests: monitor,
  },
  { file: 'src/watch-components.ts', function: 'ask', tests: monitor },
  { file: 'src/watch-components.ts', function: 'judgeOne', tests: monitor },
  { file: 'src/report-parts.ts', function: 'worstOf', off: "() => () => 'healthy'", tests: [...monitor, ...server] },
  { file: 'src/probe.ts', function: 'answerOf', off: '() => async () => undefined', tests: probe },
  { file: 'src/probe.ts', function: 'nameOf', off: "() => () => 'it failed'", tests: probe },
  ...['httpDependency', 'tcpDependency', 'mcpDependency', 'sqliteDependency'].map((name) => ({
    file: 'src/dependency.ts',
    function: name,
    off: '(make) => (...args) => ({ ...make(...args), check() {} })',
    tests: dependency,
  })),
  { file: 'src/dependency.ts', function: 'answersOtlp', off: '() => () => true', tests: dependency },
  { file: 'src/health-server.ts', function: 'refuse', tests: server },
  { file: 'src/health-server.ts', function: 'checkAccess', tests: server },
  { file: 'src/access.ts', function: 'sameToken', off: '() => () => true', tests: server },
  { file: 'src/access.ts', function: 'isLoopback', off: '() => () => true', tests: server },
  { file: 'src/access.ts', function: 'hostNamed', off: "() => ({ host }) => host ?? ''", tests: server },
  { file: 'src/access.ts', function: 'bearerOf', tests: server },
]
