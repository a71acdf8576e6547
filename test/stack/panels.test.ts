/**
 * Every panel of the dashboards and every rule, asked of the real servers: after the demo's traffic they show what its ledger
 * says, and none of them shows anything once a metric that it is made of is called something else.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ledgerCost } from '../../packages/demo/src/stage/ledger-cost.ts'
import { ledgerFigures } from '../../packages/demo/src/stage/figures.ts'
import type { LedgerEntry } from '../../packages/testing/src/model-server/index.ts'
import { dashboards } from '../../scripts/deploy/dashboard-files.ts'
import type { Panel } from '../../scripts/deploy/dashboards/panels.ts'
import { freePorts } from '../../scripts/stack/ports.ts'
import { type Stack, startStack } from '../../scripts/stack/start-stack.ts'
import { eventually, lokiRecords, prometheusValues } from './backends.ts'
import { startDemoDesk } from './demo-traffic.ts'
import { sendLogs, sendSpans, span, text } from './otlp-sender.ts'
import { sendRegistry } from './registry-sender.ts'

type Chart = Exclude<Panel, { kind: 'logs' }>

const folder = mkdtempSync(join(tmpdir(), 'agentel-panels-'))
let stack: Stack
let ledger: readonly LedgerEntry[]
/** What the tools answered to the researcher. */
let toolResults: readonly string[]
/** Of the first questions only. */
let before: readonly LedgerEntry[]
/** When everything had arrived, in seconds since the epoch. */
let end: number
/** Seconds that hold the second part of the traffic, and silence on both sides. */
let late: number

async function office(total: number): Promise<void> {
  await sendRegistry(stack.urls.otlp, 'office', total)
  const attributes = [text('gen_ai.operation.name', 'chat')]
  await sendSpans(
    stack.urls.otlp,
    'office',
    Array.from({ length: total }, () => span('chat', { attributes })),
  )
}

const settled = async (): Promise<void> => {
  // Export, batch, scrape and evaluation take a second each.
  await sleep(6000)
}

