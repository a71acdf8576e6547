import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

let folder: string
let sink: Server
let received: { path: string; body: string }[]
let status: number
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-verify-'))
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  received = []
  status = 200
  sink = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({ path: request.url ?? '', body: Buffer.concat(chunks).toString() })
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  })
  sink.listen(0, '127.0.0.1')
  await once(sink, 'listening')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  sink.closeAllConnections()
  sink.close()
})

const instrumentations = new URL('../../instrumentations/', import.meta.url)
const SDKS: Readonly<Record<string, string>> = {
  openai: 'openai',
  '@anthropic-ai/sdk': 'anthropic',
  ai: 'ai-sdk',
  '@langchain/core': 'langchain',
}
const install = (name: string): void => {
  const target = join(folder, 'node_modules', name)
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(fileURLToPath(new URL(`${SDKS[name]}/node_modules/${name}`, instrumentations)), target)
}

interface Found {
  subject: string
  verdict: string
  found: string
}

async function verify(env: Record<string, string> = {}, ...more: string[]) {
  const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`
  const { code, stdout, stderr } = await runCli(['doctor', '--verify', '--json', '--cwd', folder, ...more], {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    ...env,
  })
  const { checks } = JSON.parse(stdout || `{"checks": [], "why": ${JSON.stringify(stderr)}}`) as { checks: Found[] }
  return { code, about: (subject: string) => checks.find((check) => check.subject === subject) }
}

describe('agentel doctor --verify', () => {
  it.each([
    ['openai', 'chat gpt-4o-mini'],
    ['@anthropic-ai/sdk', 'chat claude-haiku-4-5'],
    ['ai', 'chat gpt-4o-mini'],
    ['@langchain/core', 'chat gpt-4o-mini'],
  ])('sends one call of %s through the set-up, and says which span it gave and that it arrived', async (sdk, name) => {
    install(sdk)
    const { about } = await verify()
    expect(about(`call of ${sdk}`)).toMatchObject({
      verdict: 'ok',
      found: expect.stringMatching(
        new RegExp(`^one span, "${name}": 12 tokens in, 2 out, \\$0\\.0000\\d+; trace [0-9a-f]{32}$`),
      ),
    })
    expect(about(`traces of ${sdk}`)).toMatchObject({ verdict: 'ok', found: '1 arrived at the endpoint' })
    expect(about(`metrics of ${sdk}`)?.verdict).toBe('ok')
    const traces = received.filter(({ path, body }) => path === '/v1/traces' && body.includes(name))
    expect(traces.length).toBe(1)
  })

  it('fails when the endpoint refuses what the call gave', async () => {
    install('openai')
    status = 401
    const { code, about } = await verify()
    expect(about('call of openai')?.verdict).toBe('ok')
    expect(about('traces of openai')).toMatchObject({
      verdict: 'failure',
      found: expect.stringContaining('did not arrive'),
    })
    expect(code).toBe(1)
  })

  it('says so when nothing is recorded, and when there is nothing to call', async () => {
    expect((await verify()).about('call')?.found).toContain('nothing to call')
    install('openai')
    expect((await verify({ AGENTEL_DISABLED: 'true' })).about('call of openai')).toMatchObject({
      verdict: 'warning',
      found: expect.stringContaining('nothing is recorded'),
    })
  })

  it('starts as the application does, with what it imports first', async () => {
    install('openai')
    writeFileSync(join(folder, 'telemetry.mjs'), `process.env.OTEL_SERVICE_NAME = 'named-by-the-import'\n`)
    await verify({}, '--import', './telemetry.mjs')
    expect(received.some(({ body }) => body.includes('named-by-the-import'))).toBe(true)
  })

  it('sends nothing of the kind without being asked to', async () => {
    install('openai')
    const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`
    await runCli(['doctor', '--cwd', folder], {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    })
    expect(received.filter(({ body }) => body.includes('gpt-4o-mini'))).toEqual([])
  })
})
