import { spawnSync } from 'node:child_process'
import type { AgentGraph, CostBreakdown, TraceList, TraceSkeleton } from '@agentel/console'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunExplanation } from '../src/explain-run.ts'
import { type Desk, openDesk, traceId } from './desk.ts'
import { runCli } from './run-cli.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.stop())

async function text(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await desk.run(...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

describe('agentel traces', () => {
  it('lists runs with state, tokens, cost and why one failed, the newest first', async () => {
    const [head, ...rows] = (await text('traces')).trimEnd().split('\n')
    expect(head).toMatch(/^run +state +when +took +spans +tokens +cost +what$/)
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      [
        'aaaaaaaaaaaa',
        'failed',
        expect.any(String),
        '2.00 s',
        '3',
        '400',
        '$0.00100',
        'invoke_agent planner',
        'execute_tool fetch page: timed out after 1500 ms',
      ],
      ['aaaaaaaaaaaa', 'ok', expect.any(String), '900 ms', '2', '1.20k', '$0.00450', 'invoke_agent writer'],
    ])
  })

  it('filters, sorts, and prints JSON for scripts', async () => {
    const failed = JSON.parse(await text('traces', '--status', 'error', '--json')) as TraceList
    expect(failed.traces.map((run) => run.traceId)).toEqual([traceId(2)])
    const dear = JSON.parse(await text('traces', '--sort', 'cost', '--limit', '1', '--json')) as TraceList
    expect(dear.traces.map((run) => run.traceId)).toEqual([traceId(1)])
    expect(await text('traces', 'nobody-said-this')).toContain('No run matches')
  })

  it('reads the file when it is told to, and when no console runs', async () => {
    const told = await runCli(['traces', '--json', '--data', desk.file])
    expect((JSON.parse(told.stdout) as TraceList).total).toBe(2)
    const gone = await runCli(['traces', '--url', 'http://127.0.0.1:1'])
    expect(gone).toEqual({
      code: 1,
      stdout: '',
      stderr: 'agentel: no console answers at http://127.0.0.1:1. Start one with: agentel console\n',
    })
  })

  it('passes on what the console has to say of a wrong value', async () => {
    const { code, stderr } = await desk.run('traces', '--limit', '0')
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'agentel: limit=0: give 1 to 500\n' })
    expect((await desk.run('traces', '--since', 'soon')).code).toBe(2)
  })
})

describe('agentel trace', () => {
  it('draws a run as a tree and marks the first failure and the last good step', async () => {
    const lines = (await text('trace', 'failed')).split('\n')
    expect(lines[0]).toBe('invoke_agent planner')
    expect(lines[1]).toMatch(/^failed {2}2\.00 s {2}3 spans {2}400 tokens {2}\$0\.00100/)
    expect(lines.find((line) => line.includes('└─'))).toMatch(
      /\+500 ms +1\.50 s +·{6}█{18} +└─ execute_tool fetch page \(planner\) ✗ TimeoutError {2}<- first failure$/,
    )
    expect(lines.find((line) => line.includes('├─'))).toMatch(/├─ chat gpt-4o \(planner\) {2}<- last good step$/)
    expect(lines.at(-2)).toBe(`${desk.url}/runs/${traceId(2)}`)
  })

  it('takes an id, the first digits of one when they are enough, and prints JSON or OTLP', async () => {
    const one = JSON.parse(await text('trace', traceId(1).toUpperCase(), '--json')) as TraceSkeleton
    expect(one.trace.traceId).toBe(traceId(1))
    const otlp = JSON.parse(await text('trace', traceId(1), '--otlp')) as { resourceSpans: unknown[] }
    expect(otlp.resourceSpans.length).toBe(1)
    // Both ids begin so: it could be either.
    expect((await desk.run('trace', 'aaaaaa')).code).toBe(1)
    expect((await desk.run('trace', 'nope')).code).toBe(2)
  })

  it('lets nothing through that could move the cursor or turn text round', async () => {
    // oxlint-disable-next-line no-control-regex -- exactly what must not be there
    expect(await text('trace', 'failed')).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/)
  })
})

