import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { afterEach, expect, it } from 'vitest'
import {
  createProbe,
  type Dependency,
  httpDependency,
  mcpDependency,
  otlpDependency,
  sqliteDependency,
  tcpDependency,
} from '../src/index.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const one of undo.splice(0)) await one()
})

const problemOf = async ({ check }: Dependency): Promise<string | undefined> =>
  (await createProbe({ check, timeoutMs: 2000, cacheMs: 0 }).run()).problem

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  undo.push(() => new Promise((resolve) => void server.close(resolve)))
  return (server.address() as AddressInfo).port
}

const serve = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(listener))}`

async function unusedPort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => void server.close(resolve))
  return port
}

it('finds an HTTP server well that refuses its key, and not one that fails or is not there', async () => {
  const requests: unknown[] = []
  const url = await serve(({ method, url: path, headers }, response) => {
    requests.push([method, path, headers.authorization])
    response.writeHead(path === '/broken' ? 503 : 401).end('no')
  })
  const model = httpDependency(`${url}/v1/models`, { name: 'model', headers: { authorization: 'Bearer k' } })
  expect(model.name).toBe('model')
  expect(await problemOf(model)).toBeUndefined()
  expect(await problemOf(httpDependency(`${url}/broken`))).toBe('it answers 503')
  expect(requests).toEqual([
    ['GET', '/v1/models', 'Bearer k'],
    ['GET', '/broken', undefined],
  ])
  expect(httpDependency(url).name).toBe(new URL(url).host)
  expect(await problemOf(httpDependency(`http://127.0.0.1:${await unusedPort()}`))).toBe('ECONNREFUSED')
})

it('finds a server by its port', async () => {
  const port = await listen(createTcpServer((socket) => socket.end()))
  expect(await problemOf(tcpDependency('127.0.0.1', port))).toBeUndefined()
  expect(await problemOf(tcpDependency('127.0.0.1', await unusedPort()))).toBe('ECONNREFUSED')
  expect(tcpDependency('127.0.0.1', port).name).toBe(`127.0.0.1:${port}`)
  expect(() => tcpDependency('127.0.0.1', 0)).toThrow('0 is no port; give one from 1 to 65535')
})

it('sends a collector an export without an item, and connects where it speaks gRPC', async () => {
  const bodies: string[] = []
  const url = await serve((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      bodies.push(`${request.method} ${request.headers['content-type']} ${body}`)
      response.writeHead(request.url === '/v1/traces' ? 200 : 404).end('{}')
    })
  })
  const over = (path: string, grpc: boolean) => problemOf(otlpDependency({ url: url + path, grpc }))
  expect(await over('/v1/traces', false)).toBeUndefined()
  expect(await over('/elsewhere', false)).toBe('it answers 404')
  expect(bodies).toEqual(['POST application/json {}', 'POST application/json {}'])
  expect(await over('', true)).toBeUndefined()
  expect(bodies).toHaveLength(2)
  expect(otlpDependency({ url, grpc: true }).name).toBe('collector')
})

it("asks an MCP server by the protocol's own ping", async () => {
  const server = new McpServer({ name: 'files', version: '1.0.0' })
  const client = new Client({ name: 'test', version: '1.0.0' })
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  await Promise.all([server.connect(theirs), client.connect(ours)])
  const files = mcpDependency(client, { name: 'files' })
  expect(await problemOf(files)).toBeUndefined()
  await server.close()
  expect(await problemOf(files)).toBe('Error')
})

it('opens a store, and says when it is not there or is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-health-'))
  undo.push(() => rmSync(folder, { recursive: true }))
  const [file, none, broken] = ['a.db', 'none.db', 'broken.db'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const database = new DatabaseSync(file)
  database.exec('CREATE TABLE a (b)')
  database.close()
  writeFileSync(broken, 'not a database, though it is long enough to be looked at'.repeat(40))
  expect(await problemOf(sqliteDependency(file))).toBeUndefined()
  expect(await problemOf(sqliteDependency(none))).toBe('ERR_SQLITE_ERROR')
  expect(await problemOf(sqliteDependency(broken))).toBe('ERR_SQLITE_ERROR')
})
