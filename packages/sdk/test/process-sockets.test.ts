import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { Agent, createServer as createHttpServer, request } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { watchSockets } from '../src/process-sockets.ts'

const undo: (() => void)[] = []
afterEach(() => undo.splice(0).forEach((one) => one()))

async function listening(server: Server, where: number | string): Promise<Server> {
  server.listen(where)
  await once(server, 'listening')
  undo.push(() => server.close())
  return server
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

/** Connections of this process, by the system. */
function established(): number {
  const inodes = new Set(
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1]]
      } catch {
        return []
      }
    }),
  )
  const rows = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/self/net/${name}`, 'utf8').split('\n').slice(1))
  // The fourth column is the state, 01 is established; the tenth is the inode.
  return rows.map((row) => row.trim().split(/\s+/)).filter((row) => row[3] === '01' && inodes.has(row[9])).length
}

it('counts the connections that the system counts, under load and after it', async () => {
  if (process.platform !== 'linux') return
  const others = established()
  const watch = watchSockets()
  undo.push(watch.stop)
  const server = createHttpServer((asked, answer) => asked.resume().on('end', () => answer.end('x'.repeat(1000))))
  const port = portOf(await listening(server, 0))
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  undo.push(() => agent.destroy())
  const ask = async (): Promise<void> => {
    const asking = request({ port, agent, method: 'POST' })
    asking.end('y'.repeat(500))
    const [answer] = await once(asking, 'response')
    await once(answer.resume(), 'end')
  }
  await Promise.all(Array.from({ length: 200 }, ask))
  expect(watch.read().open).toBe(established() - others)
  expect(watch.read().open).toBe(40)
  // Both ends are here: what is sent is received. Heads come on top of the bodies.
  const { received, sent } = watch.read()
  expect([received === sent, received > 200 * 1500, received < 200 * 2500]).toEqual([true, true, true])
  agent.destroy()
  server.closeAllConnections()
  await expect.poll(() => watch.read().open).toBe(0)
  expect(watch.read()).toEqual({ received, sent, open: 0 })
})

it('counts no connection to a file as one over a network, and none that is not made yet', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-sockets-'))
  undo.push(() => rmSync(folder, { recursive: true }))
  const watch = watchSockets()
  undo.push(watch.stop)
  const path = join(folder, 'a.sock')
  await listening(createServer(), path)
  const port = portOf(await listening(createServer(), 0))
  const file = connect(path)
  const network = connect(port)
  undo.push(() => [file, network].forEach((socket) => socket.destroy()))
  expect(watch.read().open).toBe(0)
  await Promise.all([once(file, 'connect'), once(network, 'connect')])
  await expect.poll(() => watch.read().open).toBe(2)
})
