import type { EventList } from '@agentel/console'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT, type Output } from '../frame/output.ts'
import { sourceArgs, withSource } from '../frame/source.ts'
import { oneLine, printTable } from '../frame/text-table.ts'
import { windowArgs, windowOf } from '../frame/window.ts'

const right = (title: string) => ({ title, align: 'right' as const })

async function print({ rows, exact }: EventList, output: Output): Promise<void> {
  const { duration, percent, significant } = await import('@agentel/console/format')
  if (rows.length === 0) {
    output.line('No event was published or handled. --since 7d looks further back.')
    return
  }
  const failed = (n: number): string => (n === 0 ? '0' : output.paint('red', String(n)))
  printTable(
    [
      ...['published', 'received', 'completed', 'failed', 'share', 'success', 'handling p95', 'latency', 'p95'].map(
        right,
      ),
      right('a minute'),
      { title: 'event' },
    ],
    rows.map((row) => [
      String(row.published),
      String(row.received),
      String(row.completed),
      failed(row.errors + row.unpublished),
      percent(row.share),
      percent(row.success),
      duration(row.handling.p95),
      duration(row.latency.mean),
      duration(row.latency.p95),
      significant(row.throughput * 60),
      oneLine(row.type, 60),
    ]),
    output,
  )
  if (!exact) output.line(output.paint('dim', 'the newest 100,000; a shorter --since counts all of its window'))
}

export const events: Verb = (output) =>
  command({
    name: 'events',
    description: 'What became of the events on buses, by type',
    args: { service: { type: 'string', description: 'Of this service only' }, ...windowArgs, ...sourceArgs },
    examples: [['agentel events --since 1h', 'published, received, completed and failed in the last hour']],
    run: (args) =>
      withSource(args, async (source) => {
        const list = await source.get<EventList>('/api/events', { service: args.service, ...windowOf(args) })
        if (args.json) output.line(JSON.stringify(list, null, 2))
        else await print(list, output)
        return EXIT.ok
      }),
  })
