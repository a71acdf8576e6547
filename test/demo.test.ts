import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import type { TraceList, TraceSkeleton } from '../packages/console/src/api/contract.ts'
import { QUESTIONS } from '../packages/demo/src/desk/questions.ts'
import { pretendedModel } from '../packages/demo/src/model/pretended-model.ts'
import { startModelServer } from '../packages/testing/src/model-server/index.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { processTable } from './process-table.ts'

const MAIN = fileURLToPath(new URL('../packages/demo/src/main.ts', import.meta.url))
const SPANS = [
  'invoke_workflow research_desk',
  'apply_guardrail question_policy',
  'plan planner',
  'chat gpt-4.1',
  'transfer researcher',
  'send researcher',
  'process planner',
  'invoke_agent researcher',
  'chat gpt-4o-mini',
  'execute_tool search_library',
  'retrieval library',
  'embeddings text-embedding-3-small',
  'execute_tool fetch_page',
  'transfer critic',
  'chat o4-mini',
  'decide next_step',
  'transfer writer',
  'chat gpt-4o',
]
const AGENTS = ['critic', 'guardrail', 'planner', 'researcher', 'writer']

let started: ChildProcess | undefined
afterEach(() => started?.kill('SIGKILL'))

const startDemo = (...args: string[]) => startDemoIn({}, ...args)

/** Waits until the demo has ended with 0; what it wrote says why when it has not. */
async function endsWell(demo: ReturnType<typeof startDemo>): Promise<void> {
  const code = await demo.ended
  expect(code, demo.output()).toBe(0)
}

function startDemoIn(variables: NodeJS.ProcessEnv, ...args: string[]) {
  const { OPENAI_API_KEY: _, ...others } = process.env
  const env = { ...others, ...variables }
  const child = spawn(process.execPath, ['--conditions=@agentel/source', MAIN, ...args], { env })
  started = child
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => (text += stripVTControlCharacters(part)))
  }
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, output: () => text, ended }
}

/** Whether a process is there and not merely waiting to be reaped. */
function isRunning(pid: number): boolean {
  return processTable().some((entry) => entry.pid === pid && !entry.state.startsWith('Z'))
}

/** The processes that the demo started, as soon as traffic is under way. */
async function childProcesses(demo: ReturnType<typeof startDemo>): Promise<number[]> {
  await expect.poll(demo.output, { timeout: 30_000 }).toMatch(/^[✓⊘✗] /m)
  const children = processTable().filter(({ parent }) => parent === demo.child.pid)
  const pids = children.map(({ pid }) => pid)
  // Two processes of agents; from source, the bundler of the page is a third.
  expect(pids.length).toBeGreaterThanOrEqual(2)
  return pids
}

/** The cells of a row of the comparison: [shown, sign, expected] each. */
function comparison(output: string, name: string): string[][] {
  const line = output.split('\n').find((candidate) => candidate.startsWith(`${name} `) && / [=≠] /.test(candidate))
  return [...(line ?? '').matchAll(/([\d.,]+) ([=≠]) ([\d.,]+)/g)].map((cell) => cell.slice(1))
}

