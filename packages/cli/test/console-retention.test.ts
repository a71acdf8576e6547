import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConsoleStatus } from '@agentel/console'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cliEnvironment, MAIN, runCli } from './run-cli.ts'

const HOUR = 3_600_000
const FILE = `file_format: "1.0"
instrumentation/development:
  js:
    agentel:
      profile: \${APP_ENVIRONMENT}
      console: {metric_retention_hours: 24, keep_share: 0.1}
      profiles:
        staging: {console: {retention_hours: 6, error_retention_hours: 72}}
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-retention-'))
  writeFileSync(join(folder, 'otel.yaml'), FILE)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a console that was started so says of its retention, in hours. */
async function retention(env: Record<string, string>, ...args: string[]) {
  const always = [
    '--conditions=@agentel/source',
    MAIN,
    'console',
    '--port',
    '0',
    '--no-grpc',
    '--data',
    join(folder, 'a.db'),
  ]
  const child = spawn(process.execPath, [...always, ...args], {
    env: cliEnvironment(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  const url = await new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const [, found] = /Console: +(\S+)\n/.exec(text) ?? []
      if (found !== undefined) resolve(found)
    })
  })
  const status = (await (await fetch(`${url}/api/status`)).json()) as ConsoleStatus
  child.kill('SIGTERM')
  await once(child, 'exit')
  const { maxAge, maxErrorAge, maxMetricAge, keepShare } = status.retention
  return { runs: maxAge! / HOUR, failed: maxErrorAge! / HOUR, points: maxMetricAge! / HOUR, keepShare }
}

describe('agentel console', { timeout: 30_000 }, () => {
  it('keeps a week, failed runs a month, when nothing is said', async () => {
    expect(await retention({})).toEqual({ runs: 168, failed: 720, points: 168, keepShare: 0 })
  })

  it.each([
    ['development', 2],
    ['staging', 12],
    ['production', 48],
  ])('keeps what the profile %s says, %i hours', async (profile, hours) => {
    expect(await retention({ AGENTEL_PROFILE: profile })).toMatchObject({ runs: hours })
  })

  it('keeps what the file says for the environment, and what its own options say before that', async () => {
    const env = { OTEL_CONFIG_FILE: join(folder, 'otel.yaml'), APP_ENVIRONMENT: 'staging' }
    expect(await retention(env)).toEqual({ runs: 6, failed: 72, points: 24, keepShare: 0.1 })
    expect(await retention(env, '--max-age', '1', '--keep-share', '0.5', '--max-metric-age', '2')).toEqual({
      runs: 24,
      failed: 72,
      points: 48,
      keepShare: 0.5,
    })
  })

  it('does not start with a configuration that is wrong', async () => {
    const { code, stderr } = await runCli(['console'], { AGENTEL_CONSOLE_RETENTION_HOURS: 'long' })
    expect(code).not.toBe(0)
    expect(stderr).toContain('AGENTEL_CONSOLE_RETENTION_HOURS="long" is not a number of at least 0.01')
  })
})
