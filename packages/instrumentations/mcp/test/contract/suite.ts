import { context, trace } from '@opentelemetry/api'
import type { ContractSuite, ExpectedSpan, Scenario } from '@agentel/testing/contract'
import { isNewer, type Sdk } from './modules.ts'
import { connect, type Pair } from './pair.ts'

/** There is no client before a transport is connected: each scenario makes its own. */
type NoClient = undefined

/** A request as both ends see it; the server is the first to be done. */
function both(name: string, more: Partial<ExpectedSpan> & { serverError?: string } = {}): ExpectedSpan[] {
  const { serverError, error, ...rest } = more
  return [
    { name, parent: name, ...rest, ...(serverError === undefined ? undefined : { error: serverError }) },
    { name, ...rest, ...(error === undefined ? undefined : { error }) },
  ]
}

const START = both('initialize')
const ECHO = { 'gen_ai.tool.name': 'echo', 'gen_ai.operation.name': 'execute_tool', 'mcp.method.name': 'tools/call' }
const CODE = { 'rpc.response.status_code': '-32602' }
const call = (name: string, text: string) => ({ name, arguments: { text } })

const scenarios: readonly Scenario<NoClient, Sdk>[] = [
  {
    name: 'a tool call',
    shows: ['tools'],
    core: true,
    spans: [...START, ...both('tools/call echo', { attributes: ECHO })],
    run: async ({ sdk, settle, see }) => {
      const { client, close } = await connect(sdk)
      const request = call('echo', 'hello')
      await settle('result', client.callTool(request))
      see('request', request)
      await settle('close', close())
    },
  },
  {
    name: 'lists, a prompt, a resource and a ping',
    core: true,
    spans: [
      ...START,
      ...both('tools/list'),
      ...both('prompts/get greet', { attributes: { 'gen_ai.prompt.name': 'greet' } }),
      ...both('resources/read', { attributes: { 'mcp.resource.uri': 'notes://today' } }),
      ...both('ping'),
    ],
    run: async ({ sdk, settle }) => {
      const { client, close } = await connect(sdk)
      await settle('tools', client.listTools())
      await settle('prompt', client.getPrompt({ name: 'greet', arguments: { name: 'Ada' } }))
      await settle('resource', client.readResource({ uri: 'notes://today' }))
      await settle('ping', client.ping())
      await close()
    },
  },
  {
    name: 'a tool that fails',
    core: true,
    spans: [...START, ...both('tools/call fail', { error: 'tool_error', serverError: 'tool_error' })],
    run: async ({ sdk, settle }) => {
      const { client, close } = await connect(sdk)
      await settle('result', client.callTool(call('fail', 'no')))
      await close()
    },
  },
  {
    name: 'a request that the caller got wrong',
    spans: [...START, ...both('resources/read', { error: '-32602', attributes: CODE })],
    run: async ({ sdk, settle }) => {
      const { client, close } = await connect(sdk)
      await settle('result', client.readResource({ uri: 'notes://unknown' }))
      await close()
    },
  },
  // Who gives up is the first to be done.
  {
    name: 'a call that times out',
    spans: [...START, ...both('tools/call sleep', { error: 'timeout', serverError: 'timeout' }).toReversed()],
    run: async ({ sdk, settle }) => {
      const { client, close } = await connect(sdk)
      await settle('result', callWith(sdk, client, call('sleep', '200'), { timeout: 20 }))
      await close()
    },
  },
  {
    name: 'a call that the application aborts',
    spans: [...START, ...both('tools/call sleep', { error: 'cancelled', serverError: 'cancelled' }).toReversed()],
    run: async ({ sdk, settle }) => {
      const { client, close } = await connect(sdk)
      const controller = new AbortController()
      const options = { signal: controller.signal }
      const result = callWith(sdk, client, call('sleep', '200'), options)
      setTimeout(() => controller.abort(new Error('enough')), 10)
      await settle('result', result)
      await close()
    },
  },
  {
    name: 'a connection that is closed while a call is under way',
    // In SDK 1 the client's end is closed first.
    spans: [...START, ...both('tools/call sleep', { error: '-32000', serverError: '-32000' }).toReversed()],
    spansIn: { 2: [...START, ...both('tools/call sleep', { error: '-32000', serverError: '-32000' })] },
    run: async ({ sdk, settle }) => {
      const { client, close } = await connect(sdk)
      const result = client.callTool(call('sleep', '200'))
      setTimeout(() => void close(), 10)
      await settle('result', result)
    },
  },
  {
    name: 'a call inside a span, and a span inside the tool',
    shows: ['propagation'],
    spans: [
      ...START,
      { name: 'inside', parent: 'tools/call spans' },
      { name: 'tools/call spans', parent: 'tools/call spans' },
      { name: 'tools/call spans', parent: 'outside' },
      { name: 'outside' },
    ],
    run: async ({ sdk, settle }) => {
      const tracer = trace.getTracer('application')
      const { client, close } = await connect(sdk, (server) =>
        server.registerTool('spans', {}, () =>
          tracer.startActiveSpan('inside', (span) => {
            span.end()
            return { content: [] }
          }),
        ),
      )
      const outside = tracer.startSpan('outside')
      const result = context.with(trace.setSpan(context.active(), outside), () => client.callTool({ name: 'spans' }))
      await settle('result', result)
      outside.end()
      await close()
    },
  },
]

/** What applications do with MCP. */
export const suite: ContractSuite<NoClient, Sdk> = {
  createClient: () => undefined,
  scenarios,
  reply: () => ({ text: 'ok' }),
}

/** SDK 1 takes the result's schema before the options. */
function callWith(
  sdk: Sdk,
  client: Pair['client'],
  request: ReturnType<typeof call>,
  options: object,
): Promise<unknown> {
  const args = isNewer(sdk) ? [request, options] : [request, undefined, options]
  return Reflect.apply(client.callTool, client, args as never)
}
