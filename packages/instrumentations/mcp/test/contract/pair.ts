import { z } from 'zod'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { exported, isNewer, type Sdk } from './modules.ts'

/** A client and a server of one SDK, connected in memory. Both majors have this much in common. */
export interface Pair {
  readonly client: Client
  readonly server: McpServer
  close(): Promise<void>
}

interface Ends {
  createLinkedPair(): [never, never]
}

/** A server with a tool of each kind, a prompt and a resource. */
export function makeServer(sdk: Sdk, also?: (server: McpServer) => void): McpServer {
  const server = new (exported<typeof McpServer>(sdk, 'McpServer'))({ name: 'desk', version: '1.0.0' })
  const inputSchema = z.object({ text: z.string() })
  const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] })
  server.registerTool('echo', { inputSchema }, ({ text: said }) => text(said))
  server.registerTool('fail', { inputSchema }, ({ text: said }) => {
    throw new Error(said)
  })
  server.registerTool('sleep', { inputSchema }, async ({ text: said }) => {
    await new Promise((resolve) => setTimeout(resolve, Number(said)))
    return text('awake')
  })
  const shape = { name: z.string() }
  const argsSchema = (isNewer(sdk) ? z.object(shape) : shape) as typeof shape
  server.registerPrompt('greet', { argsSchema }, ({ name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Greet ${name}.` } }],
  }))
  server.registerResource('notes', 'notes://today', {}, (uri) => ({ contents: [{ uri: uri.href, text: 'nothing' }] }))
  also?.(server)
  return server
}

/** Connects both ends; `initialize` has been answered when it returns. */
export async function connect(sdk: Sdk, also?: (server: McpServer) => void): Promise<Pair> {
  const [near, far] = exported<Ends>(sdk, 'InMemoryTransport').createLinkedPair()
  const server = makeServer(sdk, also)
  const client = new (exported<typeof Client>(sdk, 'Client'))({ name: 'app', version: '1.0.0' })
  await server.connect(far)
  await client.connect(near)
  return { client, server, close: () => client.close() }
}
