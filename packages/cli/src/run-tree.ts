import type { TraceSkeleton } from '@agentel/console'
import { count, duration, money, offset, plural } from '@agentel/console/format'
import type { Output } from './frame/output.ts'
import { oneLine, printTable } from './frame/text-table.ts'

/** How a run is printed. */
export interface RunTreeOptions {
  /** Every span; else many alike beside each other are one line. */
  readonly all: boolean
  /** Where the console's page is, for the link. */
  readonly page: string | null
}

const BAR = 24
/** So many entries of a list are printed. */
const MOST_LISTED = 12
/** So many siblings of one name are drawn one by one. */
const ALIKE = 5
/** Deeper levels are not moved further right. */
const DEEPEST = 24

interface Line {
  readonly row: number
  /** Rows that this line stands for, itself included. */
  readonly rows: readonly number[]
  /** Lines of the tree before the name. */
  readonly stem: string
}

function childrenOf({ spans }: TraceSkeleton): Map<number, number[]> {
  const children = new Map<number, number[]>()
  spans.parent.forEach((parent, row) => {
    const known = children.get(parent)
    if (known === undefined) children.set(parent, [row])
    else known.push(row)
  })
  return children
}

/** Siblings in order; many that share a name and did well become one entry. */
function foldAlike(skeleton: TraceSkeleton, rows: readonly number[], all: boolean): (readonly number[])[] {
  const byName = Map.groupBy(rows, (row) => skeleton.spans.name[row]!)
  const folded = new Map<number, number[]>()
  for (const alike of byName.values()) {
    const quiet = alike.filter((row) => skeleton.spans.status[row] !== 2)
    if (!all && quiet.length > ALIKE) folded.set(quiet[0]!, quiet)
  }
  const hidden = new Set([...folded.values()].flatMap((group) => group.slice(1)))
  return rows.filter((row) => !hidden.has(row)).map((row) => folded.get(row) ?? [row])
}

/** The lines of the tree, top down. Iterative: a trace may be hundreds of levels deep. */
function linesOf(skeleton: TraceSkeleton, all: boolean): Line[] {
  const children = childrenOf(skeleton)
  const lines: Line[] = []
  const waiting = foldAlike(skeleton, children.get(-1) ?? [], all)
    .map((rows) => ({ rows, stem: '', indent: '', depth: 0 }))
    .toReversed()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const row = next.rows[0]!
    lines.push({ row, rows: next.rows, stem: next.stem })
    if (next.rows.length > 1) continue
    const below = foldAlike(skeleton, children.get(row) ?? [], all)
    const { indent, depth } = next
    for (let i = below.length - 1; i >= 0; i--) {
      const last = i === below.length - 1
      const deep = depth >= DEEPEST
      const stem = deep ? indent : `${indent}${last ? '└─ ' : '├─ '}`
      waiting.push({
        rows: below[i]!,
        stem,
        indent: deep ? indent : `${indent}${last ? '   ' : '│  '}`,
        depth: depth + 1,
      })
    }
  }
  return lines
}

function sum(values: readonly (number | null)[], rows: readonly number[]): number | null {
  const known = rows.map((row) => values[row]).filter((value) => value !== null && value !== undefined)
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
}

function bar(start: number, length: number, whole: number): string {
  const cell = (time: number): number => Math.min(BAR, Math.max(0, Math.round((time / whole) * BAR)))
  const from = Math.min(BAR - 1, cell(start))
  const to = Math.max(from + 1, cell(start + length))
  return `${'·'.repeat(from)}${'█'.repeat(to - from)}${'·'.repeat(BAR - to)}`
}

function nameOf(skeleton: TraceSkeleton, { row, rows, stem }: Line, output: Output): string {
  const { dictionaries, spans, marks, failure } = skeleton
  const name = oneLine(dictionaries.names[spans.name[row]!] ?? '', 48)
  const agent = dictionaries.agents[spans.agent[row]!]
  const whose = agent !== undefined && !name.includes(agent) ? output.paint('dim', ` (${oneLine(agent, 24)})`) : ''
  const many = rows.length > 1 ? output.paint('dim', ` x ${rows.length}`) : ''
  const type = dictionaries.errorTypes[spans.errorType[row]!]
  const survived = marks.recovered.includes(row)
  const error =
    spans.status[row] === 2
      ? output.paint(
          survived ? 'yellow' : 'red',
          ` ${survived ? '○' : '✗'}${type === undefined ? '' : ` ${oneLine(type, 40)}`}`,
        )
      : ''
  const place =
    row === failure.origin
      ? output.paint('red', '  <- first failure')
      : row === failure.lastSuccess
        ? output.paint('green', '  <- last good step')
        : ''
  return output.paint('dim', stem) + name + many + whose + error + place
}

