import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkRules, prometheusRules, standardRules } from '../src/index.ts'

interface PrometheusRule {
  alert: string
  expr: string
}
const rulesOf = (text: string): PrometheusRule[] => parse(text).groups[0].rules

/** The growth of a counter, of one that was born within the window too. */
function growth(series: string, window: string): string {
  const born = `last_over_time(${series}[${window}]) unless last_over_time(${series}[1h] offset ${window})`
  return `(${born} and on() (up offset ${window})) or increase(${series}[${window}])`
}

describe('rules for Prometheus', () => {
  it('hold every standard rule', () => {
    const rules = rulesOf(prometheusRules(standardRules))
    expect(rules.map(({ alert }) => alert)).toStrictEqual(standardRules.map(({ name }) => name))
  })

  it('have condition, time, labels, severity and runbook of the rule', () => {
    const rules = checkRules({
      rules: [
        {
          name: 'failing',
          summary: 'It fails.',
          signal: 'gen_ai.execute_tool.duration',
          where: { 'gen_ai.tool.name': ['a.b', 'c'] },
          aggregation: 'ratio',
          numerator: { labels: { 'error.type': '*' } },
          groupBy: ['gen_ai.tool.name'],
          window: '90s',
          above: 0.05,
          for: '5m',
          severity: 'critical',
          labels: { team: 'search' },
          runbook: 'https://example.org/tools',
        },
      ],
    })
    const below = `sum by (gen_ai_tool_name) (${growth('gen_ai_execute_tool_duration_seconds_count{gen_ai_tool_name=~"a\\\\.b|c"}', '90000ms')})`
    const above = below.replaceAll('c"}', 'c", error_type!=""}')
    expect(parse(prometheusRules(rules, { group: 'mine' }))).toStrictEqual({
      groups: [
        {
          name: 'mine',
          rules: [
            {
              alert: 'failing',
              expr: `((${above}) or ${below} * 0) / ${below} > 0.05`,
              for: '5m',
              labels: { team: 'search', severity: 'critical' },
              annotations: { summary: 'It fails.', runbook_url: 'https://example.org/tools' },
            },
          ],
        },
      ],
    })
  })

  it.each([
    ['cost-hourly', `sum(${growth('agentel_client_inference_usage_cost_total', '60m')}) > 10`],
    ['memory-high', 'sum(process_memory_usage_bytes) > 1000000000'],
    ['cpu-high', 'sum(process_cpu_utilization_ratio) > 0.8'],
    [
      'response-slow',
      `histogram_quantile(0.95, sum by (le) (${growth('gen_ai_client_inference_duration_seconds_bucket', '10m')})) > 5`,
    ],
  ])('say %s in PromQL', (name, expr) => {
    const rules = rulesOf(prometheusRules(standardRules))
    expect(rules.find(({ alert }) => alert === name)?.expr).toBe(expr)
  })

  it('are evaluated by further attributes, and lead to a runbook each, where that is asked for', () => {
    const options = { by: ['service.name'], runbook: 'https://example.org/{name}.md' }
    const rules = parse(prometheusRules(standardRules, options)).groups[0].rules
    const rule = rules.find(({ alert }: PrometheusRule) => alert === 'memory-high')
    expect(rule.expr).toBe('sum by (service_name) (process_memory_usage_bytes) > 1000000000')
    expect(rule.annotations.runbook_url).toBe('https://example.org/memory-high.md')
  })
})
