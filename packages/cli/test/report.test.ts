/** What a report says of what was sent, beside the time before, word for word. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningConsole, startConsole } from '@agentel/console'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { send } from './desk.ts'
import { FAILED_RUN } from './failed-run.ts'
import { agent, chat, runRequest, type Step } from './otlp-run.ts'
import { runHere } from './run-here.ts'

const RUN = 'f1'.repeat(16)
const MINUTE = 60_000
// Whole minutes, as the store counts them; two windows of ten.
const until = Math.floor(Date.now() / MINUTE) * MINUTE
const since = until - 10 * MINUTE

const plain = (cost: number): readonly Step[] => [
  { name: 'invoke_agent planner', from: 0, to: 1000, attributes: agent('planner') },
  {
    name: 'chat gpt-4o',
    below: 1,
    from: 0,
    to: 1000,
    kind: 3,
    attributes: { ...chat('gpt-4o', 1000, 0), 'agentel.cost.amount': cost },
  },
]
const unpriced: readonly Step[] = [{ name: 'chat <house>', from: 0, to: 10, attributes: chat('<house>', 1, 1) }]

let folder: string
let running: RunningConsole
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-report-'))
  running = await startConsole({ port: 0, grpcPort: false, dataFile: join(folder, 'console.db') })
  const at = since + MINUTE
  await send(running.url, 'traces', runRequest('a1'.repeat(16), at - 10 * MINUTE, plain(0.5)))
  await send(running.url, 'traces', runRequest('a2'.repeat(16), at, plain(0.25)))
  await send(running.url, 'traces', runRequest(RUN, at + 1000, FAILED_RUN))
  await send(running.url, 'traces', runRequest('a3'.repeat(16), at + 2000, unpriced))
  const record = {
    timeUnixNano: `${BigInt(at) * 1_000_000n}`,
    severityNumber: 17,
    eventName: 'agentel.alert.state_changed',
    body: { stringValue: 'Too | dear' },
    attributes: [{ key: 'gen_ai.agent.name', value: { stringValue: 'writer' } }],
  }
  await send(running.url, 'logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })
  await vi.waitFor(async () => expect(await report('markdown')).toContain('planner → writer'), 10_000)
})
afterAll(async () => {
  await running.stop()
  rmSync(folder, { recursive: true })
})

async function report(format: string): Promise<string> {
  const window = ['--since', new Date(since).toISOString(), '--until', new Date(until).toISOString()]
  const { code, stdout, stderr } = await runHere(['report', '--format', format, ...window, '--url', running.url])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}
const stamp = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ')

/** The lines under a heading, until the next one. */
async function section(title: string): Promise<string[]> {
  const [, after = ''] = (await report('markdown')).split(`## ${title}\n\n`)
  return after.split('\n\n## ')[0]!.trimEnd().split('\n')
}

it('begins with the figures beside those of the time before, and with what has no price', async () => {
  expect((await report('markdown')).split('\n\n## ')[0]!.split('\n')).toEqual([
    '# What the agents did',
    '',
    `${stamp(since)} to ${stamp(until)} UTC. 33 % of the runs failed.`,
    '',
    '|  | this time | the time before | change |',
    '|---|---:|---:|---:|',
    '| Runs | 3 | 1 | +200 % |',
    '| Failed runs | 1 | 0 |  |',
    expect.stringMatching(/^\| Duration of a run, p50 \| [\d.]+ s \| [\d.]+ s \| as before \|$/),
    expect.stringMatching(/^\| Duration of a run, p95 \| [\d.]+ s \| [\d.]+ s \| \+\d+ % \|$/),
    '| Model calls | 4 | 1 | +300 % |',
    '| Tool calls | 12 | 0 |  |',
    '| Failed tool calls | 5 | 0 |  |',
    '| Tokens | 4.30k | 1.00k | +330 % |',
    '| Cost | $0.261 | $0.500 | -48 % |',
    '',
    String.raw`1 call without a price is not in the cost: \<house\> (1).`,
  ])
})

it('says what failed, with the reason', async () => {
  expect(await section('What failed')).toEqual([
    expect.stringMatching(/^Errors of spans: DiskError 5, NotFound 2\.$/),
    '',
    '| run | when | took | reason | id |',
    '|---|---:|---:|---:|---:|',
    String.raw`| Write it down | ${stamp(since + MINUTE)} | 3.00 s | execute\_tool save: the disk is full | ${RUN} |`,
  ])
})

it('has the signals, the handovers, and the figures of agents, models and tools', async () => {
  expect(await section('Anomalies, alerts, budgets')).toEqual([
    '| what | who | when |',
    '|---|---:|---:|',
    String.raw`| Too \| dear | writer | ${stamp(since + MINUTE)} |`,
  ])
  expect((await section('Who handed over to whom')).slice(2).map((line) => line.split(' | ').slice(0, 3))).toEqual(
    expect.arrayContaining([['| planner → writer', '1', '0']]),
  )
  const names = async (title: string) =>
    (await section(title)).slice(2).map((line) => line.split(' | ').slice(0, 3).join(' ').slice(2))
  expect((await names('Agents')).toSorted()).toEqual(['planner 2 0', 'writer 1 1 (100 %)'])
  expect((await names('Models')).toSorted()).toEqual([String.raw`\<house\> 1 0`, 'gpt-4o 3 0'])
  expect((await names('Tools')).toSorted()).toEqual(['fetch 8 1 (13 %)', 'look 1 1 (100 %)', 'save 3 3 (100 %)'])
})

it('is the same as HTML, where nothing of telemetry is mark-up', async () => {
  const html = await report('html')
  expect(html).toContain('<h1>What the agents did</h1>')
  expect(html).toContain('<td>Too | dear</td><td>writer</td>')
  expect(html).toContain('&#60;house&#62; (1).</p>')
  expect(html).not.toContain('<house>')
})

it('says so when nothing ran', async () => {
  const words = ['report', '--since', '2026-01-01', '--until', '2026-01-02', '--url', running.url]
  const { stdout } = await runHere(words)
  expect(stdout).toMatch(/^# What the agents did\n\n2026-01-01 00:00 to 2026-01-02 00:00 UTC\\?\. Nothing ran\.\n\n\|/)
  expect(stdout).not.toContain('##')
})
