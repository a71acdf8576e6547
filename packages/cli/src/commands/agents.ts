import type { AgentGraph, AgentPage } from '@agentel/console'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT, type Output } from '../frame/output.ts'
import { sourceArgs, withSource } from '../frame/source.ts'
import { oneLine, printTable } from '../frame/text-table.ts'
import { windowArgs, windowOf } from '../frame/window.ts'

const right = 'right' as const

async function print(graph: AgentGraph, output: Output): Promise<void> {
  const { count, duration, money } = await import('@agentel/console/format')
  const failed = (n: number): string => (n === 0 ? '0' : output.paint('red', String(n)))
  const found = graph.nodes.filter(({ kind }) => kind === 'agent')
  if (found.length === 0) {
    output.line('No agent was seen. --since 7d looks further back; agentel demo sends some to look at.')
    return
  }
  printTable(
    [
      { title: 'calls', align: right },
      { title: 'failed', align: right },
      { title: 'p50', align: right },
      { title: 'p95', align: right },
      { title: 'tokens', align: right },
      { title: 'cost', align: right },
      { title: 'agent' },
    ],
    found.map((node) => [
      String(node.count),
      failed(node.errors),
      duration(node.p50),
      duration(node.p95),
      count(node.inputTokens + node.outputTokens),
      money(node.cost),
      oneLine(node.name, 60),
    ]),
    output,
  )
  const edges = graph.edges.filter(({ kind }) => kind !== 'tool')
  if (edges.length === 0) return
  output.line()
  const name = (id: string): string => oneLine(id.replace(/^(agent|tool):/, ''), 30)
  printTable(
    [
      { title: 'times', align: right },
      { title: 'failed', align: right },
      { title: 'p95', align: right },
      { title: 'who to whom' },
    ],
    edges.map(({ from, to, kind, ...edge }) => [
      String(edge.count),
      failed(edge.errors),
      duration(edge.p95),
      `${name(from)} -> ${name(to)}${kind === 'calls' ? '' : output.paint('dim', `  ${kind}`)}`,
    ]),
    output,
  )
}

async function printOne(page: AgentPage, output: Output): Promise<void> {
  const { count, duration, money, percent, UNKNOWN } = await import('@agentel/console/format')
  const { stats, successRate, uptime } = page
  output.line(output.paint('bold', oneLine(page.name, 60)))
  printTable(
    [
      ...['calls', 'success', 'p50', 'p95', 'tokens', 'cost'].map((title) => ({ title, align: right })),
      { title: 'up', align: right },
    ],
    [
      [
        String(stats.count),
        successRate === null ? UNKNOWN : percent(successRate),
        duration(stats.p50),
        duration(stats.p95),
        count(stats.inputTokens + stats.outputTokens),
        money(stats.cost),
        uptime === null ? UNKNOWN : duration(uptime),
      ],
    ],
    output,
  )
  const named = (what: string, rows: readonly { name: string; count: number; errors: number }[]): void => {
    if (rows.length === 0) return
    const list = rows.map((row) => `${oneLine(row.name, 40)} ${percent(1 - row.errors / row.count)} of ${row.count}`)
    output.line(`${what}: ${list.join(', ')}`)
  }
  named('tasks', page.tasks)
  named('tools', page.tools)
  named('models', page.models)
}

export const agents: Verb = (output) =>
  command({
    name: 'agents',
    description: 'Say who works with whom, and how well',
    args: {
      name: { type: 'positional', description: 'One agent, summed up', required: false },
      service: { type: 'string', description: 'Of this service only' },
      ...windowArgs,
      ...sourceArgs,
    },
    examples: [
      ['agentel agents planner', 'its success rate, times, cost, tasks, tools and uptime'],
      ['agentel agents --since 1h', 'agents of the last hour and their handovers'],
    ],
    run: (args) =>
      withSource(args, async (source) => {
        if (args.name !== undefined) {
          const path = `/api/agents/${encodeURIComponent(args.name)}`
          const page = await source.get<AgentPage>(path, { service: args.service, ...windowOf(args) })
          if (args.json) output.line(JSON.stringify(page, null, 2))
          else await printOne(page, output)
          return EXIT.ok
        }
        const graph = await source.get<AgentGraph>('/api/agents', { service: args.service, ...windowOf(args) })
        if (args.json) output.line(JSON.stringify(graph, null, 2))
        else await print(graph, output)
        return EXIT.ok
      }),
  })