describe('agentel why', () => {
  it('says where a run failed first, the error, the last good step, the tools and the context', async () => {
    expect((await text('why')).trimEnd().split('\n')).toEqual([
      'invoke_agent planner',
      'failed after 2.00 s',
      '',
      'first failure planner > execute_tool fetch page, at +500 ms, took 1.50 s',
      'error         TimeoutError (timeout): timed out after 1500 ms',
      'last good     chat gpt-4o (planner), at +0 ms, took 500 ms',
      'tool calls    +500 ms execute_tool fetch page (planner) TimeoutError',
      'context       desk',
      '              model gpt-4o',
      '              what it was given was not captured',
      '',
      `${desk.url}/runs/${traceId(2)}`,
    ])
  })

  it('is JSON for scripts, and says of a run that went well that it did', async () => {
    const failed = JSON.parse(await text('why', traceId(2), '--json')) as RunExplanation
    expect(failed).toMatchObject({
      failed: true,
      path: ['planner'],
      origin: { spanId: '0000000000000005', agent: 'planner', at: 500, duration: 1500, error: 'TimeoutError' },
      error: { type: 'TimeoutError', message: 'timed out after 1500 ms', category: 'timeout', stack: null },
      lastSuccess: { spanId: '0000000000000004', error: null },
      attempts: [],
      survived: [],
      similar: { total: 0, traceIds: [] },
    })
    expect(await text('why', traceId(1))).toContain('did not fail after 900 ms')
    expect((await desk.run('why', 'bbbbbbbbbbbb')).code).toBe(1)
  })
})

describe('agentel cost, agents and metrics', () => {
  it('says where the money goes', async () => {
    const costs = JSON.parse(await text('cost', '--by', 'agent', '--json')) as CostBreakdown
    expect(costs.total).toBeCloseTo(0.0055, 10)
    expect(costs.rows.map(({ value, cost }) => [value, cost])).toEqual([
      ['writer', expect.closeTo(0.0045, 10)],
      ['planner', expect.closeTo(0.001, 10)],
    ])
    expect(await text('cost')).toMatch(
      /^\$0\.00550 for 2 model calls, .* an hour\n\n(.*\n)*\$0\.00550 +100 % +2 +1\.40k +200 +gpt-4o\n$/,
    )
    expect((await desk.run('cost', '--by', 'weather')).code).toBe(2)
  })

  it('says who works, how often and how well', async () => {
    const graph = JSON.parse(await text('agents', '--json')) as AgentGraph
    expect(
      graph.nodes
        .filter(({ kind }) => kind === 'agent')
        .map(({ name, errors }) => [name, errors])
        .toSorted(),
    ).toEqual([
      ['planner', 1],
      ['writer', 0],
    ])
    expect(await text('agents', 'planner')).toMatch(
      /^planner\n.*success.*up\n +1 +0 % +\S+ s +\S+ s +400 +\$0\.00100 +-\n/,
    )
    expect(await text('agents')).toMatch(/ 1 +1 +\S+ s +\S+ s +400 +\$0\.00100 +planner\n/)
  })

  it('finds metrics by pattern and summarises one', async () => {
    expect(await text('metrics', 'queue.*')).toMatch(/queue\.depth +gauge +info +\{task\} +1 /)
    expect(await text('metrics', 'queue.depth')).toMatch(
      /^queue\.depth {2}gauge {2}\{task\}\ncount +sum .*\n +1 +- +3\.000/,
    )
    expect((await desk.run('metrics', 'none.*')).code).toBe(1)
    expect((await desk.run('metrics', 'queue.*', '--importance', 'warning')).code).toBe(1)
  })
})

describe('agentel completion', () => {
  it('gives bash a script that completes verbs and their options', async () => {
    const script = await text('completion')
    const complete = (...words: string[]): string => {
      const setUp = `COMP_WORDS=(agentel ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}`
      const { stdout } = spawnSync('bash', ['-c', `${script}\n${setUp}; _agentel; printf '%s ' "\${COMPREPLY[@]}"`])
      return stdout.toString().trim()
    }
    expect(complete('tr')).toBe('traces trace transaction')
    expect(complete('config', '')).toBe('check --help')
    expect(complete('traces', '--mi')).toBe('--min-cost --min-duration')
    expect(complete('traces', '--json', '--se')).toBe('--session --service')
  })

  it('knows zsh and fish, and refuses other shells', async () => {
    expect(await text('completion', '--shell', 'zsh')).toMatch(/^#compdef agentel\n/)
    expect(await text('completion', '--shell', 'fish')).toContain(
      "complete -c agentel -n '__fish_use_subcommand' -f -a traces",
    )
    expect((await desk.run('completion', '--shell', 'tcsh')).code).toBe(2)
  })
})
