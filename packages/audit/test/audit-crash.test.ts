import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openAuditReader } from '../src/index.ts'
import { temporaryFile } from './temporary-file.ts'

const child = [process.execPath, '--conditions=@agentel/source', join(import.meta.dirname, 'audit-child.ts')]

function outputOf(process: ChildProcess): { text: string } {
  const output = { text: '' }
  process.stdout!.setEncoding('utf8').on('data', (chunk: string) => (output.text += chunk))
  return output
}

it('loses nothing that was acknowledged, by a flush or a durable event, when two writing processes are killed, 10 times each, and the chain verifies', async () => {
  const file = temporaryFile()
  const promised = new Map<string, number>()
  for (let round = 0; round < 10; round++) {
    const children = ['flush', 'durable'].map((name) => {
      const process = spawn(child[0]!, [...child.slice(1), file, `${name}${round}`, name])
      return { agent: `${name}${round}`, process, output: outputOf(process) }
    })
    await Promise.all(
      children.map(async ({ agent, process, output }) => {
        await once(process.stdout, 'data')
        await setTimeout(Math.random() * 100)
        process.kill('SIGKILL')
        await once(process, 'close')
        // The last line may have been cut off; the one before it is whole.
        promised.set(agent, Number(output.text.split('\n').at(-2)))
      }),
    )
  }
  const reader = openAuditReader(file)
  expect(reader.verify()).toMatchObject({ ok: true, findings: [] })
  expect(promised.size).toBe(20)
  for (const [agent, count] of promised) {
    const numbers = reader.query({ agent, limit: 1_000_000 }).map(({ attributes }) => Number(attributes.n))
    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, i) => i + 1))
    expect(count).toBeGreaterThan(0)
    expect(numbers.length).toBeGreaterThanOrEqual(count)
  }
  reader.close()
}, 180_000)

it('has a durable event, and all before it, on disk when append returns, whatever becomes of the process then', async () => {
  const file = temporaryFile()
  const durable = join(import.meta.dirname, 'durable-child.ts')
  const process_ = spawn(process.execPath, ['--conditions=@agentel/source', durable, file, '50'], { stdio: 'inherit' })
  expect(await once(process_, 'close')).toEqual([null, 'SIGKILL'])
  const reader = openAuditReader(file)
  expect(reader.verify()).toMatchObject({ ok: true, rows: 100 })
  expect(reader.summary().bySeverity).toEqual({ 9: 50, 17: 50 })
  reader.close()
}, 60_000)

it('stops auditing, not the application, when there is no more room, and what was acknowledged verifies', async () => {
  const file = temporaryFile()
  const command = `ulimit -f 400; exec ${[...child, file, 'full'].map((word) => `'${word}'`).join(' ')}`
  const process = spawn('bash', ['-c', command])
  const output = outputOf(process)
  const [code] = (await once(process, 'close')) as [number]
  const lines = output.text.trim().split('\n')
  const stopped = JSON.parse(lines.pop()!.replace('stopped ', '')) as {
    written: number
    dropped: number
    reason: string
  }
  expect(code).toBe(0)
  expect(stopped).toMatchObject({ waiting: 0, reason: expect.stringMatching(/were not written to .*(disk|full)/) })
  expect(stopped.dropped).toBeGreaterThan(0)
  const reader = openAuditReader(file)
  expect(reader.verify()).toMatchObject({ ok: true, rows: stopped.written })
  expect(stopped.written).toBeGreaterThanOrEqual(Number(lines.at(-1)))
  reader.close()
}, 60_000)
