import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import {
  createHealthMonitor,
  type HealthMonitor,
  type HealthServer,
  type HealthServerOptions,
  startHealthServer,
} from '../src/index.ts'

let health: HealthMonitor
let server: HealthServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
  health.close()
})

async function start(options: Partial<HealthServerOptions> = {}): Promise<string> {
  health = createHealthMonitor()
  server = await startHealthServer({ health, port: 0, ...options })
  return `http://127.0.0.1:${server.port}`
}

async function ask(url: string, init?: RequestInit): Promise<[number, unknown]> {
  const response = await fetch(url, init)
  return [response.status, await response.json()]
}

it('answers that the process lives, and 503 with the reason when a check of its own says that it does not', async () => {
  const url = await start()
  expect(await ask(`${url}/livez`)).toEqual([200, { status: 'ok', checks: [] }])
  const stop = health.addLivenessCheck('queue', () => 'nothing taken for an hour')
  expect(await ask(`${url}/livez?verbose`)).toEqual([
    503,
    { status: 'failed', checks: [{ name: 'queue', ok: false, issue: 'nothing taken for an hour' }] },
  ])
  stop()
  expect(await ask(`${url}/livez`)).toEqual([200, { status: 'ok', checks: [] }])
})

it('is ready when all that it requires is there and nobody has set it otherwise', async () => {
  const url = await start()
  let missing: string | undefined
  health.addDependency({ name: 'model', check: () => missing, cacheMs: 0 })
  health.addDependency({ name: 'cache', check: () => 'gone', required: false })
  const ready = {
    status: 'ok',
    checks: [
      { name: 'process', ok: true },
      { name: 'model', ok: true },
    ],
  }
  expect(await ask(`${url}/readyz`)).toEqual([200, ready])
  missing = 'it answers 503'
  expect(await ask(`${url}/readyz`)).toEqual([
    503,
    {
      status: 'failed',
      checks: [
        { name: 'process', ok: true },
        { name: 'model', ok: false, issue: 'it answers 503' },
      ],
    },
  ])
  missing = undefined
  health.setReady(false, 'ending')
  expect(await ask(`${url}/readyz`)).toMatchObject([503, { checks: [{ issue: 'ending' }, { ok: true }] }])
  health.setReady(true)
  expect(await ask(`${url}/readyz`)).toEqual([200, ready])
})

it('tells how agents, workers and dependencies are, 503 when something does not work', async () => {
  const url = await start()
  let problem: string | undefined = 'gone'
  health.addDependency({ name: 'cache', check: () => problem, required: false, cacheMs: 0 })
  health.heartbeat({ agent: 'researcher' })
  health.heartbeat({ worker: 'indexer' })
  const [status, body] = await ask(`${url}/healthz`)
  expect(status).toBe(200)
  const seen = { state: 'healthy', issues: [], lastSeen: expect.stringMatching(/^\d{4}-.*Z$/), runs: 0, failed: 0 }
  expect(body).toEqual({
    status: 'degraded',
    agents: [{ name: 'researcher', ...seen }],
    workers: [{ name: 'indexer', ...seen }],
    dependencies: [
      {
        name: 'cache',
        state: 'unhealthy',
        issues: ['gone'],
        required: false,
        responseMs: expect.any(Number),
        checkedAt: expect.stringMatching(/Z$/),
      },
    ],
    unlisted: 0,
  })
  problem = undefined
  health.addPing({ agent: 'researcher', ping: () => 'asleep' })
  expect(await ask(`${url}/healthz`)).toMatchObject([
    503,
    { status: 'unhealthy', agents: [{ state: 'unhealthy', issues: ['ping: asleep'] }] },
  ])
})

it('lists 100 of a kind, and counts the rest', async () => {
  const url = await start()
  for (let i = 0; i < 600; i++) health.heartbeat({ worker: `w${i}` })
  const [, body] = (await ask(`${url}/healthz`)) as [number, { workers: unknown[]; unlisted: number }]
  expect([body.workers.length, body.unlisted]).toEqual([100, 500])
})

