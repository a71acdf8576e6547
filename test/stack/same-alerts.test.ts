/** One file of rules, the same series: our evaluator and Prometheus's own must name the same alerts at each evaluation. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import {
  checkRules,
  createEvaluator,
  prometheusLabel,
  prometheusRules,
  prometheusSelector,
  type Sample,
  type Series,
  type TimeSeries,
} from '../../packages/alerts/src/index.ts'
import { programPath } from '../../scripts/stack/binaries.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentel-same-alerts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MINUTES = 120
/** Both have an hour's quarter of points before the first answer counts. */
const FIRST = 15
const STEP = 15_000
const STEPS = (MINUTES * 60_000) / STEP

const TOOL = 'gen_ai.tool.name'
const QUEUE = 'agentel.queue.name'
const CATEGORY = 'agentel.error.category'
const CALLS = 'gen_ai.execute_tool.duration'
const RUNS = 'gen_ai.invoke_agent.duration'
const AGENT = 'gen_ai.agent.name'
const ERRORS = 'agentel.errors'
const DEPTH = 'agentel.queue.depth'
const BOUNDS = [0.5, 1, 5]

const common = { window: '5m', severity: 'warning' } as const
const rules = checkRules({
  rules: [
    {
      ...common,
      name: 'failing',
      signal: RUNS,
      aggregation: 'ratio',
      numerator: { labels: { 'error.type': '*' } },
      groupBy: [AGENT],
      above: 0.33,
      for: '3m',
    },
    { ...common, name: 'slow', signal: CALLS, aggregation: 'percentile', percentile: 50, groupBy: [TOOL], above: 1.7 },
    { ...common, name: 'long-on-average', signal: CALLS, aggregation: 'average', groupBy: [TOOL], above: 2.35 },
    { ...common, name: 'many', signal: ERRORS, aggregation: 'increase', groupBy: [CATEGORY], above: 30 },
    { ...common, name: 'fast', signal: ERRORS, aggregation: 'rate', above: 0.29, labels: { team: 'search' } },
    { ...common, name: 'deep', signal: DEPTH, aggregation: 'sum', groupBy: [QUEUE], above: 50, for: '5m' },
    { ...common, name: 'shallow', signal: DEPTH, aggregation: 'average', groupBy: [QUEUE], below: 48 },
    { ...common, name: 'silent', signal: 'agentel.messages', aggregation: 'absence' },
  ],
})

/**
 * Low or high for 8 to 19 minutes at a time. No value comes nearer to a limit than the 5 % by which Prometheus extrapolates
 * what grew between the first and the last point of a window.
 */
function levels(seed: number): readonly boolean[] {
  let state = seed
  const next = (most: number): number => ((state = (Math.imul(state, 1103515245) + 12345) >>> 0), (state >>> 8) % most)
  const found: boolean[] = []
  for (let high = next(2) === 1; found.length <= STEPS; high = !high) {
    const steps = ((8 + next(12)) * 60_000) / STEP
    for (let i = 0; i < steps; i++) found.push(high)
  }
  return found.slice(0, STEPS + 1)
}

const running = (seed: number, low: number, high: number): number[] => {
  let total = 0
  return levels(seed).map((isHigh) => (total += isHigh ? high : low))
}

interface Given {
  readonly metric: string
  readonly labels: Readonly<Record<string, string>>
  readonly kind: Series['kind']
  /** By step; of a distribution what counts its values of 0.7 s and of 4 s; undefined: nothing was sent. */
  readonly values: readonly (number | undefined)[]
  readonly slow?: readonly number[]
}

const GIVEN: readonly Given[] = [
  ...['search', 'fetch', 'mail'].flatMap((tool, n): Given[] => [
    {
      metric: CALLS,
      labels: { [TOOL]: tool },
      kind: 'distribution',
      values: running(1, 10, 10),
      slow: running(n + 7, 2, 30),
    },
    { metric: RUNS, labels: { [AGENT]: tool }, kind: 'distribution', values: running(1, 10, 10) },
    {
      metric: RUNS,
      labels: { [AGENT]: tool, 'error.type': 'timeout' },
      kind: 'distribution',
      values: running(n + 2, 0, 10),
    },
  ]),
  ...['tool', 'api'].map((category, n): Given => ({
    metric: ERRORS,
    labels: { [CATEGORY]: category },
    kind: 'counter',
    values: running(n + 20, 0.25, 2.5),
  })),
  ...['in', 'out'].map((queue, n): Given => ({
    metric: DEPTH,
    labels: { [QUEUE]: queue },
    kind: 'gauge',
    values: levels(n + 30).map((isHigh) => (isHigh ? 100 : 0)),
  })),
  // Between two evaluations, so that a window has a point or has none, and no point at its very edge.
  {
    metric: 'agentel.messages',
    labels: {},
    kind: 'counter',
    values: levels(40).map((isHigh, step) => (isHigh && step % 4 === 1 ? step : undefined)),
  },
]

const pointsOf = <T>(values: readonly (T | undefined)[]): Sample<T>[] =>
  values.flatMap((value, step) => (value === undefined ? [] : [{ time: step * STEP, value }]))

