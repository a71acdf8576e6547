/**
 * Every panel of the dashboards and every rule, asked of the real servers: after the demo's traffic they show what its ledger
 * says, and none of them shows anything once a metric that it is made of is called something else.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { PAGE_TIMEOUT } from '../../packages/demo/src/desk/tools.ts'
import { ledgerCost } from '../../packages/demo/src/stage/ledger-cost.ts'
import { ledgerFigures } from '../../packages/demo/src/stage/figures.ts'
import * as n from '../../packages/semconv/src/index.ts'
import type { LedgerEntry } from '../../packages/testing/src/model-server/index.ts'
import { collector as collectorDashboard } from '../../scripts/deploy/dashboards/machinery.ts'
import { eventually, firingAlerts, lokiRecords, prometheusValues } from './backends.ts'
import { callTimes, inferences, meanSeconds } from './call-times.ts'
import { expectClose, expectServed, expectWithin } from './close-figures.ts'
import type { ToolResult } from './demo-traffic.ts'
import * as shown from './panel-queries.ts'
import { type Moment, type PanelTraffic, QUESTIONS, startPanelTraffic } from './panel-traffic.ts'
import { metricsIn, renamed } from './promql-metrics.ts'
import { registryFigures } from './registry-figures.ts'

const { charts, panelOf, panels } = shown
const folder = mkdtempSync(join(tmpdir(), 'agentel-panels-'))
let traffic: PanelTraffic

beforeAll(async () => {
  traffic = await startPanelTraffic(folder)
}, 300_000)
afterAll(async () => {
  await traffic?.stop()
  rmSync(folder, { recursive: true, force: true })
})

// Its series is born with the first loss: the test of a full queue looks at it.
const BORN_LATE = 'collector: Lost'
const ALERTS_PANEL = 'anomalies: Alerts of Prometheus'
const COLLECTOR_PANELS = collectorDashboard.panels.map(({ title }) => `collector: ${title}`)
const DEMO = 'research.*'
const MODEL = 'gen_ai_request_model'
const AGENT = 'gen_ai_agent_name'
const TOOL = 'gen_ai_tool_name'

const ask = (query: string): Promise<number[]> => shown.ask(traffic, query)
const queries = (panel: shown.Chart, service: string): string[] => shown.queriesOf(panel, service, traffic.late)
const one = (title: string, service: string): Promise<number[]> => shown.figuresOf(traffic, title, service)
const lines = (title: string, label: string): Promise<Record<string, number>> =>
  shown.linesOf(traffic, title, label, DEMO)
/** A figure over all time is exact; a rate is reckoned from points that do not lie at the ends of its time. */
const toleranceOf = (title: string): number => (panelOf(title).kind === 'lines' ? 0.05 : 0.01)

const isFailure = (result: ToolResult): boolean => result.text.startsWith('Error: ')
const cachedTokens = (entries: readonly LedgerEntry[]): number =>
  entries.reduce((sum, { usage, usageReported }) => sum + (usageReported ? usage.cachedTokens : 0), 0)