it('answers for this machine only, to GET and HEAD, without a body, under three paths', async () => {
  const url = await start()
  const raw = (method: string, path: string, headers: Record<string, string>, body = '') =>
    new Promise<[number | undefined, string]>((resolve, reject) => {
      const sent = request(url + path, { method, headers }, (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk))
        response.on('end', () => resolve([response.statusCode, text]))
      })
      sent.on('error', reject)
      sent.end(body)
    })
  for (const host of ['rebound.example', '127.evil.example', '127.0.0.1.evil.example:80', 'localhost.evil.example'])
    expect([host, (await raw('GET', '/livez', { host }))[0]]).toEqual([host, 421])
  for (const host of ['localhost:1', 'LOCALHOST', '127.0.0.1', '127.1.2.3:80', '[::1]:80', '[::1]'])
    expect([host, (await raw('GET', '/livez', { host }))[0]]).toEqual([host, 200])
  expect(await raw('HEAD', '/livez', {})).toEqual([200, ''])
  expect((await raw('POST', '/livez', {}))[0]).toBe(405)
  expect((await raw('GET', '/livez', { 'content-length': '4' }, 'body'))[0]).toBe(413)
  expect((await raw('GET', '/livez', { 'transfer-encoding': 'chunked' }, 'body'))[0]).toBe(413)
  expect(await raw('GET', '/', {})).toEqual([404, '{"error":"There are /livez, /readyz, /healthz."}\n'])
  expect((await raw('GET', '/livez', { 'x-long': 'x'.repeat(9000) }))[0]).toBe(431)
})

it('answers 500 when the health cannot be found out, and nothing more', async () => {
  const url = await start({
    health: {
      live: () => Promise.reject(new Error('secret')),
      ready: () => Promise.reject(new Error('secret')),
      report: () => Promise.reject(new Error('secret')),
    },
  })
  expect(await ask(`${url}/livez`)).toEqual([500, { error: 'The health could not be found out.' }])
})

it('wants a token beyond loopback, and then every request to carry it', async () => {
  health = createHealthMonitor()
  await expect(startHealthServer({ health, port: 0, host: '0.0.0.0' })).rejects.toThrow(
    '0.0.0.0 can be reached from other machines, so a token is needed of at least 16 characters',
  )
  await expect(startHealthServer({ health, port: 0, host: '127.evil.example' })).rejects.toThrow('a token is needed')
  await expect(startHealthServer({ health, port: 0, token: 'short' })).rejects.toThrow(
    'must have at least 16 characters',
  )
  const token = 'a token of some length'
  const url = await start({ host: '0.0.0.0', token })
  const with_ = (authorization: string) => ask(`${url}/livez`, { headers: { authorization } })
  expect(await ask(`${url}/livez`)).toEqual([401, { error: 'Send the token: "Authorization: Bearer TOKEN".' }])
  expect((await with_('Bearer another token of len'))[0]).toBe(401)
  expect((await with_(`Bearer ${token}`))[0]).toBe(200)
})

it('says who cannot listen and what to do', async () => {
  await start()
  await expect(startHealthServer({ health, port: server!.port })).rejects.toThrow(
    `health: listening on 127.0.0.1:${server!.port} failed: EADDRINUSE. Name another port or host.`,
  )
})

it('keeps no process alive for somebody who asks again and again', async () => {
  const child = spawn(process.execPath, [
    '--conditions=@agentel/source',
    join(import.meta.dirname, 'fixtures/asked-for-ever.ts'),
  ])
  const ended = once(child, 'exit')
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  const agent = new Agent({ keepAlive: true })
  const again = setInterval(
    () =>
      request(`http://127.0.0.1:${String(port)}/livez`, { agent }, (answer) => answer.resume())
        .on('error', () => {})
        .end(),
    20,
  )
  expect((await ended)[0]).toBe(0)
  clearInterval(again)
  agent.destroy()
}, 20_000)

it('ends with connections that are still open', async () => {
  await start()
  const socket = connect(server!.port, '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))
  const ended = new Promise((resolve) => socket.once('close', resolve))
  await server!.close()
  server = undefined
  await ended
})
