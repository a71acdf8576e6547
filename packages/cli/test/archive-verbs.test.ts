import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { CostBreakdown, LiveEvent, MetricSeriesList, TraceList } from '@agentel/console'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, openDesk, send, traceId } from './desk.ts'
import { cliEnvironment, MAIN, runCli } from './run-cli.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  const record = { timeUnixNano: `${BigInt(Date.now() - 60_000) * 1_000_000n}`, body: { stringValue: 'remember' } }
  await send(desk.url, 'logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })
})
afterAll(() => desk.stop())

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await desk.run(...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

const inFile = async (file: string) => {
  const { stdout } = await runCli(['traces', '--json', '--data', file])
  const { traces } = JSON.parse(stdout) as TraceList
  return traces.map(({ traceId: id, spans, status, cost }) => ({ id, spans, status, cost }))
}

describe('agentel export and import', () => {
  it('bring an archive back as it was, in a file without a console', async () => {
    const archive = join(desk.folder, 'all.jsonl.gz')
    expect(await ok('export', archive)).toBe(`${archive}: 5 spans, 1 log records, 1 metric points\n`)
    expect(statSync(archive).mode & 0o777).toBe(0o600)
    const lines = gunzipSync(readFileSync(archive)).toString().trimEnd().split('\n')
    expect(lines.map((line) => Object.keys(JSON.parse(line) as object))).toEqual([
      ['resourceSpans'],
      ['resourceLogs'],
      ['resourceMetrics'],
    ])
    const other = join(desk.folder, 'other.db')
    const { code, stdout } = await runCli(['import', archive, '--data', other])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${archive}: 3 requests stored\n` })
    const figures = async (file: string) => {
      const read = async (...args: string[]): Promise<unknown> =>
        JSON.parse((await runCli([...args, '--json', '--data', file])).stdout)
      const { series } = (await read('metrics', 'queue.depth')) as MetricSeriesList
      const { total, rows } = (await read('cost')) as CostBreakdown
      return { series, total, rows }
    }
    expect(await figures(other)).toEqual(await figures(desk.file))
    expect(await inFile(other)).toEqual(await inFile(desk.file))
    expect((await desk.run('export', archive)).code).toBe(2)
  })

  it('write to the standard output, and read a single trace over many lines', async () => {
    expect((await ok('export', '--signal', 'logs')).split('\n').length).toBe(2)
    const file = join(desk.folder, 'one.json')
    const otlp = JSON.parse(await ok('trace', traceId(1), '--otlp')) as object
    writeFileSync(file, JSON.stringify(otlp, null, 2))
    expect(await ok('import', file)).toBe(`${file}: 1 request stored\n`)
    // It was there: nothing is doubled.
    expect((JSON.parse(await ok('traces', '--json')) as TraceList).traces.map(({ spans }) => spans)).toEqual([3, 2])
  })

  it('name the lines that are no OTLP, and store the others', async () => {
    const file = join(desk.folder, 'mixed.jsonl')
    writeFileSync(file, '{"resourceSpans":[]}\n{"spans":[]}\n{"resourceSpans":[{"scopeSpans":[{"spans":[7]}]}]}\n')
    const { code, stdout, stderr } = await desk.run('import', file)
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${file}: 1 request stored\n` })
    expect(stderr).toContain(`${file}:2  has none of resourceSpans, resourceLogs, resourceMetrics: no OTLP\n`)
    expect(stderr).toContain(`${file}:3  `)
    expect((await desk.run('import', join(desk.folder, 'nowhere'))).code).toBe(1)
  })
})

describe('agentel backup', () => {
  it('copies the store while the console writes, and overwrites nothing', async () => {
    const copy = join(desk.folder, 'copy.db')
    expect(await ok('backup', copy)).toMatch(/copy\.db: .* [kM]B\n$/)
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    expect(await inFile(copy)).toEqual(await inFile(desk.file))
    expect((await desk.run('backup', copy)).stderr).toContain('is there already; a backup overwrites nothing')
    const nowhere = join(desk.folder, 'no/such/folder.db')
    expect((await desk.run('backup', nowhere)).code).toBe(1)
    expect(existsSync(nowhere)).toBe(false)
  })
})

describe('agentel report', () => {
  it('sums up a time range in Markdown', async () => {
    const text = await ok('report')
    expect(text).toMatch(/^# What the agents did\n\n\d{4}-.* UTC\\?\. 50 % of the runs failed\.\n/)
    expect(text).toContain('| Runs | 2 | 0 |')
    expect(text).toContain('| Cost | $0.00550 | - |')
    expect(text).toMatch(
      /\| invoke\\_agent planner \| .* \| 2\.00 s \| execute\\_tool fetch page: timed out after 1500 ms \|/,
    )
    expect(text).toMatch(/\| gpt-4o \| 2 \| 0 \| .* \| 1\.60k \| \$0\.00550 \|/)
  })

  it('is one HTML file that fetches nothing and runs nothing', async () => {
    const file = join(desk.folder, 'report.html')
    expect(await ok('report', '--format', 'html', '--out', file)).toBe(`${file}\n`)
    const html = readFileSync(file, 'utf8')
    expect(html).toMatch(/^<!doctype html>/)
    expect(html).toContain('<td>execute_tool fetch page: timed out after 1500 ms</td>')
    expect(html).not.toMatch(/<script|src=|href=/)
  })
})

describe('agentel watch', () => {
  /** Starts it, waits for a line, ends it as Ctrl-C does. */
  async function watch(args: readonly string[], seen: (text: string) => boolean) {
    const child = spawn(process.execPath, ['--conditions=@agentel/source', MAIN, 'watch', ...args], {
      env: cliEnvironment({ AGENTEL_CONSOLE_URL: desk.url }),
    })
    let text = ''
    for await (const chunk of child.stdout) {
      text += String(chunk)
      if (seen(text)) break
    }
    child.kill('SIGINT')
    const [code] = (await once(child, 'close')) as [number]
    return { code, text }
  }

  it('prints the events of the stream as JSON lines, and ends well at Ctrl-C', async () => {
    const { code, text } = await watch(['--json'], (so) => so.includes('\n'))
    expect(code).toBe(0)
    expect((JSON.parse(text.split('\n')[0]!) as LiveEvent).type).toBe('hello')
  })

  it('prints a line for each run that ends, without moving a cursor', async () => {
    const ended = new AbortController()
    const start = Date.now()
    // Sent again and again until it is seen: when the stream is open is not told.
    const sending = (async () => {
      for (let n = 0; !ended.signal.aborted; n++) {
        const nanos = (millis: number): string => `${BigInt(start + millis) * 1_000_000n}`
        const times = { startTimeUnixNano: nanos(0), endTimeUnixNano: nanos(250) }
        const span = { traceId: `${n}`.padStart(32, 'c'), spanId: '00000000000000c1', name: 'nightly job', ...times }
        await send(desk.url, 'traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    })()
    const { code, text } = await watch([], (so) => so.includes('nightly job'))
    ended.abort()
    await sending
    expect(code).toBe(0)
    expect(text.split('\n')[0]).toMatch(/^\S+Z {2}ok {2}c+\d* {2}nightly job \(250 ms, 1 span, -\)$/)
    expect(text).not.toContain('\u001B')
  })
})
