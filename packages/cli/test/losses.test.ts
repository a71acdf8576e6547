import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { LossList } from '@agentel/console'
import { type RunningConsole, startConsole } from '@agentel/console'
import { runCli } from './run-cli.ts'

const SPANS = 5000

let folder: string
let running: RunningConsole
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-losses-'))
  running = await startConsole({ port: 0, grpcPort: false, dataFile: join(folder, 'console.db') })
})
afterEach(async () => {
  await running.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function runCrowd(env: Record<string, string>): Promise<void> {
  const register = join(import.meta.dirname, '../../sdk/src/register.ts')
  const args = ['--conditions=@agentel/source', '--import', register, join(import.meta.dirname, 'crowd.ts')]
  const fixed = { OTEL_SERVICE_NAME: 'crowd', OTEL_EXPORTER_OTLP_ENDPOINT: running.url }
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { PATH: process.env.PATH, ...fixed, ...env } })
  expect((await once(child, 'close'))[0]).toBe(0)
}

const doctor = async (): Promise<readonly object[]> => {
  const { stdout } = await runCli(['doctor', '--json', '--cwd', folder], { AGENTEL_CONSOLE_URL: running.url })
  const { checks } = JSON.parse(stdout) as { checks: { subject: string }[] }
  return checks.filter(({ subject }) => subject === 'losses')
}

it('every span is either stored or counted as lost, by console and doctor, with the reason and what to do', async () => {
  await runCrowd({ OTEL_BSP_MAX_QUEUE_SIZE: '8192' })
  expect(await doctor()).toEqual([])
  await runCrowd({ OTEL_BSP_MAX_QUEUE_SIZE: '100', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '100' })
  const { rows } = (await (await fetch(`${running.url}/api/losses?from=-1h`)).json()) as LossList
  expect(rows).toEqual([
    {
      service: 'crowd',
      what: 'spans',
      reason: 'queue_full',
      meaning: 'the queue was full',
      advice: expect.stringContaining('OTEL_BSP_MAX_QUEUE_SIZE'),
      count: expect.any(Number),
    },
  ])
  const { store } = (await (await fetch(`${running.url}/api/status`)).json()) as {
    store: { stored: { spans: number } }
  }
  expect(store.stored.spans + rows[0]!.count).toBe(2 * SPANS)
  expect(await doctor()).toEqual([
    {
      subject: 'losses',
      verdict: 'warning',
      found: `crowd lost ${rows[0]!.count} spans in the last 24 hours: the queue was full`,
      advice: rows[0]!.advice,
    },
  ])
})
