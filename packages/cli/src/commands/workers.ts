import type { WorkerFigures, WorkerList } from '@agentel/console'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT, type Output } from '../frame/output.ts'
import { sourceArgs, withSource } from '../frame/source.ts'
import { oneLine, printTable } from '../frame/text-table.ts'
import { windowArgs, windowOf } from '../frame/window.ts'

const right = (title: string) => ({ title, align: 'right' as const })

async function print({ rows, summary, slowerThan, exact }: WorkerList, output: Output): Promise<void> {
  const { age, duration, percent } = await import('@agentel/console/format')
  if (rows.length === 0) {
    output.line('No worker ran. --since 7d looks further back.')
    return
  }
  const now = Date.now()
  const failed = (n: number): string => (n === 0 ? '0' : output.paint('red', String(n)))
  const cells = ({ executions, errors, success, times, slow }: WorkerFigures): string[] => [
    String(executions),
    failed(errors),
    percent(success),
    duration(times.mean),
    duration(times.p95),
    String(slow),
  ]
  printTable(
    [
      ...['executions', 'failed', 'success', 'mean', 'p95', `over ${duration(slowerThan)}`].map(right),
      { title: 'last' },
      { title: 'worker' },
    ],
    [
      ...rows.map((row) => [...cells(row), age(row.lastSeen, now), oneLine(row.name, 60)]),
      [...cells(summary), '', output.paint('dim', summary.workers === 1 ? '1 worker' : `${summary.workers} workers`)],
    ],
    output,
  )
  if (!exact) output.line(output.paint('dim', 'the newest 100,000; a shorter --since counts all of its window'))
}

export const workers: Verb = (output) =>
  command({
    name: 'workers',
    description: 'How often workers ran, how well and how long',
    args: {
      service: { type: 'string', description: 'Of this service only' },
      'slower-than': { type: 'string', description: 'Milliseconds above which an execution is slow', default: '5000' },
      ...windowArgs,
      ...sourceArgs,
    },
    examples: [['agentel workers --slower-than 1000', 'workers of the last day; slow is more than a second']],
    run: (args) =>
      withSource(args, async (source) => {
        const query = { service: args.service, slowerThan: args['slower-than'], ...windowOf(args) }
        const list = await source.get<WorkerList>('/api/workers', query)
        if (args.json) output.line(JSON.stringify(list, null, 2))
        else await print(list, output)
        return EXIT.ok
      }),
  })
