/** A real Redis or Valkey server for tests. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installDebianPackage } from './debian-package.ts'

const SERVERS = ['redis-server', 'valkey-server']

function installed(): string | undefined {
  return SERVERS.find((name) => spawnSync(name, ['--version']).status === 0)
}

/** The server of this machine; as root on a Debian it is installed where it is missing. */
function findServer(): string {
  const found = installed()
  if (found !== undefined) return found
  installDebianPackage('redis-server')
  const server = installed()
  if (server !== undefined) return server
  throw new Error(
    'no redis-server and no valkey-server here, and apt-get could not install one: install Redis or Valkey (Debian: apt-get install redis-server; macOS: brew install valkey) and run the test again',
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** A server that runs. */
export interface TestServer {
  readonly url: string
  readonly port: number
  /** Ends the server as a power cut would; what it keeps on disk is there at the next start. */
  kill(): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

function answers(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    server.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('Ready to accept connections')) resolve()
    })
    server.once('close', () => reject(new Error(`the Redis server ended: ${text}`)))
  })
}

/** Starts a server on a free port that writes every change to disk before it answers. */
export async function startRedis(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-redis-'))
  const command = findServer()
  const port = await freePort()
  let server: ChildProcess
  const start = async (): Promise<void> => {
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
    server = spawn(command, [...flags, '--appendonly', 'yes', '--appendfsync', 'always'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await answers(server)
  }
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const closed = once(server, 'close')
    server.kill('SIGKILL')
    await closed
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    start,
    async remove() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
