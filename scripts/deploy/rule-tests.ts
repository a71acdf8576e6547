/** The files that `promtool test rules` runs, made from the cases. */
import { parse, stringify } from 'yaml'
import { prometheusLabel, prometheusSelector, standardRules } from '../../packages/alerts/src/index.ts'
import {
  ATTR_AGENTEL_ERROR_CATEGORY,
  ATTR_AGENTEL_WORKER_NAME,
  ATTR_ERROR_TYPE,
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  METRIC_AGENTEL_ERRORS,
  METRIC_AGENTEL_WORKER_EXECUTION_DURATION,
} from '../../packages/semconv/src/index.ts'
import { collectorRuleTests } from './collector-rule-tests.ts'
import { type InputSeries, ruleCases } from './rule-cases.ts'
import { ruleFiles } from './rule-files.ts'

interface AlertRule {
  readonly alert?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

const up: InputSeries = ['up{job="agents"}', '1x600']
const inputs = (list: readonly InputSeries[]): object[] => [up, ...list].map(([series, values]) => ({ series, values }))

/** The rules as they are written to the file. */
function writtenRules(): Map<string, AlertRule> {
  const { groups } = parse(ruleFiles()['deploy/prometheus/rules/alerts.yml'] ?? '') as {
    groups: { rules: AlertRule[] }[]
  }
  return new Map(groups.flatMap(({ rules }) => rules.map((rule) => [rule.alert ?? '', rule] as const)))
}

function firing(rule: AlertRule | undefined, labels: Readonly<Record<string, string>>): object {
  const own = Object.entries(labels).map(([key, value]) => [prometheusLabel(key), value])
  return {
    exp_labels: { ...rule?.labels, [prometheusLabel(ATTR_SERVICE_NAME)]: 'desk', ...Object.fromEntries(own) },
    exp_annotations: rule?.annotations,
  }
}

const errorsOf = (instance: string): string =>
  prometheusSelector(METRIC_AGENTEL_ERRORS, '_total', {
    [ATTR_SERVICE_NAME]: 'desk',
    [ATTR_SERVICE_INSTANCE_ID]: instance,
    [ATTR_AGENTEL_ERROR_CATEGORY]: 'tool',
  })

/** What is known to go wrong with counters. */
function counterTests(rules: ReadonlyMap<string, AlertRule>): object[] {
  const worker = { [ATTR_AGENTEL_WORKER_NAME]: 'nightly' }
  const failures = prometheusSelector(METRIC_AGENTEL_WORKER_EXECUTION_DURATION, '_count', {
    [ATTR_SERVICE_NAME]: 'desk',
    ...worker,
    [ATTR_ERROR_TYPE]: 'timeout',
  })
  const restarted: InputSeries[] = [
    [errorsOf('a'), '80x120'],
    [errorsOf('b'), '40x30 0x90'],
  ]
  const copies = ['a', 'b'].map((instance, i) => ({
    labels: errorsOf(instance).replace('agentel_errors_total{', 'agent_errors_total{category="tool", '),
    value: i === 0 ? 80 : 0,
  }))
  return [
    {
      name: 'a series that is born at 4 has failed 4 times',
      interval: '1m',
      input_series: inputs([[failures, '_x20 4x100']]),
      alert_rule_test: [
        { eval_time: '23m', alertname: 'worker-failed', exp_alerts: [firing(rules.get('worker-failed'), worker)] },
      ],
    },
    {
      name: 'what was there before Prometheus is no news',
      interval: '1m',
      input_series: inputs([[failures, '4x120']]),
      alert_rule_test: [{ eval_time: '3m', alertname: 'worker-failed', exp_alerts: [] }],
    },
    {
      name: 'one of two instances restarts: the plain name shows what each counted, and no error is made up',
      interval: '1m',
      input_series: inputs(restarted),
      alert_rule_test: [{ eval_time: '33m', alertname: 'errors-many', exp_alerts: [] }],
      promql_expr_test: [{ expr: 'agent_errors_total', eval_time: '40m', exp_samples: copies }],
    },
  ]
}

function testFile(rules: readonly string[], tests: readonly object[]): string {
  const file = { rule_files: rules.map((name) => `../rules/${name}.yml`), evaluation_interval: '1m', tests }
  const head = '# `promtool test rules` runs this. Made by `pnpm generate` from scripts/deploy: do not edit.\n'
  return head + stringify(file, { lineWidth: 0, aliasDuplicateObjects: false })
}

/** Text by path from the root of the repository. @throws when a standard alert has no case */
export function ruleTests(): Record<string, string> {
  const rules = writtenRules()
  const bare = standardRules.filter(({ name }) => !ruleCases.some(({ alert }) => alert === name))
  if (bare.length > 0) throw new Error(`no case in scripts/deploy/rule-cases.ts for ${bare.map(({ name }) => name)}`)
  const tests = ruleCases.flatMap(({ alert, bad, good, labels = {}, at: [cause, after] = [25, 100] }) => [
    {
      name: `${alert} fires and resolves`,
      interval: '1m',
      input_series: inputs(bad),
      alert_rule_test: [
        { eval_time: `${cause}m`, alertname: alert, exp_alerts: [firing(rules.get(alert), labels)] },
        { eval_time: `${after}m`, alertname: alert, exp_alerts: [] },
      ],
    },
    {
      name: `${alert} stays quiet`,
      interval: '1m',
      input_series: inputs(good),
      alert_rule_test: [{ eval_time: `${cause}m`, alertname: alert, exp_alerts: [] }],
    },
  ])
  return {
    'deploy/prometheus/tests/alerts.test.yml': testFile(
      ['alerts', 'plain-names', 'aggregates'],
      [...tests, ...counterTests(rules)],
    ),
    'deploy/prometheus/tests/collector.test.yml': testFile(['collector'], collectorRuleTests()),
  }
}
