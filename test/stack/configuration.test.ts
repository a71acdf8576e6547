/** The shipped files, read by the programs that they are for. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type ProgramName, programPath } from '../../scripts/stack/binaries.ts'
import { freePorts } from '../../scripts/stack/ports.ts'
import { serverProcess } from '../../scripts/stack/server-process.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'agentel-configuration-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(program: ProgramName, ...args: string[]): { status: number | null; output: string } {
  const env = { ...process.env, OTELCOL_QUEUE_DIR: join(folder, 'queue'), OTELCOL_TOKEN_FILE: join(folder, 'token') }
  const { status, stdout, stderr } = spawnSync(programPath(program), args, { cwd: root, encoding: 'utf8', env })
  return { status, output: stdout + stderr }
}

const COLLECTOR_FILES = ['otel-collector-config.yaml', 'deploy/otelcol/prices.yaml', 'deploy/otelcol/public.yaml']

it.each([[[]], [['public']], [['sampling']], [['sampling', 'public']]])(
  'the collector accepts its files with %j',
  (more) => {
    writeFileSync(join(folder, 'token'), 'a-token')
    const files = [...COLLECTOR_FILES.slice(0, 2), ...more.map((name) => `deploy/otelcol/${name}.yaml`)].flatMap(
      (file) => ['--config', file],
    )
    const { status, output } = run('otelcol', 'validate', ...files)
    expect(status, output).toBe(0)
  },
)

it('Loki accepts its file', () => {
  const { status, output } = run(
    'loki',
    '-config.file=deploy/loki/loki.yaml',
    '-config.expand-env=true',
    '-verify-config',
  )
  expect(status, output).toBe(0)
})

it('compose accepts its file, by the official schema and with all that it refers to', () => {
  const { status, output } = run('composecheck', 'docker-compose.yml')
  expect(status, output).toBe(0)
  const services = output
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0])
  expect(services.toSorted()).toEqual([
    'alertmanager',
    'demo',
    'grafana',
    'jaeger',
    'loki',
    'otel-collector',
    'otel-collector-health',
    'otel-collector-queue',
    'prometheus',
  ])
  writeFileSync(join(folder, 'wrong.yml'), 'services: {one: {image: x, portz: [1]}}')
  expect(run('composecheck', join(folder, 'wrong.yml')).output).toContain('portz')
})

it('Loki says how it is to the health check of compose', async () => {
  const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8')) as {
    services: { loki: { healthcheck: { test: string[] } } }
  }
  const [kind, command, ...args] = compose.services.loki.healthcheck.test
  expect([kind, command]).toEqual(['CMD', '/usr/bin/loki'])
  let status = 200
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    response.writeHead(status).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `-health.url=http://127.0.0.1:${(server.address() as AddressInfo).port}/ready`
  const check = async (): Promise<unknown> => (await once(spawn(programPath('loki'), [...args, url]), 'exit'))[0]
  try {
    expect(await check()).toBe(0)
    status = 503
    expect(await check()).toBe(1)
    expect(asked).toEqual(['/ready', '/ready'])
  } finally {
    server.close()
  }
})

it('the public receiver takes nothing from those who have no token', async () => {
  writeFileSync(join(folder, 'token'), 'a-token')
  const ports = await freePorts()
  const at = (port: number): string => `127.0.0.1:${port}`
  const collector = serverProcess({
    name: 'collector',
    command: programPath('otelcol'),
    args: COLLECTOR_FILES.flatMap((file) => ['--config', join(root, file)]),
    env: {
      OTELCOL_GRPC: at(ports.collectorGrpc),
      OTELCOL_HTTP: at(ports.collectorHttp),
      OTELCOL_HEALTH: at(ports.collectorHealth),
      OTELCOL_PROMETHEUS: at(ports.collectorPrometheus),
      OTELCOL_METRICS_PORT: String(ports.collectorMetrics),
      OTELCOL_QUEUE_DIR: join(folder, 'queue'),
      OTELCOL_TOKEN_FILE: join(folder, 'token'),
      OTELCOL_PUBLIC_GRPC: at(ports.lokiGrpc),
      OTELCOL_PUBLIC_HTTP: at(ports.loki),
    },
    folder,
    log: join(folder, 'collector.log'),
    ready: `http://${at(ports.collectorHealth)}/`,
  })
  await collector.start()
  try {
    const send = async (headers: Record<string, string>): Promise<number> => {
      const options = {
        method: 'POST',
        body: '{"resourceSpans":[]}',
        headers: { 'content-type': 'application/json', ...headers },
      }
      return (await fetch(`http://${at(ports.loki)}/v1/traces`, options)).status
    }
    expect(await send({})).toBe(401)
    expect(await send({ authorization: 'Bearer another' })).toBe(401)
    expect(await send({ authorization: 'Bearer a-token' })).toBe(200)
  } finally {
    await collector.stop()
  }
})