function printHead({ trace }: TraceSkeleton, output: Output): void {
  const state = { ok: 'ok', error: 'failed', open: 'open' }[trace.status]
  const colour = trace.status === 'error' ? 'red' : trace.status === 'ok' ? 'green' : 'dim'
  output.line(output.paint('bold', oneLine(trace.title, 100)))
  const figures = [
    output.paint(colour, state),
    duration(trace.duration),
    plural(trace.spans, 'span'),
    `${count(trace.inputTokens + trace.outputTokens)} tokens`,
    money(trace.cost) + (trace.unpriced > 0 ? ` and ${plural(trace.unpriced, 'call')} without a price` : ''),
    new Date(trace.startTime).toISOString(),
  ]
  output.line(figures.join('  '))
  output.line(output.paint('dim', `run ${trace.traceId}`))
  if (trace.error !== null && trace.status === 'error')
    output.line(
      output.paint(
        'red',
        `Failed in ${oneLine(trace.error.name)}: ${oneLine(trace.error.message ?? trace.error.type ?? 'no reason given', 160)}`,
      ),
    )
  output.line()
}

/** Which tools the model asked for once it had seen the results of which others; each pair of names once. */
function toolOrder({ dictionaries, spans, toolDependencies }: TraceSkeleton): string[] {
  const named = (rows: readonly number[]): string[] => [
    ...new Set(rows.flatMap((row) => dictionaries.tools[spans.tool[row]!] ?? [])),
  ]
  const pairs = new Map<string, number>()
  for (const { rows, on } of toolDependencies) {
    const before = named(on)
    for (const tool of named(rows))
      for (const other of before) {
        const pair = `${oneLine(tool, 30)} after ${oneLine(other, 30)}`
        pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
      }
  }
  return [...pairs].map(([pair, times]) => (times > 1 ? `${pair} (${times} times)` : pair))
}

/** A heading and its entries in one line; without entries nothing. */
function printList(title: string, entries: readonly string[], output: Output): void {
  if (entries.length > 0)
    output.line(`${title}: ${entries.slice(0, MOST_LISTED).join(', ')}${entries.length > MOST_LISTED ? ', …' : ''}`)
}

/** Prints a run: what it was, why it failed, and its spans as a tree with times, tokens and cost. */
export function printRun(skeleton: TraceSkeleton, options: RunTreeOptions, output: Output): void {
  const { trace, spans } = skeleton
  printHead(skeleton, output)
  const whole = Math.max(trace.duration, 0.001)
  const rows = linesOf(skeleton, options.all).map((line) => {
    const start = spans.start[line.row]!
    const end = Math.max(...line.rows.map((row) => spans.start[row]! + spans.duration[row]!))
    const input = sum(spans.inputTokens, line.rows)
    const output_ = sum(spans.outputTokens, line.rows)
    const cost = sum(spans.cost, line.rows)
    return [
      offset(start),
      duration(end - start),
      bar(start, end - start, whole),
      input === null && output_ === null ? '' : count((input ?? 0) + (output_ ?? 0)),
      cost === null ? '' : money(cost),
      nameOf(skeleton, line, output),
    ]
  })
  const right = 'right' as const
  printTable(
    [
      { title: 'at', align: right },
      { title: 'took', align: right },
      { title: '' },
      { title: 'tokens', align: right },
      { title: 'cost', align: right },
      { title: 'span' },
    ],
    rows,
    output,
  )
  const handed = skeleton.handoffs.map(({ from, to, at }) => `${oneLine(from, 30)} -> ${oneLine(to, 30)} ${offset(at)}`)
  const order = toolOrder(skeleton)
  if (handed.length + order.length > 0) output.line()
  printList('Handed over', handed, output)
  printList('Asked for', order, output)
  if (options.page !== null) output.line(output.paint('dim', `\n${options.page}/runs/${trace.traceId}`))
}
