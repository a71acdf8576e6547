import type { Transaction } from '@agentel/console'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT, type Output } from '../frame/output.ts'
import { sourceArgs, withSource } from '../frame/source.ts'
import { oneLine, printTable } from '../frame/text-table.ts'

type Stage = Transaction['stages'][number]

const LED_TO: Readonly<Record<Stage['stage'], string>> = {
  published: 'to publish',
  received: 'waited',
  completed: 'to handle',
  error: 'until it failed',
}

async function print({ start, duration: whole, counts, stages, exact }: Transaction, output: Output): Promise<void> {
  const { duration } = await import('@agentel/console/format')
  const state = counts.error > 0 ? output.paint('red', `${counts.error} failed`) : output.paint('green', 'none failed')
  output.line(`${stages.length} stages in ${duration(whole)}, ${state}`)
  printTable(
    [
      { title: 'at', align: 'right' },
      { title: 'stage' },
      { title: 'took', align: 'right' },
      { title: '' },
      { title: 'event' },
    ],
    stages.map((one) => [
      `+${duration(one.time - start)}`,
      one.stage === 'error' ? output.paint('red', one.stage) : one.stage,
      duration(one.duration),
      output.paint('dim', LED_TO[one.stage]),
      oneLine([one.type, one.eventId, one.service && `in ${one.service}`].filter(Boolean).join(' '), 80) +
        (one.error === null
          ? ''
          : `  ${output.paint('red', oneLine([one.error.type, one.error.message].filter(Boolean).join(': '), 70))}`),
    ]),
    output,
  )
  if (!exact) output.line(output.paint('dim', 'the first of them only: it has more than 1,000 events'))
}

export const transaction: Verb = (output) =>
  command({
    name: 'transaction',
    description: 'One transaction: the stages of its events in order',
    args: {
      id: { type: 'positional', description: 'Its id, as the application gave it', required: true },
      ...sourceArgs,
    },
    examples: [['agentel transaction order-4711', 'who published what, who handled it, how long each took']],
    run: (args) =>
      withSource(args, async (source) => {
        const found = await source.get<Transaction>(`/api/transactions/${encodeURIComponent(args.id)}`)
        if (args.json) output.line(JSON.stringify(found, null, 2))
        else await print(found, output)
        return EXIT.ok
      }),
  })
