/** What runs in the writing thread is out of reach: a mutant is only seen by the tests' own thread. */
const log = ['test/audit-log.test.ts']
const enricher = ['test/audit-enricher.test.ts']
const spans = ['test/audit-span-enricher.test.ts']
const query = ['test/query-entries.test.ts']
const verify = ['test/verify-chain.test.ts']
const archive = ['test/archive.test.ts']
const without = (part: string) => `(make) => (...args) => ({ ...make(...args), ${part}: async () => undefined })`

export const mutants = [
  { file: 'src/audit-event.ts', function: 'cut', off: '() => (text) => text', tests: log },
  { file: 'src/audit-event.ts', function: 'plainValue', off: '() => (_key, value) => value', tests: log },
  {
    file: 'src/audit-enricher.ts',
    function: 'auditEnricher',
    part: 'onLog',
    off: '(make) => (...args) => ({ ...make(...args), onLog: undefined })',
    tests: enricher,
  },
  {
    file: 'src/audit-enricher.ts',
    function: 'auditEnricher',
    part: 'forceFlush',
    off: without('forceFlush'),
    tests: enricher,
  },
  { file: 'src/event-fields.ts', function: 'textOf', tests: enricher },
  { file: 'src/event-fields.ts', function: 'fieldsOf', off: '() => (attributes) => ({ attributes })', tests: enricher },
  {
    file: 'src/audit-span-enricher.ts',
    function: 'auditSpanEnricher',
    part: 'forceFlush',
    off: without('forceFlush'),
    tests: spans,
  },
  { file: 'src/span-events.ts', function: 'eventAtStart', tests: spans },
  { file: 'src/span-events.ts', function: 'eventAtEnd', tests: spans },
  { file: 'src/span-events.ts', function: 'exceptions', off: '() => () => []', tests: spans },
  { file: 'src/span-events.ts', function: 'isMessage', off: '() => () => false', tests: spans },
  { file: 'src/span-events.ts', function: 'chosen', off: '() => (attributes) => attributes', tests: spans },
  { file: 'src/told-spans.ts', function: 'noteTold', tests: spans },
  { file: 'src/told-spans.ts', function: 'isTold', off: '() => () => false', tests: spans },
  { file: 'src/told-spans.ts', function: 'keyOf', off: '() => (_file, event) => event', tests: spans },
  { file: '../processor-kit/src/hr-time.ts', function: 'millisecondsOf', tests: enricher },
  {
    file: 'src/query-entries.ts',
    function: 'conditionsOf',
    off: "() => () => ({ where: '', values: [] })",
    tests: query,
  },
  {
    file: 'src/query-entries.ts',
    function: 'partsOf',
    off: '() => ({ minSeverity: _, ...filter }) => [{ filter }]',
    tests: query,
  },
  {
    file: 'src/query-entries.ts',
    function: 'withSeverities',
    off: '() => ({ minSeverity: _, ...filter }) => filter',
    tests: query,
  },
  { file: 'src/query-entries.ts', function: 'summarise', tests: query },
  { file: 'src/query-entries.ts', function: 'wholeNumber', off: '() => (_name, value) => value', tests: query },
  {
    file: 'src/query-entries.ts',
    function: 'entryOf',
    off: '() => ({ payload, ...entry }) => ({ ...entry, attributes: {}, erased: false })',
    tests: [...log, 'test/forget-user.test.ts'],
  },
  { file: 'src/verify-chain.ts', function: 'verifyChain', off: '() => () => ({ ok: true })', tests: verify },
  { file: 'src/verify-chain.ts', function: 'isVouched', off: '() => () => true', tests: verify },
  { file: 'src/verify-chain.ts', function: 'attributesOf', off: '() => () => []', tests: verify },
  { file: 'src/chain.ts', function: 'hashRow', off: '() => () => new Uint8Array(32)', tests: verify },
  { file: 'src/chain.ts', function: 'hashContent', off: '() => () => new Uint8Array(32)', tests: verify },
  {
    file: 'src/original-sequence.ts',
    function: 'originalSequence',
    off: '() => ({ sequence }) => sequence',
    tests: verify,
  },
  { file: 'src/audit-file.ts', function: 'checkVersion', tests: query },
  { file: 'src/archive.ts', function: 'archiveAuditLog', off: '() => async () => ({})', tests: archive },
  {
    file: 'src/archive.ts',
    function: 'forgetInArchive',
    off: '() => async () => ({ complete: true })',
    tests: archive,
  },
]