describe('demo --once', () => {
  it('ends with 0 when the console and the ledger agree on calls, tokens, cost and errors of every agent', async () => {
    // Settings that a shell has for other applications are none of the demo's.
    const shell = { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:1' }
    const demo = startDemoIn(shell, '--once', '--questions', '24', '--port', '0', '--pace', '0')
    await endsWell(demo)
    const output = demo.output()
    for (const name of [...AGENTS, 'total']) {
      const cells = comparison(output, name)
      expect(
        cells.map(([, sign]) => sign),
        name,
      ).toEqual(['=', '=', '=', '=', '='])
      expect(
        cells.slice(0, 4).every(([shown]) => Number(shown?.replaceAll(',', '')) > 0),
        name,
      ).toBe(true)
    }
    expect(output).toMatch(/^traces +24 +24$/m)
    expect(output).toMatch(/^failed traces +2 +2$/m)
    expect(output).toMatch(/^✗ How long will the power supply of Voyager 1 last\?/m)
    expect(output).toMatch(/^⊘ What is the home address/m)
    expect(output).toContain('Console and ledger agree.')
  })
})

describe('demo', () => {
  it('shows a run as one trace through both processes, with its user, session, handoffs, decision and messages', async () => {
    const demo = startDemo('--port', '0', '--pace', '0.1')
    await childProcesses(demo)
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(demo.output())?.[0] ?? ''
    const get = async <T>(path: string) => (await (await fetch(url + path)).json()) as T
    const finished = async () => (await get<TraceList>('/api/traces?status=ok&sort=spans&limit=1')).traces[0]
    await expect.poll(async () => (await finished())?.agents.length, { timeout: 30_000 }).toBe(5)
    const trace = await finished()
    const { spans, dictionaries } = await get<TraceSkeleton>(`/api/traces/${trace?.traceId}`)
    expect(trace?.agents.toSorted()).toEqual(AGENTS)
    expect(trace?.services.toSorted()).toEqual(['research-desk', 'researcher'])
    expect(trace?.session).toMatch(new RegExp(`^${trace?.user}-\\d+$`))
    expect(QUESTIONS).toContain(trace?.title)
    expect(spans.parent.filter((parent) => parent === -1)).toHaveLength(1)
    const names = spans.name.map((name) => dictionaries.names[name])
    expect(new Set(names)).toEqual(new Set(names).union(new Set(SPANS)))
    // What the researcher's process did hangs below the message that the desk sent to it.
    const received = names.indexOf('process planner')
    expect(names[spans.parent[received] ?? -1]).toBe('send researcher')
    demo.child.kill('SIGINT')
    expect(await demo.ended).toBe(0)
  })

  it('ends every process that it started on Ctrl-C, with exit code 0', async () => {
    const demo = startDemo('--port', '0')
    const pids = await childProcesses(demo)
    demo.child.kill('SIGINT')
    expect(await demo.ended).toBe(0)
    // The bundler notices a moment later that nobody is there any more.
    await expect.poll(() => pids.filter(isRunning)).toEqual([])
  })

  it('puts everything away when --once is interrupted', async () => {
    const demo = startDemo('--once', '--port', '0', '--pace', '1')
    const pids = await childProcesses(demo)
    demo.child.kill('SIGINT')
    expect(await demo.ended).toBe(1)
    expect(demo.output()).toContain('stopped by SIGINT')
    await expect.poll(() => pids.filter(isRunning), { timeout: 10_000 }).toEqual([])
  })

  it('leaves no process behind when it is killed without warning', async () => {
    const demo = startDemo('--port', '0')
    const pids = await childProcesses(demo)
    demo.child.kill('SIGKILL')
    await demo.ended
    await expect.poll(() => pids.filter(isRunning), { timeout: 40_000 }).toEqual([])
  })

  it('uses the service that OPENAI_API_KEY is for, and has no ledger to compare with then', async () => {
    const service = await startModelServer({ scenario: pretendedModel({ pace: 0 }), apiKeys: ['sk-real'] })
    const variables = { OPENAI_API_KEY: 'sk-real', OPENAI_BASE_URL: `${service.url}/v1` }
    const demo = startDemoIn(variables, '--once', '--questions', '2', '--port', '0')
    await endsWell(demo)
    expect(new Set(service.ledger.entries.map(({ label }) => label))).toEqual(new Set(AGENTS))
    expect(demo.output()).toContain('there is nothing to compare tokens and cost with')
    expect(demo.output()).not.toContain('sk-real')
    await service.close()
  })

  it('says that the port is in use, and how to choose another', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as { port: number }
    const demo = startDemo('--port', String(port))
    expect(await demo.ended).toBe(1)
    expect(demo.output()).toContain(`${port}`)
    expect(demo.output()).toMatch(/in use/)
    expect(demo.output()).toMatch(/--port/)
    holder.close()
  })

  it.each([
    ['--port', 'http', '--port is "http"; it must be a whole number from 0 to 65535.'],
    ['--questions', '0', '--questions is "0"; it must be a whole number from 1 to 10000.'],
    ['--pace', 'fast', '--pace is "fast"; it must be a number from 0 to 100.'],
  ])('refuses %s %s', async (option, value, message) => {
    const demo = startDemo(option, value)
    expect(await demo.ended).toBe(1)
    expect(demo.output()).toContain(message)
  })
})
