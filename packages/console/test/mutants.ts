const api = ['test/api.test.ts', 'test/api-traces.test.ts']
const archive = ['test/metric-archive.test.ts']
const openapi = ['test/openapi.test.ts']
const text = ['test/text-index.test.ts']
const batch = ['test/ingest-batch.test.ts']
const gathering = ['test/gathering.test.ts']
const histogram = ['test/histogram.test.ts']
const python = ['test/python-dialects.test.ts']

export const mutants = [
  { file: 'src/query/agents.ts', function: 'traceCounts', off: '() => () => new Map()', tests: api },
  { file: 'src/query/agents.ts', function: 'tracesOfEdge', off: '() => () => []', tests: api },
  { file: 'src/query/edges.ts', function: 'isMeeting', off: '() => () => true', tests: api },
  { file: 'src/query/rollup-reader.ts', function: 'keysOfWindow', off: '() => () => []', tests: api },
  { file: 'src/query/metric-export.ts', function: 'anyValue', off: '() => () => ({})', tests: archive },
  { file: 'src/query/metric-export.ts', function: 'detailOf', off: '() => () => ({})', tests: archive },
  { file: 'src/query/metric-export.ts', function: 'pointOf', off: '() => () => ({})', tests: archive },
  {
    file: 'src/query/metric-export.ts',
    function: 'metricPage',
    part: 'nextCursor',
    off: '(page) => (...args) => ({ ...page(...args), nextCursor: null })',
    tests: archive,
  },
  { file: 'src/api/openapi.ts', function: 'parametersOf', off: '() => () => []', tests: openapi },
  { file: 'src/store/foreign-spans.ts', function: 'addErrorType', tests: python },
  { file: 'src/store/foreign-spans.ts', function: 'promote', tests: python },
  { file: 'src/store/foreign-spans.ts', function: 'isForeignKey', off: '() => () => false', tests: python },
  { file: 'src/store/searchable-text.ts', function: 'addEscaped', off: '() => (_, __, at) => at + 2', tests: text },
  { file: 'src/store/searchable-text.ts', function: 'codeUnitAt', tests: text },
  { file: 'src/store/text-index.ts', function: 'requestOf', off: '() => () => Buffer.alloc(0)', tests: text },
  { file: 'src/store/span-writer.ts', function: 'insertSpans', off: '() => (c, tr, spans) => spans', tests: batch },
  { file: 'src/store/span-writer.ts', function: 'addFacet', tests: ['test/trace-filters.test.ts'] },
  { file: 'src/otlp/scanned-span.ts', function: 'empty', tests: batch },
  {
    file: 'src/store/gathering.ts',
    function: 'openGathering',
    off: '() => () => ({ wrote() {}, isEnough: () => true })',
    tests: gathering,
  },
  { file: 'src/store/histogram.ts', function: 'insertAt', tests: histogram },
]