function seriesOf({ labels, kind, values, slow }: Given): Series {
  if (kind !== 'distribution') return { labels, kind, points: pointsOf(values) }
  const points = values.map((quick = 0, step) => {
    const late = slow?.[step] ?? 0
    return { count: quick + late, sum: quick * 0.7 + late * 4, bounds: BOUNDS, counts: [0, quick, late, 0] }
  })
  return { labels, kind, points: pointsOf(points) }
}

const store = new Map(
  Object.entries(Object.groupBy(GIVEN, ({ metric }) => metric)).map(([k, all = []]) => [k, all.map(seriesOf)]),
)
const series: TimeSeries = {
  samples: (metric, from, to) =>
    (store.get(metric) ?? []).flatMap((one) => {
      const within = (one.points as Sample<unknown>[]).filter(({ time }) => time >= from && time <= to)
      const before = (one.points as Sample<unknown>[]).findLast(({ time }) => time < from)
      if (within.length === 0) return []
      const points = one.kind === 'gauge' || before === undefined ? within : [before, ...within]
      return [{ ...one, points } as Series]
    }),
}

const textOf = (values: readonly (number | undefined)[]): string => values.map((value) => value ?? '_').join(' ')

/** As Prometheus has it: a series for each bucket, the count and the sum of a distribution. */
function inputsOf({ metric, labels, kind, values, slow = [] }: Given): object[] {
  const input = (suffix: string, all: readonly (number | undefined)[], more: Record<string, string> = {}) => ({
    series: prometheusSelector(metric, suffix, { ...labels, ...more }),
    values: textOf(all),
  })
  if (kind === 'gauge') return [input('', values)]
  if (kind === 'counter') return [input('_total', values)]
  const all = values.map((quick = 0, step) => quick + (slow[step] ?? 0))
  const bucket = (le: string, counts: readonly (number | undefined)[]) => input('_bucket', counts, { le })
  return [
    input('_count', all),
    input(
      '_sum',
      values.map((quick = 0, step) => quick * 0.7 + (slow[step] ?? 0) * 4),
    ),
    bucket(
      '0.5',
      values.map(() => 0),
    ),
    bucket('1', values),
    bucket('5', all),
    bucket('+Inf', all),
  ]
}

interface Expected {
  readonly eval_time: string
  readonly alertname: string
  readonly exp_alerts: { readonly exp_labels: Readonly<Record<string, string>> }[]
}

/** What our evaluator says at each minute, written as promtool expects it. */
function ours(): Expected[] {
  let now = 0
  const evaluator = createEvaluator({ rules, series, now: () => now })
  return Array.from({ length: MINUTES + 1 }, (_, minute) => minute).flatMap((minute) => {
    now = minute * 60_000
    evaluator.evaluate()
    const open = evaluator.alerts()
    return rules.map(({ name, severity }) => ({
      eval_time: `${minute}m`,
      alertname: name,
      exp_alerts: open
        .filter(({ rule }) => rule === name)
        .map(({ labels }) => ({
          exp_labels: {
            severity,
            ...Object.fromEntries(Object.entries(labels).map(([key, value]) => [prometheusLabel(key), value])),
          },
        })),
    }))
  })
}

/** Asks Prometheus's own rule engine whether it finds the same. */
function prometheus(expected: readonly Expected[]): { status: number | null; output: string } {
  writeFileSync(join(folder, 'rules.yml'), prometheusRules(rules))
  const test = {
    rule_files: ['rules.yml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: `${STEP / 1000}s`,
        input_series: [{ series: 'up{job="agents"}', values: `1x${STEPS}` }, ...GIVEN.flatMap(inputsOf)],
        alert_rule_test: expected,
      },
    ],
  }
  writeFileSync(join(folder, 'test.yml'), stringify(test, { lineWidth: 0, aliasDuplicateObjects: false }))
  const { status, stdout, stderr } = spawnSync(programPath('promtool'), ['test', 'rules', join(folder, 'test.yml')], {
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

const expected = ours().filter(({ eval_time: at }) => Number.parseInt(at, 10) >= FIRST)

it('names the same alerts as Prometheus, group by group, at every evaluation of two hours', () => {
  for (const { name } of rules) {
    const evaluations = expected.filter(({ alertname }) => alertname === name)
    const firing = evaluations.filter(({ exp_alerts: alerts }) => alerts.length > 0).length
    expect([name, firing > 5, firing < evaluations.length]).toEqual([name, true, true])
  }
  const { status, output } = prometheus(expected)
  expect(output).toContain('SUCCESS')
  expect(status).toBe(0)
})

it('is told by Prometheus when a single evaluation is not the same', () => {
  const at = expected.findIndex(({ exp_alerts: alerts }) => alerts.length > 1)
  const changed = expected.map((one, index) => (index === at ? { ...one, exp_alerts: one.exp_alerts.slice(1) } : one))
  const { status, output } = prometheus(changed)
  expect(status).not.toBe(0)
  expect(output).toContain(`alertname: ${expected[at]!.alertname}, time: ${expected[at]!.eval_time}`)
})
