/** The rules of Prometheus and the routes of Alertmanager, as their own tools see them. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { programPath } from '../../scripts/stack/binaries.ts'
import { fixedPorts } from '../../scripts/stack/ports.ts'
import { metricsIn, renamed } from './promql-metrics.ts'
import { renderPrometheus } from '../../scripts/stack/start-stack.ts'

interface Rule {
  alert?: string
  record?: string
  expr: string
  annotations?: { runbook_url?: string }
}

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'agentel-rules-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const FILES = ['alerts', 'collector', 'plain-names', 'aggregates']
/** Those of them that alert. */
const ALERTS = ['alerts', 'collector']
const text = (file: string): string => readFileSync(join(root, `deploy/prometheus/rules/${file}.yml`), 'utf8')
const rules = (file: string): Rule[] =>
  (parse(text(file)) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules)

function run(program: 'promtool' | 'amtool', ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(programPath(program), args, { cwd: root, encoding: 'utf8' })
  return { status, output: stderr + stdout }
}

interface CaseFile {
  rule_files: string[]
  tests: { alert_rule_test?: { alertname: string }[] }[]
}

/** The checked-in cases, of all alerts or of some. */
const CASES = ['alerts', 'collector']
function casesOf(file: string, wanted?: ReadonlySet<string>): CaseFile {
  const cases = parse(readFileSync(join(root, `deploy/prometheus/tests/${file}.test.yml`), 'utf8')) as CaseFile
  const isWanted = ({ alert_rule_test: list = [] }: CaseFile['tests'][number]): boolean =>
    wanted === undefined || list.length === 0 || list.some(({ alertname }) => wanted.has(alertname))
  return { ...cases, tests: cases.tests.filter(isWanted) }
}

/** What `promtool test rules` says of the cases when `change` was done to the rules, of which those not wanted are left out. */
function tryCases(
  change: (expr: string) => string,
  wanted?: ReadonlySet<string>,
): { status: number | null; output: string } {
  for (const file of FILES) {
    const list = rules(file).filter(({ alert }) => alert === undefined || wanted === undefined || wanted.has(alert))
    const changed = list.map((rule) => ({ ...rule, expr: change(rule.expr) }))
    writeFileSync(join(folder, `${file}.yml`), stringify({ groups: [{ name: file, rules: changed }] }))
  }
  const files = CASES.map((name) => ({ name, cases: casesOf(name, wanted) })).filter(
    ({ cases }) => cases.tests.length > 0,
  )
  for (const { name, cases } of files) {
    const rule_files = cases.rule_files.map((file) => join(folder, file.replace('../rules/', '')))
    writeFileSync(join(folder, `${name}.cases`), stringify({ ...cases, rule_files }))
  }
  return run('promtool', 'test', 'rules', ...files.map(({ name }) => join(folder, `${name}.cases`)))
}

const alerts = ALERTS.flatMap(rules).filter(({ alert }) => alert !== undefined)
const recorded = rules('collector').filter(({ record }) => record !== undefined)
const isRecorded = (metric: string): boolean => recorded.some(({ record }) => record === metric)
/** The collector has three of a kind, one for each signal. */
const familyOf = (metric: string): string => metric.replace(/_(spans|metric_points|log_records)$/, '_\\w+')
const metricsOfAlerts = [...new Set([...alerts, ...recorded].flatMap(({ expr }) => metricsIn(expr)))].filter(
  (metric) => !isRecorded(metric),
)

/** The alerts that hang on a metric: those of recorded series hang on all that these are made of. */
function alertsOn(metric: string): Set<string> {
  const named = recorded.some(({ expr }) => metricsIn(expr).includes(metric))
  const on = alerts.filter(({ expr }) => metricsIn(expr).some((name) => name === metric || (named && isRecorded(name))))
  return new Set(on.map(({ alert }) => alert!))
}

describe('the rules of Prometheus', () => {
  it('are accepted by promtool with the configuration that names them', () => {
    const source = readFileSync(join(root, 'deploy/prometheus/prometheus.yml'), 'utf8')
    const config = join(folder, 'prometheus.config')
    writeFileSync(config, renderPrometheus(source, fixedPorts))
    const { status, output } = run('promtool', 'check', 'config', config)
    expect(status, output).toBe(0)
    for (const file of FILES) expect(output).toContain(`${file}.yml`)
  })

  it('fire, stay quiet and resolve as their cases say', () => {
    const { status, output } = tryCases((expr) => expr)
    expect(status, output).toBe(0)
  })

  it('are held by a case each: when none of them can fire, promtool names every one', () => {
    const { status, output } = tryCases(() => 'vector(0) > 1')
    expect(status).not.toBe(0)
    expect(alerts.filter(({ alert }) => !output.includes(`alertname: ${alert},`))).toEqual([])
  })

  it.each(metricsOfAlerts)('are noticed when %s has another name', (metric) => {
    const { status, output } = tryCases((expr) => renamed(expr, familyOf(metric)), alertsOn(metric))
    expect(status).not.toBe(0)
    expect(output).toContain('FAILED')
  })

  it('lead to a runbook each', () => {
    const pages = alerts.map(({ annotations }) => annotations?.runbook_url?.replace(/^.*\/blob\/main\//, '') ?? '')
    expect(pages.filter((page) => !page.startsWith('docs/runbooks/') || !existsSync(join(root, page)))).toEqual([])
  })

  it('have plain names that add nothing up, and aggregates whose names say so', () => {
    const added = rules('plain-names').filter(({ expr }) =>
      /\b(sum|count|avg|min|max|rate|increase)\b\s*(by\s*)?\(/.test(expr),
    )
    expect(added).toEqual([])
    expect(rules('plain-names').filter(({ record }) => record?.includes(':'))).toEqual([])
    expect(rules('aggregates').filter(({ record }) => !/^\w+:\w+:\w+$/.test(record ?? ''))).toEqual([])
  })
})

describe('the routes of Alertmanager', () => {
  const config = join(root, 'deploy/alertmanager/alertmanager.yml')

  it('are accepted by amtool', () => {
    const { status, output } = run('amtool', 'check-config', config)
    expect(status, output).toBe(0)
  })

  it.each([
    ['info', 'slack-notice'],
    ['warning', 'slack-notice'],
    ['error', 'pagerduty,email,slack-urgent'],
    ['critical', 'pagerduty,email,slack-urgent'],
  ])('tell of %s to %s', (severity, receivers) => {
    const { output } = run('amtool', 'config', 'routes', 'test', `--config.file=${config}`, `severity=${severity}`)
    expect(output.trim().split('\n').at(-1)).toBe(receivers)
  })

  it('hold no secret themselves', () => {
    expect(readFileSync(config, 'utf8')).not.toMatch(/^\s*(api_url|routing_key|service_key|smtp_auth_password):/m)
  })
})
