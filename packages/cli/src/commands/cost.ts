import type { CostBreakdown } from '@agentel/console'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT, type Output } from '../frame/output.ts'
import { sourceArgs, withSource } from '../frame/source.ts'
import { oneLine, printTable } from '../frame/text-table.ts'
import { windowArgs, windowOf } from '../frame/window.ts'

async function print(costs: CostBreakdown, output: Output): Promise<void> {
  const { count, isTelling, money, percent, plural } = await import('@agentel/console/format')
  const { range, total, unpriced, calls, series } = costs
  // The rate since the first cost: a store that is young must not look cheap.
  const first =
    series.start +
    Math.max(
      0,
      series.cost.findIndex((spent) => spent > 0),
    ) *
      series.step
  const hours = (range.to - Math.max(range.from, first)) / 3_600_000
  const rate = total === null || hours <= 0 ? null : total / hours
  output.line(`${output.paint('bold', money(total))} for ${plural(calls, 'model call')}, ${money(rate)} an hour`)
  if (costs.projection !== null) {
    const spans = [
      ['hour', costs.projection.hour],
      ['day', costs.projection.day],
      ['30 days', costs.projection.month],
    ] as const
    const text = spans
      .filter(([, estimate]) => isTelling(estimate))
      .map(([name, { expected, low, high }]) => `${name} ${money(expected)} (${money(low)} to ${money(high)})`)
    if (text.length > 0) output.line(`if the trend goes on, next ${text.join(', ')}`)
    else output.line(output.paint('dim', 'it is too early to say what it will come to'))
  }
  if (unpriced > 0) {
    const models = costs.unpricedModels.map(({ model, calls: n }) => `${oneLine(model, 40)} (${n})`).join(', ')
    output.line(output.paint('yellow', `${plural(unpriced, 'call')} without a price: ${models}`))
  }
  if (costs.rows.length === 0) return
  output.line()
  const right = 'right' as const
  printTable(
    [
      { title: 'cost', align: right },
      { title: 'share', align: right },
      { title: 'calls', align: right },
      { title: 'input', align: right },
      { title: 'output', align: right },
      { title: costs.by },
    ],
    costs.rows.map((row) => [
      money(row.cost),
      percent(row.share),
      String(row.calls),
      count(row.inputTokens),
      count(row.outputTokens),
      row.value === null ? output.paint('dim', `no ${costs.by}`) : oneLine(row.value, 60),
    ]),
    output,
  )
}

export const cost: Verb = (output) =>
  command({
    name: 'cost',
    description: 'Say where the money goes',
    args: {
      by: {
        type: 'enum',
        options: ['model', 'agent', 'task', 'workflow', 'tool', 'user', 'session', 'service'],
        description: 'What to split it by',
        default: 'model',
      },
      service: { type: 'string', description: 'Of this service only' },
      ...windowArgs,
      ...sourceArgs,
    },
    examples: [
      ['agentel cost --by agent --since 7d', 'a week, by agent'],
      ['agentel cost --json | jq .total', 'the sum alone'],
    ],
    run: (args) =>
      withSource(args, async (source) => {
        const query = { by: args.by, service: args.service, ...windowOf(args) }
        const costs = await source.get<CostBreakdown>('/api/costs', query)
        if (args.json) output.line(JSON.stringify(costs, null, 2))
        else await print(costs, output)
        return EXIT.ok
      }),
  })
