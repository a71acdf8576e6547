import { duration, offset, plural } from '@agentel/console/format'
import type { Output } from './frame/output.ts'
import { oneLine } from './frame/text-table.ts'
import type { RunExplanation, RunStep } from './explain-run.ts'

/** So many entries of a list are printed; of the rest, how many there are. */
const MOST = 8
const MARGIN = 14

const named = ({ name, agent }: RunStep): string =>
  oneLine(name, 60) + (agent === null || name.includes(agent) ? '' : ` (${oneLine(agent, 24)})`)

function listed<T>(entries: readonly T[], print: (entry: T) => string): string[] {
  const shown = entries.slice(0, MOST).map(print)
  return entries.length > MOST ? [...shown, `and ${entries.length - MOST} more`] : shown
}

/** A heading and its lines; without lines nothing. */
function section(output: Output, title: string, lines: readonly string[]): void {
  for (const [i, line] of lines.entries())
    output.line(output.paint('dim', (i === 0 ? title : '').padEnd(MARGIN)) + line)
}

function contextLines({ context }: RunExplanation): string[] {
  const { user, session, services, model, settings, tools, input } = context
  const settingsText = Object.entries(settings)
    .filter(([key]) => key !== 'model')
    .map(([key, value]) => `${key} ${oneLine(JSON.stringify(value), 40)}`)
  const who = [user === null ? '' : `user ${user}`, session === null ? '' : `session ${session}`, services.join(', ')]
  return [
    who
      .filter((part) => part !== '')
      .map((part) => oneLine(part, 60))
      .join(', '),
    model === null ? '' : [`model ${oneLine(model, 40)}`, ...settingsText].join(', '),
    tools.length === 0 ? '' : `tools available: ${listed(tools, (tool) => oneLine(tool, 40)).join(', ')}`,
    input === null ? 'what it was given was not captured' : `given: ${oneLine(JSON.stringify(input), 200)}`,
  ].filter((line) => line !== '')
}

/** Prints why a run failed: where first, with which error, what had been tried and what had worked. */
export function printExplanation(why: RunExplanation, page: string | null, output: Output): void {
  output.line(output.paint('bold', oneLine(why.title, 100)))
  const { origin, error } = why
  const state = why.failed ? output.paint('red', 'failed') : output.paint('green', 'did not fail')
  output.line(`${state} after ${duration(why.duration)}\n`)
  if (origin !== null && error !== null) {
    const way = [...why.path.map((agent) => oneLine(agent, 30)), oneLine(origin.name, 60)].join(' > ')
    section(output, why.failed ? 'first failure' : 'first error', [
      `${way}, at ${offset(origin.at)}, took ${duration(origin.duration)}`,
    ])
    const message = oneLine(error.message ?? 'no message', 300)
    section(output, 'error', [
      output.paint('red', `${oneLine(error.type ?? 'error', 60)} (${error.category}): ${message}`),
    ])
    section(
      output,
      'stack',
      listed((error.stack ?? '').split('\n').filter(Boolean), (line) => oneLine(line, 140)),
    )
    const tries = listed(
      why.attempts,
      (one) => `${oneLine(one.error ?? '', 40)} at ${offset(one.at)}, then waited ${duration(one.wait)}`,
    )
    section(output, `tried before`, tries)
  }
  const good = why.lastSuccess
  if (good !== null)
    section(output, 'last good', [`${named(good)}, at ${offset(good.at)}, took ${duration(good.duration)}`])
  section(
    output,
    'tool calls',
    listed(
      why.toolCalls,
      (one) => `${offset(one.at)} ${named(one)} ${one.error === null ? 'ok' : oneLine(one.error, 40)}`,
    ),
  )
  section(
    output,
    'survived',
    listed(why.survived, (one) => `${named(one)}: ${oneLine(one.error ?? '', 40)}`),
  )
  section(output, 'context', contextLines(why))
  const { total, traceIds } = why.similar
  if (total > 0)
    section(output, 'similar', [
      `${plural(total, 'run')} in 7 days: ${traceIds.map((id) => id.slice(0, 12)).join(' ')}`,
    ])
  if (page !== null) output.line(output.paint('dim', `\n${page}/runs/${why.traceId}`))
}