beforeAll(async () => {
  const collectorEnv = {
    OTELCOL_DECISION_WAIT: '1s',
    OTELCOL_BATCH_TIMEOUT: '200ms',
    OTELCOL_SPAN_METRICS_FLUSH: '1s',
    OTELCOL_KEEP_PERCENT: '100',
  }
  const collectorFiles = ['deploy/otelcol/sampling.yaml']
  stack = await startStack({ folder, ports: await freePorts(), collectorEnv, collectorFiles, interval: '1s' })
  const demo = await startDemoDesk(stack.urls.otlp, {
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '900',
  })
  try {
    await office(40)
    const timeUnixNano = String(BigInt(Date.now()) * 1_000_000n)
    const found = {
      timeUnixNano,
      severityNumber: 13,
      eventName: 'agentel.anomaly.detected',
      body: { stringValue: 'odd' },
    }
    await sendLogs(stack.urls.otlp, 'office', [found])
    before = await demo.askUpTo(12)
    await settled()
    const start = Date.now()
    await settled()
    await office(80)
    ledger = await demo.askUpTo(36)
    await settled()
    await sleep(25_000)
    end = Date.now() / 1000
    toolResults = [...demo.toolResults.values()]
    late = Math.round(end - start / 1000)
  } finally {
    await demo.stop()
  }
})
afterAll(async () => {
  await stack?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A panel's queries, as Grafana fills them in. */
function queries(panel: Chart, service: string): string[] {
  const list = typeof panel.query === 'string' ? [panel.query] : Object.values(panel.query)
  return list.map((query) =>
    query
      .replaceAll('$service', service)
      .replaceAll('$__range_s', '3600')
      .replaceAll('$__range', '1h')
      .replaceAll('$__rate_interval', `${late}s`),
  )
}

const panels = dashboards.flatMap(({ uid, panels: list }) =>
  list.map((panel) => [`${uid}: ${panel.title}`, panel] as const),
)
const charts = panels.filter((entry) => entry[1].kind !== 'logs') as unknown as [string, Chart][]
// Its series is born with the first loss: the test of a full queue looks at it.
const BORN_LATE = 'collector: Lost'
const ask = (query: string): Promise<number[]> => prometheusValues(stack.urls.prometheus, query, end)

const PROMQL_WORDS = new Set(['unless', 'or', 'and', 'offset'])

/** The metrics that a query is made of. */
function metricsIn(query: string): string[] {
  const plain = query.replaceAll(/"[^"]*"/g, '""')
  const selectors = [...plain.matchAll(/\b([a-zA-Z_:][\w:]*)\s*(?=[{[])/g)].map(([, name]) => name!)
  const bare = [...plain.matchAll(/\b((?:gen_ai|agentel|otelcol|process|traces)_\w+)\b(?!\s*=)(?=[)\s/*]|$)/g)].map(
    ([, name]) => name!,
  )
  const labels = new Set([...plain.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/)))
  return [...new Set([...selectors, ...bare])].filter((name) => !labels.has(name) && !PROMQL_WORDS.has(name))
}

const one = async (title: string, service: string): Promise<number[]> => {
  const panel = charts.find(([name]) => name === title)?.[1]
  if (panel === undefined) throw new Error(`there is no panel ${title}`)
  return Promise.all(
    queries(panel, service).map(async (query) => (await ask(query)).reduce((sum, value) => sum + value, 0)),
  )
}

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
          expect(await ask(query.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), '$&_renamed')), metric).toEqual([])
        }
    },
  )

  it.each(panels.filter(([, { kind }]) => kind === 'logs'))('%s shows records', async (_title, panel) => {
    const query = (panel.query as string).replaceAll('$service', '.+')
    const records = await eventually(
      () => lokiRecords(stack.urls.loki, query),
      (list) => list.length > 0,
    )
    expect(records.map(({ line }) => line)).toContain('odd')
  })

  it("show what the demo's ledger says, in all", async () => {
    const inferences = ledger.filter(({ endpoint }) => !endpoint.includes('embeddings'))
    const figures = ledgerFigures(inferences)
    const expected: Record<string, number> = {
      'overview: Calls': figures.calls,
      'overview: Errors': figures.errors / figures.calls,
      'overview: Tokens in': ledgerFigures(ledger).inputTokens,
      'overview: Tokens out': ledgerFigures(ledger).outputTokens,
      'overview: Cost': ledgerCost(ledger),
      'cost: Spent': ledgerCost(ledger),
      'cost: At this pace, a day': ledgerCost(ledger) * 24,
    }
    for (const [title, value] of Object.entries(expected)) {
      const [shown] = await one(title, 'research.*')
      expect(Math.abs(shown! - value), `${title}: ${shown} shown, ${value} in the ledger`).toBeLessThanOrEqual(
        value * 0.01,
      )
    }
  })

  it('show the calls of tools, and those that failed, as the model was told of them', async () => {
    const failed = toolResults.filter((text) => text.startsWith('Error: ')).length
    expect(failed).toBeGreaterThan(0)
    const expected: Record<string, number> = {
      'tools: Tool calls': toolResults.length,
      'tools: Failed tool calls': failed,
      'tools: Tool success': 1 - failed / toolResults.length,
      'tools: Failures by tool': failed,
    }
    const shown: Record<string, number> = {}
    for (const title of Object.keys(expected)) [shown[title]] = (await one(title, 'research.*')) as [number]
    const close = Object.entries(expected).map(([title, value]) => [title, expect.closeTo(value, 6)])
    expect(shown).toEqual(Object.fromEntries(close))
  })

  it("show what the demo's ledger says of the last minute", async () => {
    const part = ledger.filter(({ requestId }) => !before.some((entry) => entry.requestId === requestId))
    const figures = ledgerFigures(part.filter(({ endpoint }) => !endpoint.includes('embeddings')))
    // Embeddings have tokens and a cost; they are no calls that are answered.
    const { inputTokens, outputTokens, cost } = ledgerFigures(part)
    const expected: Record<string, readonly number[]> = {
      'overview: Requests a minute': [(figures.calls * 60) / late],
      'overview: Errors, share': [figures.errors / figures.calls],
      'overview: Tokens a minute': [(inputTokens * 60) / late, (outputTokens * 60) / late],
      'overview: Tokens per request': [(inputTokens + outputTokens) / figures.calls],
      'overview: Cost per request': [cost / figures.calls],
      'cost: Cost by model': [cost],
      'cost: Cost by kind': [cost],
    }
    for (const [title, values] of Object.entries(expected)) {
      const shown = await one(title, 'research.*')
      for (const [i, value] of values.entries())
        expect(Math.abs(shown[i]! - value), `${title}: ${shown[i]} shown, ${value} in the ledger`).toBeLessThanOrEqual(
          value * 0.05,
        )
    }
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

  it.each(rules.filter(({ record }) => record !== undefined).map(({ record }) => record!))(
    '%s has values',
    async (record) => {
      expect(await ask(record)).not.toEqual([])
    },
  )

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
