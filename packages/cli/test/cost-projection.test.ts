import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CostBreakdown, startConsole } from '@agentel/console'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { isTelling } from '@agentel/console/format'
import { runCli } from './run-cli.ts'

const HOUR = 3_600_000
const folder = mkdtempSync(join(tmpdir(), 'agentel-projection-'))
let running: Awaited<ReturnType<typeof startConsole>>
beforeAll(async () => {
  running = await startConsole({ port: 0, grpcPort: false, dataFile: join(folder, 'a.db') })
  const begun = Math.floor(Date.now() / HOUR) * HOUR
  // A task an hour, each with a call of one dollar, in the four whole hours before this one.
  const spans = [4, 3, 2, 1].flatMap((ago) => {
    const nanos = `${BigInt(begun - ago * HOUR) * 1_000_000n}`
    const of = (spanId: string, parentSpanId: string, attributes: object[]) => ({
      traceId: `${ago}`.padStart(32, 'f'),
      spanId,
      parentSpanId,
      name: 'x',
      kind: 1,
      startTimeUnixNano: nanos,
      endTimeUnixNano: nanos,
      attributes,
    })
    const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
    return [
      of('1'.repeat(16), '', [text('agentel.task.name', 'report')]),
      of('2'.repeat(16), '1'.repeat(16), [
        text('gen_ai.operation.name', 'chat'),
        { key: 'agentel.cost.amount', value: { doubleValue: 1 } },
      ]),
    ]
  })
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
  await fetch(`${running.url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
})
afterAll(async () => {
  await running.stop()
  rmSync(folder, { recursive: true })
})

const cost = (...args: string[]) => runCli(['cost', '--url', running.url, '--since', '1d', ...args])

it('says what the next hour, day and 30 days will cost, with the interval', async () => {
  const { stdout } = await cost()
  expect(stdout).toContain(
    'if the trend goes on, next hour $1.00 ($1.00 to $1.00), day $24.00 ($24.00 to $24.00), 30 days $720 ($720 to $720)',
  )
})

it('says nothing of what is to come where it may be nothing as well as twice as much', () => {
  expect(isTelling({ expected: 12, low: 0, high: 31 })).toBe(false)
  expect(isTelling({ expected: 12, low: 0, high: 20 })).toBe(true)
  expect(isTelling({ expected: 12, low: 1, high: 31 })).toBe(true)
  expect(isTelling({ expected: 0, low: 0, high: 0 })).toBe(true)
})

it('says what each task has cost', async () => {
  const read = async () => {
    const { rows, total } = JSON.parse((await cost('--by', 'task', '--json')).stdout) as CostBreakdown
    return { rows: rows.map((row) => [row.value, row.cost, row.calls]), total }
  }
  // Once the runs are quiet.
  await vi.waitFor(async () => expect(await read()).toEqual({ rows: [['report', 4, 4]], total: 4 }), {
    timeout: 10_000,
  })
})
