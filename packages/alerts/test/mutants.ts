const evaluator = ['test/evaluator.test.ts']
const rules = ['test/rules.test.ts']
const channels = ['test/channels.test.ts']
const store = ['test/alert-store.test.ts']
const started = ['test/start-alerts.test.ts']
const prometheus = ['test/prometheus-rules.test.ts']
const nothing = (part: string) => `(make) => (...args) => ({ ...make(...args), ${part}() {} })`

const judging = [
  { file: 'src/group-watch.ts', function: 'adaptiveOf', tests: evaluator },
  { file: 'src/group-watch.ts', function: 'closeByHand', tests: evaluator },
  { file: 'src/group-watch.ts', function: 'watchGroup', off: '() => () => ({})', tests: evaluator },
  { file: 'src/group-watch.ts', function: 'tellOf', tests: evaluator },
  { file: 'src/group-watch.ts', function: 'silenceOf', tests: evaluator },
  { file: 'src/group-watch.ts', function: 'closeOf', off: '() => () => ({})', tests: evaluator },
  { file: 'src/group-watch.ts', function: 'judge', off: '() => () => ({ holds: false })', tests: evaluator },
  { file: 'src/aggregate.ts', function: 'matches', off: '() => () => true', tests: evaluator },
  { file: 'src/aggregate.ts', function: 'ratio', tests: evaluator },
  { file: 'src/aggregate.ts', function: 'increase', off: '() => () => 0', tests: evaluator },
  { file: 'src/aggregate.ts', function: 'distributionOf', tests: evaluator },
  { file: 'src/aggregate.ts', function: 'groupsOf', off: '() => () => new Map()', tests: evaluator },
  { file: 'src/time-series.ts', function: 'increaseOf', off: '() => () => 0', tests: evaluator },
  { file: 'src/time-series.ts', function: 'distributionIncrease', tests: evaluator },
  { file: 'src/time-series.ts', function: 'addDistributions', tests: evaluator },
  { file: 'src/time-series.ts', function: 'quantileOf', tests: evaluator },
  { file: 'src/evaluator.ts', function: 'notificationsOf', off: '() => () => []', tests: evaluator },
  { file: 'src/evaluator.ts', function: 'countOf', off: '() => () => ({})', tests: evaluator },
  {
    file: 'src/silences.ts',
    function: 'createSilences',
    off: '(make) => (...args) => ({ ...make(...args), covers: () => false })',
    tests: evaluator,
  },
]

const telling = [
  { file: 'src/notifier.ts', function: 'bounded', off: '() => (notification) => notification', tests: channels },
  { file: 'src/notifier.ts', function: 'wants', off: '() => () => true', tests: channels },
  { file: 'src/notifier.ts', function: 'attempt', off: '() => async () => undefined', tests: channels },
  { file: 'src/notification-text.ts', function: 'titleOf', tests: channels },
  { file: 'src/notification-text.ts', function: 'bodyOf', tests: channels },
  { file: 'src/channel.ts', function: 'onlyEscalated', off: '() => (channel) => channel', tests: store },
  { file: 'src/channels/slack.ts', function: 'escapeText', off: '() => (text) => text', tests: channels },
  { file: 'src/channels/post.ts', function: 'post', off: '() => async () => undefined', tests: channels },
  { file: 'src/channels/post.ts', function: 'checkUrl', off: '() => (_setting, url) => url', tests: channels },
  { file: 'src/channels/email.ts', function: 'mailFault', off: '() => (fault) => fault', tests: channels },
  { file: 'src/secret.ts', function: 'needSecret', off: "() => () => ''", tests: channels },
  { file: 'src/secret.ts', function: 'readSecret', tests: channels },
]

const keeping = [
  {
    file: 'src/alert-store.ts',
    function: 'openHolders',
    off: '() => () => ({ tells: () => true, renew() {}, leaveAll() {} })',
    tests: store,
  },
  { file: 'src/saved-alerts.ts', function: 'saveWatches', off: '() => () => []', tests: store },
  { file: 'src/saved-alerts.ts', function: 'restoreWatch', tests: store },
  {
    file: 'src/alert-telemetry.ts',
    function: 'alertTelemetry',
    part: 'changed',
    off: nothing('changed'),
    tests: started,
  },
  {
    file: 'src/alert-telemetry.ts',
    function: 'alertTelemetry',
    part: 'notified',
    off: nothing('notified'),
    tests: started,
  },
  { file: 'src/start-alerts.ts', function: 'troublesTold', off: '() => () => () => {}', tests: started },
  { file: 'src/metric-feed.ts', function: 'kindOf', off: "() => () => 'gauge'", tests: started },
  { file: 'src/metric-feed.ts', function: 'distributionOf', tests: [...started, 'test/sdk-2.test.ts'] },
  { file: 'src/metric-feed.ts', function: 'labelsOf', off: '() => () => ({})', tests: started },
]

const reading = [
  { file: 'src/parse-rules.ts', function: 'checkRules', off: '() => () => []', tests: rules },
  { file: 'src/parse-rules.ts', function: 'pathText', off: "() => () => ''", tests: rules },
  { file: 'src/prometheus-rules.ts', function: 'expressionOf', off: "() => () => ''", tests: prometheus },
  { file: 'src/prometheus-rules.ts', function: 'growth', off: '() => (series) => series', tests: prometheus },
  { file: 'src/prometheus-rules.ts', function: 'durationText', off: "() => () => '1m'", tests: prometheus },
  { file: 'src/prometheus-names.ts', function: 'conditionOf', off: '() => () => \'=""\'', tests: prometheus },
]

export const mutants = [...judging, ...telling, ...keeping, ...reading]
