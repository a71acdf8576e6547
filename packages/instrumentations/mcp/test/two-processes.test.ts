import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import * as client1 from '@modelcontextprotocol/sdk/client/index.js'
import * as http1 from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import * as stdio1 from '@modelcontextprotocol/sdk/client/stdio.js'
import * as client2 from '@modelcontextprotocol/client'
import * as stdio2 from '@modelcontextprotocol/client/stdio'
import { McpInstrumentation } from '@agentel/instrumentation-mcp'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'

interface ServerSpan {
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly traceId: string
  readonly parent: string
  readonly remote: boolean
}

const server = fileURLToPath(new URL('./fixtures/server.ts', import.meta.url))
const node = ['--conditions=@agentel/source', server]
const echo = { name: 'echo', arguments: { text: 'hello' } }
let telemetry: TestTelemetry
let instrumentation: McpInstrumentation

beforeAll(() => {
  telemetry = createTestTelemetry()
  instrumentation = new McpInstrumentation({ enabled: false })
  for (const namespace of [client1, client2]) instrumentation.manuallyInstrument(namespace)
})
afterEach(() => telemetry.reset())
afterAll(async () => {
  instrumentation.disable()
  await telemetry.shutdown()
})

it.each([
  ['1', client1.Client, stdio1.StdioClientTransport],
  ['2', client2.Client, stdio2.StdioClientTransport],
] as const)('over stdio, SDK %s: the server’s span is a child of the client’s', async (major, Client, Transport) => {
  const transport = new Transport({ command: process.execPath, args: [...node, major], stderr: 'pipe' })
  const told = read(transport.stderr!)
  const client = new Client({ name: 'app', version: '1.0.0' })
  await client.connect(transport as never)
  await client.callTool(echo)
  await client.close()
  expectOneTrace(serverSpans(await told), 'pipe')
})

it.each([
  ['1', client1.Client, stdio1.StdioClientTransport],
  ['2', client2.Client, stdio2.StdioClientTransport],
] as const)(
  'over a connection that is made again, SDK %s: each call is one span, and ends',
  async (major, Client, Transport) => {
    const transport = new Transport({ command: process.execPath, args: [...node, major], stderr: 'ignore' })
    for (const attempt of [1, 2]) {
      const client = new Client({ name: `app ${attempt}`, version: '1.0.0' })
      await client.connect(transport as never)
      await client.callTool(echo)
      await client.close()
    }
    const names = telemetry.spans().map(({ name }) => name)
    expect(names.filter((name) => name === 'tools/call echo')).toHaveLength(2)
    expect(names.filter((name) => name === 'initialize')).toHaveLength(2)
    expect(telemetry.openSpans()).toEqual([])
  },
)

it('over HTTP: the same, with the session and the server’s address', async () => {
  const child = spawn(process.execPath, [...node, '1', 'http'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const told = read(child.stderr)
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  const transport = new http1.StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${String(port).trim()}/mcp`))
  const client = new client1.Client({ name: 'app', version: '1.0.0' })
  await client.connect(transport as never)
  await client.callTool(echo)
  const session = transport.sessionId
  await client.close()
  child.stdin.end()
  expectOneTrace(serverSpans(await told), 'tcp')
  expect(telemetry.span('tools/call echo').attributes).toMatchObject({
    'mcp.session.id': session,
    'network.protocol.name': 'http',
    'server.address': '127.0.0.1',
    'server.port': Number(port),
  })
})

function expectOneTrace(spans: readonly ServerSpan[], network: string): void {
  const client = telemetry.span('tools/call echo')
  expect(spans.map(({ name }) => name)).toEqual(['initialize', 'tools/call echo'])
  expect(spans[1]).toMatchObject({
    traceId: client.spanContext().traceId,
    parent: client.spanContext().spanId,
    remote: true,
  })
  for (const attributes of [client.attributes, spans[1]!.attributes])
    expect(attributes).toMatchObject({ 'network.transport': network, 'gen_ai.tool.name': 'echo' })
}

async function read(stream: NodeJS.EventEmitter): Promise<string> {
  let text = ''
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(stream, 'end')
  return text
}

function serverSpans(text: string): ServerSpan[] {
  const line = text.split('\n').find((part) => part.startsWith('spans '))
  if (line === undefined) throw new Error(`the server said nothing of its spans:\n${text}`)
  return JSON.parse(line.slice('spans '.length)) as ServerSpan[]
}