describe('the panels', () => {
  it.each(charts.filter(([title]) => title !== BORN_LATE))('%s shows figures', async (_title, panel) => {
    for (const query of queries(panel, '.*')) {
      const values = await ask(query)
      expect(values, query).not.toEqual([])
      expect(
        values.filter((value) => Number.isNaN(value) && values.length === 1),
        query,
      ).toEqual([])
    }
  })

  it.each(charts.filter(([title]) => title !== BORN_LATE))(
    '%s shows nothing when one of its metrics has another name',
    async (_title, panel) => {
      for (const query of queries(panel, '.*'))
        for (const metric of metricsIn(query)) {
          // The collector has three of a kind, one for each signal.
          const name = metric.replace(/_(spans|metric_points|log_records)$/, '_\\w+')
          expect(await ask(renamed(query, name)), metric).toEqual([])
        }
    },
  )

  it.each(panels.filter(([, { kind }]) => kind === 'logs'))('%s shows records', async (_title, panel) => {
    const query = (panel.query as string).replaceAll('$service', '.+')
    const records = await eventually(
      () => lokiRecords(traffic.stack.urls.loki, query),
      (list) => list.length > 0,
    )
    expect(records.map(({ line }) => line)).toContain('odd')
  })

  it.each(Object.keys(registryFigures(1)))('%s shows what a service sent that sends every metric', async (title) => {
    expectClose(title, await one(title, 'office'), [registryFigures(traffic.late)[title]!].flat(), toleranceOf(title))
  })

  it('are all held against a figure', () => {
    const held = new Set([...Object.keys(registryFigures(1)), ...COLLECTOR_PANELS, BORN_LATE, ALERTS_PANEL])
    expect(charts.map(([title]) => title).filter((title) => !held.has(title))).toEqual([])
  })

  it(`${ALERTS_PANEL} shows as many as Prometheus lists`, async () => {
    const [query = ''] = queries(panelOf(ALERTS_PANEL), '.*')
    const both = async (): Promise<[number, number]> => {
      const values = await prometheusValues(traffic.stack.urls.prometheus, query, Date.now() / 1000)
      return [values.reduce((sum, value) => sum + value, 0), await firingAlerts(traffic.stack.urls.prometheus)]
    }
    const [shown, listed] = await eventually(both, ([left, right]) => left === right)
    expect(shown).toBeGreaterThan(0)
    expect(shown).toBe(listed)
  })

  it('on the collector show what was sent to it, and what the kernel says', async () => {
    const { before, after } = traffic
    const during = (field: Exclude<keyof Moment, 'ledger' | 'toolResults'>): number =>
      (after[field] - before[field]) / (after.at - before.at)
    const expected: Record<string, readonly number[]> = {
      'collector: Up': [1],
      'collector: Turned away': [0],
      'collector: Lost in the queue': [0],
      'collector: Queue': [0],
      'collector: Taken': [during('spans'), during('points'), during('records')],
      'collector: Traces kept and not': [during('traces')],
    }
    for (const [title, values] of Object.entries(expected)) expectClose(title, await one(title, '.*'), values, 0.05)
    const sent = await lines('collector: Sent', 'exporter')
    expectClose(
      'collector: Sent',
      [sent['otlp_grpc/jaeger']!, sent['otlp_http/loki']!],
      [during('spans'), during('records')],
      0.05,
    )
    expectClose('collector: CPU', await one('collector: CPU', '.*'), [during('cpu')], 0.1)
    expectClose('collector: Memory', await one('collector: Memory', '.*'), [after.memory], 0.1)
  })

  it("show what the demo's ledger says, in all", async () => {
    const { ledger } = traffic.after
    const sums = ledgerFigures(inferences(ledger))
    const asked = ledgerFigures(ledger)
    const expected: Record<string, number> = {
      'overview: Calls': sums.calls,
      'overview: Errors': sums.errors / sums.calls,
      'overview: Tokens in': asked.inputTokens,
      'overview: Tokens out': asked.outputTokens,
      'overview: Cost': ledgerCost(ledger),
      'cost: Spent': ledgerCost(ledger),
      'cost: At this pace, a day': ledgerCost(ledger) * 24,
      'cost: Cost of a request': ledgerCost(ledger) / ledger.filter(({ usageReported }) => usageReported).length,
      'cost: Cached input': cachedTokens(ledger) / asked.inputTokens,
      'cost: Tokens by model': asked.inputTokens,
    }
    for (const [title, value] of Object.entries(expected)) expectClose(title, await one(title, DEMO), [value], 0.01)
    const [latency] = await one('overview: Average latency', DEMO)
    expectServed('overview: Average latency', latency, meanSeconds(callTimes(inferences(ledger))))
  })

  it('show the calls of tools, and those that failed, as the model was told of them', async () => {
    const results = [...traffic.after.toolResults.values()]
    const failed = results.filter(isFailure).length
    expect(failed).toBeGreaterThan(0)
    const expected: Record<string, number> = {
      'tools: Tool calls': results.length,
      'tools: Failed tool calls': failed,
      'tools: Tool success': 1 - failed / results.length,
      'tools: Failures by tool': failed,
    }
    for (const [title, value] of Object.entries(expected)) expect((await one(title, DEMO))[0]).toBeCloseTo(value, 6)
  })

  it('show the calls of each tool in the last minute, and how long they took', async () => {
    const calls = await lines('tools: Calls by tool', TOOL)
    const success = await lines('tools: Success by tool', TOOL)
    const byTool = Object.groupBy(traffic.lateToolResults, ({ tool }) => tool)
    for (const [tool, results = []] of Object.entries(byTool)) {
      const good = results.filter((result) => !isFailure(result)).length
      expectClose(`calls of ${tool}`, [calls[tool]!], [results.length], 0.05)
      expectClose(`success of ${tool}`, [success[tool]!], [good / results.length], 0.05)
    }
    // A page takes 20 ms, but one that does not come is given up after the time that the desk waits.
    const pages = byTool['fetch_page'] ?? []
    const seconds = pages.map((page) => (isFailure(page) ? PAGE_TIMEOUT : 20) / 1000)
    expectWithin('Duration by tool', await lines('tools: Duration by tool', TOOL), {
      fetch_page: [0.95, seconds, n.METRIC_GEN_AI_EXECUTE_TOOL_DURATION],
    })
  })

  it("show what the demo's ledger says of the last minute", async () => {
    const part = traffic.lateLedger
    const sums = ledgerFigures(inferences(part))
    // Embeddings have tokens and a cost; they are no calls that are answered.
    const { inputTokens, outputTokens, cost } = ledgerFigures(part)
    const expected: Record<string, readonly number[]> = {
      'overview: Requests a minute': [(sums.calls * 60) / traffic.late],
      'overview: Errors, share': [sums.errors / sums.calls],
      'overview: Tokens a minute': [(inputTokens * 60) / traffic.late, (outputTokens * 60) / traffic.late],
      'overview: Tokens per request': [(inputTokens + outputTokens) / sums.calls],
      'overview: Cost per request': [cost / sums.calls],
      'cost: Cost by model': [cost],
      'cost: Cost by kind': [cost],
    }
    for (const [title, values] of Object.entries(expected)) expectClose(title, await one(title, DEMO), values, 0.05)
  })

  it("show what the demo's ledger says of each model in the last minute", async () => {
    const models = Object.groupBy(inferences(traffic.lateLedger), ({ model }) => model)
    const requests = await lines('overview: Requests a minute', MODEL)
    const latency = await lines('overview: Average latency by model', MODEL)
    const cost = await lines('cost: Cost per request by model', MODEL)
    const tokens = await lines('cost: Tokens per request by model', MODEL)
    expect(Object.keys(models)).toHaveLength(4)
    for (const [model, entries = []] of Object.entries(models)) {
      const { calls, inputTokens, outputTokens } = ledgerFigures(entries)
      expectClose(`requests of ${model}`, [requests[model]!], [(calls * 60) / traffic.late], 0.05)
      expectServed(`latency of ${model}`, latency[model], meanSeconds(callTimes(entries)))
      expectClose(`cost of ${model}`, [cost[model]!], [ledgerCost(entries) / calls], 0.05)
      expectClose(`tokens of ${model}`, [tokens[model]!], [(inputTokens + outputTokens) / calls], 0.05)
    }
  })

  it("show percentiles in the bucket in which the ledger's are", async () => {
    const calls = inferences(traffic.lateLedger)
    const seconds = callTimes(calls).map((call) => call.seconds)
    const [median, p95, p99] = await one('overview: Response time, 24 hours', DEMO)
    const metric = n.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION
    expectWithin(
      'Response time',
      { median: median!, p95: p95!, p99: p99! },
      { median: [0.5, seconds, metric], p95: [0.95, seconds, metric], p99: [0.99, seconds, metric] },
    )
    const costs = Object.groupBy(
      traffic.lateLedger.filter(({ usageReported }) => usageReported),
      ({ model }) => model,
    )
    const costOfOne = n.METRIC_AGENTEL_CLIENT_INFERENCE_OPERATION_COST
    const dearest = Object.entries(costs).map(
      ([model, entries = []]) => [model, [0.99, entries.map((entry) => ledgerCost([entry])), costOfOne]] as const,
    )
    expectWithin('Dearest', await lines('cost: Dearest requests', MODEL), Object.fromEntries(dearest))
  })

  it('show the runs of the agents that call a model once each', async () => {
    const runs = await lines('agents: Runs by agent', AGENT)
    const duration = await lines('agents: Duration by agent', AGENT)
    const perRun = await lines('agents: Model calls per run', AGENT)
    for (const agent of ['guardrail', 'planner', 'critic']) {
      const calls = callTimes(traffic.lateLedger).filter((call) => call.agent === agent)
      expectClose(`runs of ${agent}`, [runs[agent]!], [calls.length], 0.05)
      expectClose(`calls of ${agent}`, [perRun[agent]!], [1], 0.05)
      const seconds = calls.map((call) => call.seconds)
      expectWithin(`duration of ${agent}`, duration, {
        [agent]: [0.95, seconds, n.METRIC_GEN_AI_INVOKE_AGENT_DURATION],
      })
    }
    expect(runs['guardrail']).toBeCloseTo(QUESTIONS.all - QUESTIONS.before, -0.5)
  })

  it('have no constant to fall back on', () => {
    const constants = charts.filter(([, { query }]) => /\bor\s+(vector|scalar)?\(?\s*\d/.test(JSON.stringify(query)))
    expect(constants.map(([title]) => title)).toEqual([])
  })
})

describe('the rules', () => {
  const files = ['alerts', 'plain-names', 'aggregates'].map((name) =>
    readFileSync(new URL(`../../deploy/prometheus/rules/${name}.yml`, import.meta.url), 'utf8'),
  )
  const rules = files.flatMap(
    (file) => (parse(file) as { groups: { rules: { record?: string; expr: string }[] }[] }).groups[0]!.rules,
  )

  const recording = rules.flatMap(({ record, expr }) => (record === undefined ? [] : [[record, expr] as const]))

  it.each(recording)('%s has values', async (record) => {
    expect(await ask(record)).not.toEqual([])
  })

  it.each(recording)('%s has other values when one of its metrics has another name', async (record, expr) => {
    const values = await ask(expr)
    expect(metricsIn(expr), record).not.toEqual([])
    for (const metric of metricsIn(expr)) expect(await ask(renamed(expr, metric)), metric).not.toEqual(values)
  })

  it('are made of metrics that are there', async () => {
    const metrics = new Set(rules.flatMap(({ expr }) => metricsIn(expr)))
    const missing: string[] = []
    for (const metric of metrics) if ((await ask(`count(${metric})`)).length === 0) missing.push(metric)
    expect(missing).toEqual([])
  })

  it('rename without adding anything up: series for series, label for label', async () => {
    const pairs = [
      ['agent_requests_total', 'gen_ai_invoke_agent_duration_seconds_count'],
      ['agent_total_cost_dollars', 'agentel_client_inference_usage_cost_total'],
      ['agent_errors_total', 'agentel_errors_total'],
    ]
    for (const [plain, ours] of pairs) {
      expect(await ask(`count(${plain})`)).toEqual(await ask(`count(${ours})`))
      expect(await ask(`sum(${plain})`)).toEqual(await ask(`sum(${ours})`))
    }
  })
})
