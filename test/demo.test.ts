import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('../packages/demo/src/main.ts', import.meta.url))
const AGENTS = ['critic', 'guardrail', 'planner', 'researcher', 'writer']

let started: ChildProcess | undefined
afterEach(() => started?.kill('SIGKILL'))

function startDemo(...args: string[]) {
  const { OPENAI_API_KEY: _, ...env } = process.env
  const child = spawn(process.execPath, ['--conditions=@agentel/source', MAIN, ...args], { env })
  started = child
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => (text += stripVTControlCharacters(part)))
  }
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, output: () => text, ended }
}

/** Process ids of the children of a process. */
function childrenOf(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  return rows.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The agents' processes, as soon as traffic is under way. */
async function agentProcesses(demo: ReturnType<typeof startDemo>): Promise<number[]> {
  await expect.poll(demo.output, { timeout: 30_000 }).toMatch(/^[✓⊘✗] /m)
  const pids = childrenOf(demo.child.pid ?? 0)
  // `ps` itself is a child of the test, not of the demo.
  expect(pids).toHaveLength(2)
  return pids
}

/** The cells of a row of the comparison: [shown, sign, expected] each. */
function comparison(output: string, name: string): string[][] {
  const line = output.split('\n').find((candidate) => candidate.startsWith(`${name} `) && / [=≠] /.test(candidate))
  return [...(line ?? '').matchAll(/([\d.,]+) ([=≠]) ([\d.,]+)/g)].map((cell) => cell.slice(1))
}

describe('demo --once', () => {
  it('ends with 0 when the console and the ledger agree on calls, tokens, cost and errors of every agent', async () => {
    const demo = startDemo('--once', '--questions', '24', '--port', '0', '--pace', '0')
    expect({ code: await demo.ended, output: demo.output() }).toMatchObject({ code: 0 })
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
  it('ends every process that it started on Ctrl-C, with exit code 0', async () => {
    const demo = startDemo('--port', '0')
    const pids = await agentProcesses(demo)
    demo.child.kill('SIGINT')
    expect(await demo.ended).toBe(0)
    expect(pids.filter(isRunning)).toEqual([])
  })

  it('leaves no process behind when it is killed without warning', async () => {
    const demo = startDemo('--port', '0')
    const pids = await agentProcesses(demo)
    demo.child.kill('SIGKILL')
    await demo.ended
    await expect.poll(() => pids.filter(isRunning), { timeout: 15_000 }).toEqual([])
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
