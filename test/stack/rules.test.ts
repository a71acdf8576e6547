/** The rules of Prometheus and the routes of Alertmanager, as their own tools see them. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { programPath } from '../../scripts/stack/binaries.ts'
import { fixedPorts } from '../../scripts/stack/ports.ts'
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

/** What `promtool test rules` says of the checked-in cases when `change` was done to the alerts. */
function tryCases(change: (alerts: string) => string): { status: number | null; output: string } {
  for (const file of FILES)
    writeFileSync(join(folder, `${file}.yml`), ALERTS.includes(file) ? change(text(file)) : text(file))
  const cases = readFileSync(join(root, 'deploy/prometheus/tests/alerts.test.yml'), 'utf8')
  writeFileSync(join(folder, 'cases.yaml'), cases.replace('../rules/*.yml', `${folder}/*.yml`))
  return run('promtool', 'test', 'rules', join(folder, 'cases.yaml'))
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
    const { status, output } = tryCases((alerts) => alerts)
    expect(status, output).toBe(0)
  })

  it('are held by a case each: when none of them can fire, promtool names every one', () => {
    const { status, output } = tryCases((alerts) => alerts.replaceAll(/^( +expr: ).*$/gm, '$1vector(0) > 1'))
    expect(status).not.toBe(0)
    expect(ALERTS.flatMap(rules).filter(({ alert }) => !output.includes(`alertname: ${alert},`))).toEqual([])
  })

  it('lead to a runbook each', () => {
    const alerts = ALERTS.flatMap(rules)
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
