import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { agent } from '@agentel/api'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Agentel, startAgentel } from '../src/index.ts'

let folder: string
let agentel: Agentel | undefined
const servers: Server[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-sdk-health-'))
  for (const signal of ['TRACES', 'METRICS', 'LOGS']) vi.stubEnv(`OTEL_${signal}_EXPORTER`, 'none')
})
afterEach(async () => {
  await agentel?.shutdown()
  agentel = undefined
  for (const server of servers.splice(0)) await new Promise((resolve) => void server.close(resolve))
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

async function serve(status: () => number): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status()).end('{}'))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function freePort(): Promise<number> {
  const url = await serve(() => 200)
  const server = servers.pop()!
  await new Promise((resolve) => void server.close(resolve))
  return Number(new URL(url).port)
}

/** The answer, once somebody listens. */
async function ask(url: string): Promise<[number, unknown]> {
  const response = await vi.waitFor(() => fetch(url), { timeout: 30_000 })
  return [response.status, await response.json()]
}

it('answers for the process on the port that is named: what it needs, its collector, its stores, its agents', async () => {
  const [model, collector, port] = [await serve(() => 401), await serve(() => 200), await freePort()]
  vi.stubEnv('OTEL_TRACES_EXPORTER', 'otlp')
  vi.stubEnv('AGENTEL_HEALTH_PORT', String(port))
  vi.stubEnv('AGENTEL_HEALTH_ENDPOINTS', `${model}/v1/models`)
  agentel = startAgentel({ audit: { file: join(folder, 'audit.db') }, otlp: { endpoint: collector } })
  for (let i = 0; i < 3; i++) {
    expect(() =>
      agent({ name: 'researcher' }, () => {
        throw new Error('no')
      }),
    ).toThrow('no')
  }
  await agentel.forceFlush()
  const url = `http://127.0.0.1:${port}`
  expect(await ask(`${url}/livez`)).toEqual([200, { status: 'ok', checks: [] }])
  const host = new URL(model).host
  expect(await ask(`${url}/readyz`)).toEqual([
    200,
    {
      status: 'ok',
      checks: [
        { name: 'process', ok: true },
        { name: host, ok: true },
      ],
    },
  ])
  expect(await ask(`${url}/healthz`)).toMatchObject([
    503,
    {
      status: 'unhealthy',
      agents: [{ name: 'researcher', state: 'unhealthy', issues: ['the last 3 runs failed, the last with Error'] }],
      dependencies: [
        { name: host, state: 'healthy', required: true },
        { name: `collector ${new URL(collector).host}`, state: 'healthy', required: false },
        { name: 'store audit', state: 'healthy', required: false },
      ],
    },
  ])
  await agentel.shutdown()
  await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed')
})

it('is not ready without an endpoint that it needs, nor before the application says so', async () => {
  let status = 503
  const [model, port] = [await serve(() => status), await freePort()]
  agentel = startAgentel({ health: { port, endpoints: [model] } })
  const url = `http://127.0.0.1:${port}/readyz`
  expect(await ask(url)).toMatchObject([503, { checks: [{ ok: true }, { ok: false, issue: 'it answers 503' }] }])
  agentel.health()?.setReady(false, 'warming up')
  status = 200
  expect(await ask(url)).toMatchObject([503, { checks: [{ ok: false, issue: 'warming up' }, {}] }])
})

it('judges by the thresholds of the configuration', async () => {
  vi.stubEnv('AGENTEL_HEALTH_MINIMUM_RUNS', '2')
  vi.stubEnv('AGENTEL_HEALTH_DEGRADED_BELOW', '1')
  agentel = startAgentel({ health: { unhealthyBelow: 0.4 } })
  agent({ name: 'a' }, () => 1)
  expect(() => agent({ name: 'a' }, () => JSON.parse('{'))).toThrow(SyntaxError)
  expect((await agentel.health()!.report()).agents).toMatchObject([
    { name: 'a', state: 'degraded', issues: ['1 of 2 runs failed: success is below 100 %'], runs: 2, failed: 1 },
  ])
})

it('watches nothing when it is switched off, and listens nowhere', async () => {
  const port = await freePort()
  agentel = startAgentel({ health: { enabled: false, port } })
  agent({ name: 'a' }, () => 1)
  expect(agentel.health()).toBeUndefined()
  await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow('fetch failed')
})

it('stops the start for an address that is none, and where others could ask without a token', () => {
  expect(() => startAgentel({ health: { port: 0, endpoints: ['//u:secret@h'] } })).toThrow(
    'health.endpoints: one of them is no address such as https://api.example.org/v1/models',
  )
  expect(() => startAgentel({ health: { port: 0, host: '0.0.0.0' } })).toThrow(
    'health.token: 0.0.0.0 can be reached from other machines, so a token is needed',
  )
})
