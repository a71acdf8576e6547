import type { MetricList, MetricSeriesList } from '@agentel/console'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT, type Output } from '../frame/output.ts'
import { type Source, sourceArgs, withSource } from '../frame/source.ts'
import { oneLine, printTable } from '../frame/text-table.ts'
import { windowArgs, windowOf } from '../frame/window.ts'

const right = 'right' as const

async function printNames({ metrics: known }: MetricList, output: Output): Promise<void> {
  const { age } = await import('@agentel/console/format')
  if (known.length === 0) {
    output.line('No metric matches. A pattern such as gen_ai.* finds names; metrics come over OTLP like spans.')
    return
  }
  printTable(
    [
      { title: 'metric' },
      { title: 'kind' },
      { title: 'importance' },
      { title: 'unit' },
      { title: 'series', align: right },
      { title: 'last', align: right },
      { title: 'what' },
    ],
    known.map(({ name, kind, importance, unit, series, lastSeen, description }) => [
      oneLine(name),
      kind,
      importance,
      oneLine(unit ?? '', 16),
      String(series),
      age(lastSeen, Date.now()),
      oneLine(description ?? '', 70),
    ]),
    output,
  )
}

async function printSummary(list: MetricSeriesList, output: Output): Promise<void> {
  const { significant, UNKNOWN } = await import('@agentel/console/format')
  const { summary } = list
  output.line(`${output.paint('bold', oneLine(list.name))}  ${list.kind}  ${list.unit ?? ''}`)
  const figure = (value: number | null): string => (value === null ? UNKNOWN : significant(value, 4))
  const names = ['count', 'sum', 'min', 'max', 'mean', 'median', 'standardDeviation', 'p90', 'p95', 'p99'] as const
  printTable(
    names.map((name) => ({ title: name === 'standardDeviation' ? 'deviation' : name, align: right })),
    [names.map((name) => (name === 'count' ? String(summary.count) : figure(summary[name])))],
    output,
  )
  if (list.series.length < 2 && list.series[0]?.rate == null) return
  output.line()
  const last = (values: readonly (number | null)[]): number | null => values.findLast((value) => value !== null) ?? null
  printTable(
    [
      { title: 'points', align: right },
      { title: 'last', align: right },
      { title: 'per second', align: right },
      { title: 'attributes' },
    ],
    list.series.map(({ attributes, time, value, rate }) => [
      String(time.length),
      figure(last(value)),
      figure(last(rate ?? [])),
      oneLine(
        Object.entries(attributes)
          .map(([key, text]) => `${key}=${String(text)}`)
          .join(' '),
        100,
      ),
    ]),
    output,
  )
}

async function find(source: Source, pattern: string | undefined, importance: string): Promise<MetricList> {
  return source.get<MetricList>('/api/metrics', { pattern, importance })
}

export const metrics: Verb = (output) =>
  command({
    name: 'metrics',
    description: 'Find metrics by name; one of them with its percentiles',
    args: {
      name: { type: 'positional', description: 'A name, or a pattern with *', required: false },
      importance: {
        type: 'enum',
        options: ['debug', 'info', 'warning', 'error', 'critical'],
        description: 'Only what matters at least so much',
        default: 'debug',
      },
      by: { type: 'string', description: 'Sum up series that agree in this attribute' },
      ...windowArgs,
      ...sourceArgs,
    },
    examples: [
      ["agentel metrics 'gen_ai.*'", 'names that begin so'],
      ['agentel metrics --importance error', 'only what tells of errors and worse'],
      ['agentel metrics gen_ai.client.operation.duration --since 1h', 'count, mean, percentiles'],
    ],
    run: (args) =>
      withSource(args, async (source) => {
        const known = await find(source, args.name, args.importance)
        const one = known.metrics.find(({ name }) => name === args.name)
        if (one === undefined) {
          if (args.json) output.line(JSON.stringify(known, null, 2))
          else await printNames(known, output)
          return args.name !== undefined && known.metrics.length === 0 ? EXIT.problem : EXIT.ok
        }
        const query = { name: one.name, by: args.by, ...windowOf(args) }
        const list = await source.get<MetricSeriesList>('/api/metrics/series', query)
        if (args.json) output.line(JSON.stringify(list, null, 2))
        else await printSummary(list, output)
        return EXIT.ok
      }),
  })
