import { mutantsOf as of, no, none, nothing, same, yes } from '../../../scripts/mutant-table.ts'

const frame = ['test/frame.test.ts']
const run = ['test/one-run.test.ts']
const report = ['test/report.test.ts']
const archive = ['test/archive-verbs.test.ts']
const verbs = ['test/console-verbs.test.ts']
const operator = ['test/operator-verbs.test.ts']
const work = ['test/work-verbs.test.ts']
const doctor = ['test/cli.test.ts']
const loading = ['test/doctor-loading.test.ts']
const losses = ['test/losses.test.ts']
const retention = ['test/console-retention.test.ts']
const projection = ['test/cost-projection.test.ts']

const silent = '() => () => undefined'
const empty = "() => () => ''"

export const mutants = [
  ...of('src/frame/command-line.ts', frame, {
    kebab: same,
    refuseUnknown: silent,
    subCommandsOf: '() => () => ({})',
    help: empty,
    completed: same,
    nearest: empty,
    refuseUnknownCommand: silent,
    tell: '() => () => 0',
  }),
  ...of('src/frame/completion.ts', frame, { optionsOf: none, placesOf: none, zsh: empty, fish: empty }),
  { file: 'src/frame/completion.ts', function: 'bash', off: empty, tests: verbs },
  ...of('src/frame/output.ts', frame, { suited: '() => (_, text) => text' }),
  ...of('src/frame/source.ts', frame, {
    withQuery: same,
    consoleAddress: "() => () => ({ url: 'http://127.0.0.1:4318', headers: {}, named: false })",
    askConsole: '() => (url, init) => fetch(url, init)',
  }),
  ...of('src/frame/source.ts', verbs, { fileSource: silent }),
  ...of('src/frame/text-table.ts', frame, { oneLine: same, printTable: silent }),
  ...of('src/frame/window.ts', frame, { moment: '() => (_, text) => text', windowOf: '() => () => ({})' }),
  ...of('src/explain-run.ts', run, {
    stepsOf: none,
    categoryOf: "() => () => 'other'",
    errorOf: nothing,
    modelCallBefore: '() => () => -1',
    contextOf:
      '() => () => ({ user: null, session: null, services: [], model: null, settings: {}, tools: [], input: null })',
    similarTo: '() => () => ({ total: 0, traceIds: [] })',
  }),
  ...of('src/explanation-text.ts', run, {
    listed: '() => (entries, print) => entries.map(print)',
    section: silent,
    contextLines: none,
  }),
  ...of('src/run-tree.ts', run, {
    foldAlike: '() => (_, rows) => rows.map((row) => [row])',
    linesOf: none,
    sum: nothing,
    bar: empty,
    nameOf: empty,
    printHead: silent,
    toolOrder: none,
    printList: silent,
  }),
  ...of('src/commands/trace.ts', verbs, { findRun: '() => (_, word) => word' }),
  ...of('src/report/report-document.ts', report, {
    change: empty,
    summary: none,
    stats: none,
    failures: none,
    handovers: none,
    signals: none,
    unpriced: none,
  }),
  ...of('src/report/render-report.ts', report, { markdownOf: empty, htmlOf: empty }),
  ...of('src/import-file.ts', archive, {
    isPacked: no,
    parse: '() => () => ({})',
    send: silent,
    openTarget: "() => () => ({ url: 'http://127.0.0.1:1', headers: {}, close: () => Promise.resolve() })",
  }),
  ...of('src/commands/export.ts', archive, { writeSignal: '() => () => Promise.resolve(0)', tell: silent }),
  ...of('src/commands/backup.ts', archive, { storeFile: "() => () => Promise.resolve('nowhere.db')" }),
  ...of('src/run-watch.ts', archive, { lineTeller: '() => () => () => undefined' }),
  ...of('src/commands/traces.ts', verbs, { stateOf: empty, whyOf: empty, traceTable: silent, print: silent }),
  ...of('src/commands/cost.ts', projection, { print: silent }),
  ...of('src/commands/agents.ts', verbs, { print: silent, printOne: silent }),
  ...of('src/commands/metrics.ts', verbs, { printNames: silent, printSummary: silent }),
  ...of('src/commands/events.ts', work, { print: silent }),
  ...of('src/commands/workers.ts', work, { print: silent }),
  ...of('src/commands/transaction.ts', work, { print: silent }),
  ...of('src/commands/alerts.ts', operator, { evaluatorLine: empty, print: silent, untilOf: '() => () => Date.now()' }),
  ...of('src/audit-file.ts', operator, {
    momentOf: '() => () => 0',
    severityOf: '() => () => 1',
    auditFilterOf: '() => () => ({})',
  }),
  ...of('src/commands/audit.ts', operator, {
    wholeNumber: '() => () => 1000',
    printEntries: silent,
    expectedOf: '() => () => ({})',
    printVerification: silent,
  }),
  ...of('src/commands/forget.ts', operator, {
    inConsole: '() => () => Promise.resolve([])',
    inAudit: '() => () => Promise.resolve([])',
    inArchives: '() => () => Promise.resolve([])',
    inBudgets: '() => () => Promise.resolve([])',
  }),
  ...of('src/run-console.ts', retention, { sized: '() => () => ({})', configured: '() => () => ({})' }),
  { file: 'src/run-console.ts', function: 'portOf', off: '() => () => 0', tests: doctor },
  ...of('src/config-check.ts', doctor, { runConfigCheck: '() => () => 0' }),
  ...of('src/doctor/check-losses.ts', losses, { checkLosses: '() => () => Promise.resolve([])' }),
  ...of('src/commands/doctor.ts', loading, { milliseconds: '() => () => 60_000' }),
  ...of('src/doctor/run-probe.ts', loading, { runProbe: "() => () => Promise.resolve({ out: '[]' })" }),
  ...of('src/doctor/check-packages.ts', doctor, { checkApi: none, checkPackages: none, isBefore: yes }),
  ...of('src/doctor/check-settings.ts', doctor, { unknownVariables: none, samplingChecks: none, healthCheck: none }),
  ...of('src/doctor/check-endpoints.ts', doctor, { problemOf: silent, isFree: '() => () => Promise.resolve(true)' }),
]
