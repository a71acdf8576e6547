import { mutantsOf as of, no, none, nothing, same, yes } from '../../../scripts/mutant-table.ts'

const api = ['test/api.test.ts', 'test/api-traces.test.ts']
const archive = ['test/metric-archive.test.ts']
const openapi = ['test/openapi.test.ts']
const text = ['test/text-index.test.ts']
const batch = ['test/ingest-batch.test.ts']
const gathering = ['test/gathering.test.ts']
const histogram = ['test/histogram.test.ts']
const python = ['test/python-dialects.test.ts']
const access = ['test/access.test.ts']
const housekeeping = ['test/housekeeping.test.ts']
const summaries = ['test/metric-summary.test.ts', 'test/metric-archive.test.ts']
const losses = ['test/losses.test.ts']
const live = ['test/live.test.ts']
const work = ['test/work.test.ts']
const filters = ['test/trace-filters.test.ts', ...api]
const store = ['test/store.test.ts', ...api]
const alerts = ['test/alerts-api.test.ts']
const projection = ['test/projection.test.ts']
const receiver = ['test/receiver.test.ts']
const hostile = ['test/hostile.test.ts']

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
  ...of('src/server/access.ts', access, {
    cookieOf: undefined,
    hasToken: yes,
    refuseOrigin: undefined,
    refuse: undefined,
  }),
  ...of('src/server/http-server.ts', access, { takeToken: no, answerPreflight: no, isForeignPage: no }),
  ...of('src/server/send.ts', access, { acceptsGzip: yes, sendError: undefined }),
  ...of('src/server/live.ts', live, { eventText: "() => () => ''" }),
  ...of('src/query/parameters.ts', [...api, ...filters, ...hostile], {
    rangeOf: '() => () => ({ from: 0, to: 4e12 })',
    numberOf: undefined,
    limitOf: '() => () => 500',
    choiceOf: '() => (query, name, choices, otherwise) => query.get(name) ?? otherwise',
    cursorOf: undefined,
  }),
  ...of('src/query/projection.ts', projection, { projectionOf: nothing, spendOf: none }),
  ...of('src/query/losses.ts', losses, { explain: '() => (meaning) => ({ meaning, advice: null })' }),
  ...of('src/query/metric-summary.ts', summaries, {
    isDistribution: no,
    deviation: '() => () => 0',
    middles: none,
    ofDistribution: undefined,
    summaryOf: undefined,
  }),
  ...of('src/query/metric-points.ts', summaries, {
    bucketsOf: none,
    subtractBuckets: '() => (now) => now',
    difference:
      '() => (point) => ({ ...point, seconds: null, count: point.count ?? 1, min: null, max: null, buckets: [] })',
    quantileOf: nothing,
    mergeBuckets: '() => (lists) => lists[0] ?? []',
  }),
  ...of('src/query/metrics.ts', [...summaries, ...api, ...losses], {
    addUp: '() => (intervals) => intervals[0]',
    groupSeries: same,
    ratesOf: none,
    counterIncreases: none,
    listMetrics: '() => () => ({ metrics: [] })',
  }),
  ...of('src/query/text-search.ts', [...filters, ...text], {
    hasPhrases: yes,
    parseText: undefined,
    tracesWithText: none,
  }),
  ...of('src/query/trace-filter.ts', filters, { statusClause: undefined, keysOf: none, facetClauses: none }),
  ...of('src/query/logs.ts', filters, { filtersOf: none, hasWords: yes, logsOfSpan: none, logsOfTrace: undefined }),
  ...of('src/query/traces.ts', filters, { countFacets: '() => () => ({})' }),
  ...of('src/query/conversation.ts', api, {
    shownOnce: '() => (messages) => ({ fresh: messages, repeated: 0 })',
    toolMessages: none,
    modelMessages: none,
  }),
  ...of('src/query/span-detail.ts', ['test/span-detail.test.ts', ...api], {
    eventsOf: none,
    linksOf: none,
    costOf: '() => () => ({ amount: null, source: null, pricingVersion: null, unpriced: null })',
    redactionOf: nothing,
    unpricedReason: nothing,
  }),
  ...of('src/query/span-messages.ts', ['test/span-detail.test.ts', ...api], {
    partsOf: none,
    messagesOf: nothing,
    toolsOf: nothing,
  }),
  ...of('src/query/skeleton.ts', [...api, ...hostile], { skewedSpans: none, handoffsOf: none, toolRows: none }),
  ...of('src/query/agents.ts', [...api, 'test/agent-summary.test.ts'], {
    matrixOf: '() => () => ({ from: [], to: [], cells: [] })',
    mergeTotals: undefined,
    declared: '() => () => ({ description: null, declaredTools: [], capabilities: [] })',
    recentTraces: none,
    seen: '() => () => 1',
    uptimeOf: nothing,
  }),
  ...of('src/query/decisions.ts', api, { decisionsOf: none, mean: nothing }),
  ...of('src/query/costs.ts', [...api, 'test/cost-by-task.test.ts', 'test/store.test.ts'], {
    dearest: none,
    unpricedModels: none,
    costSteps: none,
    unnamed: undefined,
  }),
  ...of('src/query/overview.ts', api, { failedTraces: none, durationBars: none, sizeBars: none }),
  ...of('src/query/operations.ts', ['test/operations.test.ts'], { rowOf: undefined, listOperations: undefined }),
  ...of('src/query/rollup-reader.ts', api, { millisAt: nothing, costOf: nothing, totalsByStep: none }),
  ...of('src/query/transaction.ts', work, { eventSpan: undefined }),
  ...of('src/query/work-rows.ts', work, {
    timesOf: '() => () => ({ mean: null, p95: null })',
    shareOf: nothing,
    lastOf: undefined,
  }),
  ...of('src/query/otlp-export.ts', api, { traceAsOtlp: '() => () => ({ resourceSpans: [] })' }),
  ...of('src/store/retention.ts', housekeeping, { outside: "() => () => 'start < ?'" }),
  ...of('src/store/delete-traces.ts', housekeeping, { deleteLogsWhere: '() => () => 0' }),
  ...of('src/store/forget-user.ts', [...housekeeping, 'test/forget-metrics.test.ts'], {
    numbersOf: none,
    rewriteChunk: undefined,
    forgetLogs: '() => () => 0',
    forgetMetrics: '() => () => 0',
    isUsed: no,
  }),
  ...of('src/store/settle.ts', [...store, ...api], { setFailure: undefined }),
  ...of('src/store/span-facts.ts', store, {
    agentOf: "() => () => ''",
    priceHere: undefined,
    targetOf: "() => () => ''",
  }),
  ...of('src/store/span-content.ts', store, { questionIn: undefined, spanQuestion: undefined }),
  ...of('src/store/histogram.ts', store, { addHistogram: undefined, quantile: nothing }),
  ...of('src/store/trace-state.ts', store, { statusOf: '() => () => 1', addName: undefined }),
  ...of('src/receiver/http.ts', receiver, {
    signalOfPath: undefined,
    encodingOf: undefined,
    tooLarge: no,
    answerEarly: no,
  }),
  ...of('src/receiver/grpc.ts', receiver, { tooLarge: no }),
  ...of('src/receiver/grpc.ts', ['test/full-disk.test.ts'], { statusDetails: "() => () => ''" }),
  ...of('src/otlp/error-message.ts', store, { errorMessage: nothing }),
  ...of('src/alerts/console-alerts.ts', alerts, { auditDeed: undefined }),
  ...of('src/alerts/alert-record.ts', alerts, { attribute: none }),
  ...of('src/alerts/incident.ts', alerts, {
    runLine: "() => () => ''",
    logLine: "() => () => ''",
    actionsOf: none,
    plain: same,
  }),
  ...of('src/alerts/store-series.ts', alerts, { running: same, labelsOf: '() => () => ({})', add: undefined }),
]
