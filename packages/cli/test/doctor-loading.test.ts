import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'agentel-loading-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A package that the doctor takes for the openai SDK, below a package of this name. */
function addCopy(owner: string, source: string): string {
  const path = join(folder, 'node_modules', owner, 'node_modules/openai')
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, '../../package.json'), JSON.stringify({ name: owner, version: '1.0.0' }))
  const manifest = { name: 'openai', version: '7.0.0', main: './index.js', exports: './index.js' }
  writeFileSync(join(path, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(path, 'index.js'), source)
  return path
}

/** The shape that is hooked. */
const CLASSES = `
class Completions { create() {} }
class Responses { create() {} retrieve() {} }
class Embeddings { create() {} }
class OpenAI {}
OpenAI.Chat = { Completions }
Object.assign(OpenAI, { Responses, Embeddings })
exports.OpenAI = OpenAI
`

interface Check {
  readonly subject: string
  readonly verdict: string
  readonly found: string
}

async function loaded(...args: string[]): Promise<Check[]> {
  const quiet = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
  const { stdout, stderr } = await runCli(['doctor', '--json', '--cwd', folder, ...args], quiet)
  expect(stderr).toBe('')
  return (JSON.parse(stdout) as { checks: Check[] }).checks.filter(({ subject }) => subject === 'openai')
}

describe('agentel doctor loads SDKs', () => {
  it('as many at a time as there are processors, each in a process of its own, and tells of them in order', async () => {
    const log = join(folder, 'log')
    const write = (what: string): string =>
      `require('node:fs').appendFileSync(${JSON.stringify(log)}, process.pid + ' ${what}\\n')`
    const most = availableParallelism()
    const count = most * 2 + 1
    // The first ones wait for each other, so that they are at work at the same time however busy the machine is.
    const meet = `
      const sleep = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
      const started = () => require('node:fs').readFileSync(${JSON.stringify(log)}, 'utf8').split('starts').length - 1
      for (let tries = 0; started() < ${most} && tries < 500; tries++) sleep()`
    for (let index = 0; index < count; index++)
      addCopy(`owner${index}`, [write('starts'), meet, write('ends'), CLASSES].join('\n'))
    const checks = await loaded()
    let running = 0
    let seen = 0
    const processes = new Set<string>()
    for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
      const [pid = '', what] = line.split(' ')
      processes.add(pid)
      running += what === 'starts' ? 1 : -1
      seen = Math.max(seen, running)
    }
    expect(processes.size).toBe(count)
    expect(seen).toBe(most)
    expect(checks.map(({ verdict }) => verdict)).toEqual(Array.from({ length: count }, () => 'ok'))
  })

  it('waits so long as it is told, says so when that was not enough, and ends what does not want to end', async () => {
    const pid = join(folder, 'pid')
    const path = addCopy(
      'slow',
      `require('node:fs').writeFileSync(${JSON.stringify(pid)}, String(process.pid))
      process.on('SIGTERM', () => {})
      for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)`,
    )
    expect(await loaded('--timeout', '6.5')).toMatchObject([
      { verdict: 'warning', found: `7.0.0 in ${path} could not be loaded: it took longer than 6.5 s` },
    ])
    expect(() => process.kill(Number(readFileSync(pid, 'utf8')), 0)).toThrow('ESRCH')
  })

  it('of which one prints, and keeps its process, for ever', async () => {
    addCopy('chatty', `console.log('{"hello":'); setInterval(() => console.log('still here'), 10)\n${CLASSES}`)
    expect(await loaded('--timeout', '40')).toMatchObject([
      { verdict: 'ok', found: expect.stringContaining('chat.completions.create') },
    ])
  })

  it('and says why one cannot be loaded, and another not in this way', async () => {
    const [wrong, gone] = [addCopy('wrong', 'throw new RangeError("too far")'), addCopy('gone', 'process.exit(7)')]
    const found = (await loaded()).map((check) => check.found)
    expect(found.toSorted()).toEqual([
      `7.0.0 in ${gone} could not be loaded: it ended with code 7`,
      `7.0.0 in ${wrong} could not be loaded: RangeError: too far`,
    ])
  })

  it.each(['0', '-1', 'long', '', '2147484'])('for --timeout %j is a slip', async (timeout) => {
    const { code, stderr } = await runCli(['doctor', `--timeout=${timeout}`, '--cwd', folder])
    expect({ code, first: stderr.split('\n')[0] }).toEqual({
      code: 2,
      first: `agentel: --timeout is "${timeout}"; it must be a number of seconds above 0, at most 2147483`,
    })
  })
})
