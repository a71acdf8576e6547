/** Runs the scenarios of a suite in a process of its own. Started by `runContract`, never imported. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { ChildAnswer, ChildConfig, ScenarioResult, SeenSpan } from './child-config.ts'
import type { ContractInstrumentation, ContractSuite, Scenario } from './scenario.ts'
import { createWitness } from './witness.ts'

interface Recorder {
  take(): Pick<ScenarioResult, 'spans' | 'open'>
}

const config = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as ChildConfig
const wanted = (scenario: Scenario): boolean => scenario.majors?.includes(config.major) ?? true

let witness = createWitness()
let rejections = 0
const warnings: string[] = []
void main()

async function main(): Promise<void> {
  const { suite } = (await import(config.suite)) as { suite: ContractSuite }
  if (config.ending !== undefined) return runEnding(suite, config.ending)
  process.on('unhandledRejection', (reason) => {
    rejections++
    witness.see('unhandledRejection', reason)
  })
  writeAnswer(config.mode === 'faults' ? await runFaults(suite) : await runScenarios(suite))
}

async function runScenarios(suite: ContractSuite): Promise<Partial<ChildAnswer>> {
  process.on('warning', (warning: Error & { code?: string }) => {
    if (warning.code === 'AGENTEL_HOOKS') warnings.push(warning.message)
  })
  const recorder = await instrumented()
  const sdk = await loadSdk()
  // Warnings of the process come in the next turn.
  await nextTurn()
  const results: ScenarioResult[] = []
  for (const scenario of suite.scenarios.filter(wanted)) results.push(await runOne(suite, scenario, sdk, recorder))
  return { results, faultCounts: await faultCounts() }
}

/** Nobody handles what is unhandled: the process ends as it would in an application. */
async function runEnding(suite: ContractSuite, name: string): Promise<void> {
  const recorder = await instrumented()
  const sdk = await loadSdk()
  const scenario = suite.endings?.find((candidate) => candidate.name === name)
  if (scenario === undefined) throw new Error(`the suite has no ending "${name}"`)
  process.on('exit', () => {
    writeAnswer({ results: [{ scenario: name, testimony: witness.testimony, ...recorder.take() }] })
  })
  await scenario.run(contextFor(suite, sdk))
}

async function runFaults(suite: ContractSuite): Promise<Partial<ChildAnswer>> {
  const sdk = await loadSdk()
  const { instrumentation } = (await import(config.instrumentation)) as { instrumentation: ContractInstrumentation }
  const { hostileMethods, registerHostileTelemetry } = await import('./hostile-telemetry.ts')
  const { createTestTelemetry } = await import('../telemetry.ts')
  const scenarios = suite.scenarios.filter((scenario) => scenario.core === true && wanted(scenario))
  const faulted: Record<string, ScenarioResult[]> = {}
  const run = async (fault: string, telemetry: { shutdown(): Promise<void> }, stop: () => void): Promise<void> => {
    faulted[fault] = []
    for (const scenario of scenarios)
      faulted[fault].push(await runOne(suite, scenario, sdk, { take: () => ({ spans: [], open: 0 }) }))
    stop()
    await telemetry.shutdown()
  }
  for (const fault of instrumentation.faults()) {
    const telemetry = createTestTelemetry()
    await run(fault, telemetry, instrumentation.instrumentLoaded(sdk, fault))
  }
  for (const method of hostileMethods) {
    const telemetry = registerHostileTelemetry(method)
    await run(method, telemetry, instrumentation.instrumentLoaded(sdk))
  }
  return { faulted, faultCounts: await faultCounts() }
}

async function runOne(
  suite: ContractSuite,
  scenario: Scenario,
  sdk: object,
  recorder: Recorder,
): Promise<ScenarioResult> {
  witness = createWitness()
  rejections = 0
  try {
    await scenario.run(contextFor(suite, sdk))
  } catch (error) {
    witness.see('the scenario itself threw', error)
  }
  await quiet()
  return { scenario: scenario.name, testimony: witness.testimony, ...recorder.take() }
}

function contextFor(suite: ContractSuite, sdk: object) {
  const { see, settle, attempt } = witness
  return { client: suite.createClient(sdk, config.serverUrl), sdk, see, settle, attempt, unhandled, collectGarbage }
}

/** Until what was started has come to its end: unhandled rejections are raised after the microtasks of a turn. */
async function quiet(): Promise<void> {
  await sleep(2)
  await nextTurn()
}

async function unhandled(): Promise<void> {
  for (let waited = 0; rejections === 0 && waited < 3000; waited += 5) await sleep(5)
}

async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 6; round++) {
    globalThis.gc?.()
    await sleep(5)
  }
}

async function loadSdk(): Promise<object> {
  if (config.load.endsWith('.cjs')) return createRequire(import.meta.url)(config.load) as object
  return (await import(pathToFileURL(config.load).href)) as object
}

async function instrumented(): Promise<Recorder> {
  if (config.mode === 'bare') return { take: () => ({ spans: [], open: 0 }) }
  const { createTestTelemetry } = await import('../telemetry.ts')
  let started = 0
  const counting = {
    onStart: () => void started++,
    onEnd: () => undefined,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  }
  const { instrumentation } = (await import(config.instrumentation)) as { instrumentation: ContractInstrumentation }
  const telemetry = createTestTelemetry({ spanProcessors: [counting, ...(instrumentation.spanProcessors?.() ?? [])] })
  instrumentation.instrument()
  return {
    take() {
      const spans = telemetry.recordedSpans().map(seenSpan)
      const open = started - spans.length
      started = open
      telemetry.reset()
      return { spans, open }
    },
  }
}

function seenSpan(span: ReadableSpan): SeenSpan {
  const { name, kind, attributes, status, events, instrumentationScope, parentSpanContext } = span
  return {
    name,
    kind,
    attributes,
    status,
    events: events.map((event) => event.name),
    scope: instrumentationScope.name,
    id: span.spanContext().spanId,
    ...(parentSpanContext === undefined ? undefined : { parentId: parentSpanContext.spanId }),
  }
}

async function faultCounts(): Promise<Readonly<Record<string, number>>> {
  // Loaded by the instrumentation, if it was: this package must not depend on the one that it tests.
  const counted = (globalThis as { [key: symbol]: { faults?: Map<string, { count: number }> } | undefined })[
    Symbol.for('agentel.api.1')
  ]
  return Object.fromEntries([...(counted?.faults ?? [])].map(([where, { count }]) => [where, count]))
}

function writeAnswer(answer: Partial<ChildAnswer>): void {
  writeFileSync(config.answer, JSON.stringify({ results: [], faulted: {}, faultCounts: {}, warnings, ...answer }))
}
