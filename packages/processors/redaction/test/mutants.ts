const tests = ['test/redactor.test.ts', 'test/redaction-enricher.test.ts']

/** A handler that finds nothing, and one that says so by -1. */
const passes = '() => (scan, index) => index + 1'
const none = '() => () => -1'

const handlers = [
  ['src/address-rules.ts', 'onAt', passes],
  ['src/address-rules.ts', 'onIpv6', none],
  ['src/address-rules.ts', 'userInfoStart', none],
  ['src/credential-rules.ts', 'tryPrefix', none],
  ['src/credential-rules.ts', 'onJwt', passes],
  ['src/credential-rules.ts', 'onPrivateKey', none],
  ['src/credential-rules.ts', 'onKeyWithA', passes],
  ['src/credential-rules.ts', 'onLetterB', passes],
  ['src/number-rules.ts', 'tryCard', none],
  ['src/number-rules.ts', 'tryIp', none],
  ['src/number-rules.ts', 'trySsn', none],
  ['src/number-rules.ts', 'tryNorthAmerican', none],
  ['src/number-rules.ts', 'onPlus', passes],
  ['src/number-rules.ts', 'tryNational', none],
  ['src/number-rules.ts', 'tryBarePhone', none],
  ['src/number-rules.ts', 'tryBotToken', none],
  ['src/number-rules.ts', 'findNumbers', undefined],
  ['src/iban.ts', 'ibanEnd', none],
  ['src/iban.ts', 'remainder', '() => () => 1'],
  ['src/card.ts', 'luhn', '() => () => true'],
  ['src/assignment-rules.ts', 'findAssignments', undefined],
  ['src/assignment-rules.ts', 'tryOption', none],
  ['src/assignment-rules.ts', 'isBareSecret', '() => () => true'],
  ['src/assignment-rules.ts', 'isProse', '() => () => false'],
  ['src/assignment-rules.ts', 'backslashesBefore', '() => () => 0'],
  ['src/assignment-rules.ts', 'bracketEnd', '() => (text, start) => start + 1'],
  ['src/find-secrets.ts', 'mergeFindings', '() => (findings) => findings'],
  ['src/replacement.ts', 'isInString', '() => () => true'],
  ['src/redactor.ts', 'redactObject', '() => (parts, object) => object'],
  ['src/redactor.ts', 'redactList', '() => (parts, list) => list'],
  ['src/redaction-enricher.ts', 'redactAttributes', undefined],
  ['src/redaction-enricher.ts', 'redactName', undefined],
  ['src/redaction-enricher.ts', 'redactNested', undefined],
  ['src/redaction-enricher.ts', 'redactSpan', undefined],
  ['src/redaction-enricher.ts', 'note', undefined],
  ['src/options.ts', 'activeRules', '() => () => new Set()'],
  ['src/options.ts', 'hashKeyOf', undefined],
  ['src/options.ts', 'nameMatcher', '() => () => () => false'],
  ['src/options.ts', 'detect', '() => () => []'],
] as const

/** The enricher without one of its hooks. */
const hooks = ['onEnding', 'onLog'].map((hook) => ({
  file: 'src/redaction-enricher.ts',
  function: 'redactionEnricher',
  part: hook,
  off: `(make) => (...args) => ({ ...make(...args), ${hook}: undefined })`,
  tests,
}))

const functions = handlers.map(([file, name, off]) => ({
  file,
  function: name,
  ...(off === undefined ? {} : { off }),
  tests,
}))

const slow = ['test/slow-redaction.test.ts']
const exporter = ['test/redacting-exporter.test.ts', ...slow]
const metrics = ['test/metrics-redaction.test.ts']
const secretlint = ['test/secretlint.test.ts']
const propagator = ['test/redacting-propagator.test.ts']

/** What has tests of its own, beside the enricher's. */
const outside = [
  { file: 'src/credential-rules.ts', function: 'slackWebhook', off: passes, tests: secretlint },
  { file: 'src/presidio.ts', function: 'placesIn', off: '() => () => (index) => index', tests: slow },
  { file: 'src/presidio.ts', function: 'findingsOf', off: '() => () => []', tests: slow },
  { file: 'src/slow-redaction.ts', function: 'checked', off: '() => (found) => found', tests: slow },
  { file: 'src/slow-redaction.ts', function: 'within', off: '() => (promise) => promise', tests: slow },
  { file: 'src/slow-redaction.ts', function: 'unchecked', off: '() => () => []', tests: slow },
  { file: 'src/json-texts.ts', function: 'mapTexts', off: '() => (text, replace) => replace(text)', tests: slow },
  { file: 'src/rewrite-fields.ts', function: 'rewriteHolders', off: '() => (by, holders) => holders', tests: exporter },
  {
    file: 'src/rewrite-fields.ts',
    function: 'rewriteAttributes',
    off: '() => (by, attributes) => attributes',
    tests: exporter,
  },
  { file: 'src/rewrite-fields.ts', function: 'withNote', off: '() => (attributes) => attributes', tests: exporter },
  { file: 'src/redacting-exporter.ts', function: 'overlay', off: '() => (item) => item', tests: exporter },
  { file: 'src/metrics-redaction.ts', function: 'metricsRedaction', off: '() => () => () => {}', tests: metrics },
  { file: 'src/metrics-redaction.ts', function: 'redactReader', off: '() => (reader) => reader', tests: metrics },
  {
    file: 'src/redacting-propagator.ts',
    function: 'redactBaggage',
    off: '() => (redactor, baggage) => baggage',
    tests: propagator,
  },
  {
    file: 'src/redacting-propagator.ts',
    function: 'redactContext',
    off: '() => (redactor, context) => context',
    tests: propagator,
  },
]

export const mutants = [...hooks, ...functions, ...outside]
