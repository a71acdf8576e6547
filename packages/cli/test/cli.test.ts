import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VERSION } from '../src/version.ts'
import { runCli } from './run-cli.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'agentel-cli-')))
})
afterEach(() => rmSync(folder, { recursive: true }))

function addPackage(path: string, manifest: { name: string; version: string; exports?: string }): void {
  mkdirSync(join(folder, path), { recursive: true })
  writeFileSync(join(folder, path, 'package.json'), JSON.stringify(manifest))
}

interface Check {
  subject: string
  verdict: string
  found: string
  advice?: string
}

async function examine(env: Record<string, string> = {}): Promise<{ code: number | null; checks: Check[] }> {
  const quiet = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
  const { code, stdout, stderr } = await runCli(['doctor', '--json', '--cwd', folder], { ...quiet, ...env })
  expect(stderr).toBe('')
  return { code, checks: (JSON.parse(stdout) as { checks: Check[] }).checks }
}

function about(checks: readonly Check[], subject: string): Check[] {
  return checks.filter((check) => check.subject === subject)
}

describe('agentel', () => {
  it('prints its version, which is that of its package', async () => {
    const manifest = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')
    expect((JSON.parse(manifest) as { version: string }).version).toBe(VERSION)
    expect(await runCli(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' })
  })

  it('explains itself without colours when the output is no terminal', async () => {
    const { code, stdout } = await runCli(['--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(
      'console|demo|watch|traces|trace|why|cost|agents|events|transaction|workers|metrics|report|import|export|backup|alerts|rules|audit|forget|doctor|config|completion',
    )
    expect(stdout).not.toContain('\u001B')
  })

  it.each([[['nope']], [['config']], [['config', 'check']], [['doctor', '--colour']], [['console', '--port', 'x']]])(
    'ends with 2 when the command line makes no sense: %j',
    async (args) => {
      const { code, stdout, stderr } = await runCli(args)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^agentel: .+\nagentel .*--help\n$/)
    },
  )
})

describe('agentel config check', () => {
  it('ends with 0 when the file is right', async () => {
    const file = join(folder, 'otel.yaml')
    writeFileSync(file, 'file_format: "1.0"\n')
    expect(await runCli(['config', 'check', file])).toEqual({ code: 0, stdout: `${file} is right\n`, stderr: '' })
  })

  it('names a variable that the file takes and that is not set', async () => {
    const file = join(folder, 'otel.yaml')
    writeFileSync(file, 'file_format: "1.0"\nlog_level: ${AGENTEL_TEST_UNSET:-info}\ndisabled: ${AGENTEL_TEST_UNSET}\n')
    const text = `${file} is right\n${file}:3  disabled takes AGENTEL_TEST_UNSET, which is not set here and has no default\n`
    expect(await runCli(['config', 'check', file])).toEqual({ code: 0, stdout: text, stderr: '' })
    const json = await runCli(['config', 'check', '--json', file])
    expect(JSON.parse(json.stdout)).toEqual({
      file,
      ok: true,
      findings: [],
      unset: [{ name: 'AGENTEL_TEST_UNSET', path: 'disabled', line: 3 }],
    })
  })

  it('ends with 1 and names key path, line and column of what is wrong', async () => {
    const file = join(folder, 'otel.yaml')
    const head = 'file_format: "1.0"\ninstrumentation/development:\n  js:\n    agentel:\n'
    writeFileSync(file, `${head}      profile: prod\n`)
    const path = 'instrumentation/development.js.agentel.profile'
    const message = `${path} is "prod", which is not one of development, staging, production`
    expect(await runCli(['config', 'check', file])).toEqual({
      code: 1,
      stdout: `${file}:5:7  ${message}\n`,
      stderr: '',
    })
    const json = await runCli(['config', 'check', '--json', file])
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toEqual({
      file,
      ok: false,
      findings: [{ path, line: 5, column: 7, message }],
      unset: [],
    })
  })
})

describe('agentel doctor', () => {
  it('fails when the application has no OpenTelemetry api', async () => {
    const { code, checks } = await examine()
    expect(code).toBe(1)
    expect(about(checks, 'OpenTelemetry api')).toMatchObject([{ verdict: 'failure' }])
  })

  it('warns of two versions of the api, and says where they are', async () => {
    addPackage('node_modules/@opentelemetry/api', { name: '@opentelemetry/api', version: '1.9.0' })
    addPackage('node_modules/x', { name: 'x', version: '1.0.0' })
    addPackage('node_modules/x/node_modules/@opentelemetry/api', { name: '@opentelemetry/api', version: '1.10.0' })
    const { code, checks } = await examine()
    expect(code).toBe(0)
    expect(about(checks, 'OpenTelemetry api')).toEqual([
      {
        subject: 'OpenTelemetry api',
        verdict: 'warning',
        found: `2 copies: 1.9.0 in ${folder}/node_modules/@opentelemetry/api; 1.10.0 in ${folder}/node_modules/x/node_modules/@opentelemetry/api`,
        advice: expect.any(String),
      },
    ])
  })

  it('names the hosts that it finds, and what is particular about them', async () => {
    addPackage('node_modules/@opentelemetry/sdk-trace-base', {
      name: '@opentelemetry/sdk-trace-base',
      version: '2.2.0',
    })
    addPackage('node_modules/@vercel/otel', { name: '@vercel/otel', version: '2.1.3' })
    const { checks } = await examine()
    expect(about(checks, '@opentelemetry/sdk-trace-base')[0]?.advice).toContain('never calls onEnding')
    expect(about(checks, '@vercel/otel')[0]?.advice).toContain('never calls onEnding')
  })

  it('finds nothing particular about a host that is new enough', async () => {
    addPackage('node_modules/@opentelemetry/sdk-trace-base', {
      name: '@opentelemetry/sdk-trace-base',
      version: '2.9.0',
    })
    addPackage('node_modules/@sentry/node', { name: '@sentry/node', version: '11.0.0' })
    const { checks } = await examine()
    expect(about(checks, '@opentelemetry/sdk-trace-base')).toMatchObject([{ verdict: 'ok' }])
    expect(about(checks, '@sentry/node')[0]?.advice).toContain('it registers no tracer provider by default')
  })

  it('loads each copy of openai and says what of it is hooked', async () => {
    const openai = dirname(fileURLToPath(import.meta.resolve('openai')))
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(openai, join(folder, 'node_modules/openai'))
    addPackage('node_modules/y/node_modules/openai', { name: 'openai', version: '9.9.9' })
    const { checks } = await examine()
    const [real, empty] = about(checks, 'openai')
    expect(real).toMatchObject({
      verdict: 'ok',
      found: expect.stringContaining('(esm and cjs): chat.completions.create'),
    })
    expect(empty).toMatchObject({ verdict: 'warning', found: expect.stringContaining('could not be loaded') })
  })

  it('says of an SDK what of itself is hooked, and not what of the others is that it loads', async () => {
    const openai = dirname(fileURLToPath(import.meta.resolve('openai')))
    addPackage('node_modules/@openai/agents-core', {
      name: '@openai/agents-core',
      version: '9.9.9',
      exports: './index.cjs',
    })
    writeFileSync(join(folder, 'node_modules/@openai/agents-core/index.cjs'), "require('openai')\n")
    symlinkSync(openai, join(folder, 'node_modules/openai'))
    const { checks } = await examine()
    expect(about(checks, '@openai/agents-core')).toMatchObject([
      { verdict: 'warning', found: expect.stringContaining('is not hooked') },
    ])
  })

  it('fails when the environment would stop the start', async () => {
    const { code, checks } = await examine({ OTEL_BSP_SCHEDULE_DELAY: 'soon' })
    expect(code).toBe(1)
    expect(about(checks, 'configuration')).toMatchObject([
      { verdict: 'failure', found: expect.stringContaining('OTEL_BSP_SCHEDULE_DELAY') },
    ])
  })

  it('warns of a variable that agentel does not know, and of calls that would not be counted', async () => {
    const { checks } = await examine({
      AGENTEL_PROFIL: 'staging',
      OTEL_TRACES_SAMPLER: 'always_off',
      AGENTEL_SAMPLING_EXACT_METRICS: 'false',
    })
    expect(about(checks, 'configuration')[1]).toMatchObject({
      verdict: 'warning',
      found: expect.stringContaining('AGENTEL_PROFIL '),
    })
    expect(about(checks, 'sampling')).toMatchObject([{ verdict: 'warning' }])
  })

  it('says what the process would tell of its health, to whom, and whether its port is free', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const taken = await examine({ AGENTEL_HEALTH_PORT: String(port), AGENTEL_HEALTH_ENDPOINTS: 'https://a.example' })
    server.close()
    expect(about(taken.checks, 'health')).toMatchObject([
      { verdict: 'ok', found: `/livez, /readyz and /healthz on 127.0.0.1:${port}; ready with one endpoint` },
    ])
    expect(about(taken.checks, 'health port')).toMatchObject([
      { verdict: 'warning', found: `127.0.0.1:${port} is taken` },
    ])
    const open = await examine({ AGENTEL_HEALTH_PORT: String(port), AGENTEL_HEALTH_HOST: '0.0.0.0' })
    expect(open.code).toBe(1)
    expect(about(open.checks, 'health')).toMatchObject([
      { verdict: 'failure', advice: 'AGENTEL_HEALTH_TOKEN, or AGENTEL_HEALTH_HOST=127.0.0.1' },
    ])
  })

  it('says whether the endpoint answers, and sends it nothing but an empty export', async () => {
    const bodies: string[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      bodies.push(`${request.url} ${body}`)
      response.writeHead(request.url === '/v1/traces' ? 200 : 404).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: host, OTEL_LOGS_EXPORTER: 'otlp', OTEL_TRACES_EXPORTER: 'otlp' }
    const there = await examine(env)
    server.close()
    server.closeAllConnections()
    const gone = await examine({ ...env, OTEL_LOGS_EXPORTER: 'none', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })
    expect(bodies.toSorted()).toEqual(['/v1/logs {}', '/v1/traces {}'])
    expect(about(there.checks, 'endpoint')).toMatchObject([
      { verdict: 'warning', found: `${host}: it answers 404 (logs)` },
    ])
    expect(about(gone.checks, 'endpoint')).toMatchObject([
      { verdict: 'warning', found: `${host}: ECONNREFUSED (traces)` },
    ])
  })
})
