import { SpanKind, trace } from '@opentelemetry/api'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { agent, configureContent, tool, withIdentity } from '@agentel/api'
import { McpInstrumentation } from '@agentel/instrumentation-mcp'
import { checkConformance } from '@agentel/testing/conformance'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'
import type { Sdk } from './contract/modules.ts'
import { connect, type Pair } from './contract/pair.ts'
import { versions } from './versions.ts'

describe.each(versions)('%s', (_name, sdk: Sdk) => {
  let telemetry: TestTelemetry
  let instrumentation: McpInstrumentation
  let pair: Pair

  beforeAll(async () => {
    telemetry = createTestTelemetry()
    instrumentation = new McpInstrumentation({ enabled: false })
    for (const namespace of Object.values(sdk)) instrumentation.manuallyInstrument(namespace)
    pair = await connect(sdk, (server) =>
      server.registerTool('baggage', {}, (...args) => ({
        content: [{ type: 'text', text: JSON.stringify(metaOf(args.at(-1))) }],
      })),
    )
    telemetry.reset()
  })
  afterEach(() => {
    configureContent(undefined)
    telemetry.reset()
  })
  afterAll(async () => {
    await pair.close()
    instrumentation.disable()
    await telemetry.shutdown()
  })

  const ends = (name: string) => {
    const [server, client] = telemetry.spans().filter((span) => span.name === name)
    return { server: server!, client: client! }
  }
  const echo = { name: 'echo', arguments: { text: 'the secret word' } }

  it('a tool call is a client span and a server span of one trace, without content', async () => {
    await pair.client.callTool(echo)
    const { server, client } = ends('tools/call echo')
    const attributes = {
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'echo',
      'jsonrpc.request.id': expect.stringMatching(/^\d+$/) as string,
      'mcp.protocol.version': '2025-11-25',
    }
    expect(client.attributes).toEqual(attributes)
    expect(server.attributes).toEqual(attributes)
    expect([client.kind, server.kind]).toEqual([SpanKind.CLIENT, SpanKind.SERVER])
    expect(server.parentSpanContext?.spanId).toBe(client.spanContext().spanId)
    expect(server.spanContext().traceId).toBe(client.spanContext().traceId)
    expect(telemetry.spans()).toHaveLength(2)
  })

  it('arguments, results and prompt variables are recorded when content is wanted', async () => {
    configureContent({ capture: 'SPAN_ONLY' })
    await pair.client.callTool(echo)
    await pair.client.getPrompt({ name: 'greet', arguments: { name: 'Ada' } })
    const { server, client } = ends('tools/call echo')
    for (const { attributes } of [client, server]) {
      expect(JSON.parse(String(attributes['gen_ai.tool.call.arguments']))).toEqual({ text: 'the secret word' })
      expect(JSON.parse(String(attributes['gen_ai.tool.call.result']))).toMatchObject({
        content: [{ type: 'text', text: 'the secret word' }],
      })
    }
    expect(ends('prompts/get greet').client.attributes['gen_ai.prompt.variable.name']).toBe('Ada')
  })

  it('a tool call that a framework has a span for gets no second one', async () => {
    await tool({ name: 'desk_echo', callId: 'call_1' }, () => pair.client.callTool(echo))
    const [server, framework, ...others] = telemetry.spans()
    expect(others).toEqual([])
    expect(framework!.attributes).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'desk_echo',
      'gen_ai.tool.type': 'function',
      'gen_ai.tool.call.id': 'call_1',
      'mcp.method.name': 'tools/call',
      'jsonrpc.request.id': expect.any(String) as string,
      'mcp.protocol.version': '2025-11-25',
    })
    expect(framework!.kind).toBe(SpanKind.INTERNAL)
    expect(server!.parentSpanContext?.spanId).toBe(framework!.spanContext().spanId)
  })

  it('what fails under a framework’s span fails that span', async () => {
    await tool('fail', () => pair.client.callTool({ name: 'fail', arguments: { text: 'the secret word' } }))
    const failed = telemetry.span('execute_tool fail')
    expect(failed.attributes['error.type']).toBe('tool_error')
    expect(failed.status).toEqual({ code: 2, message: 'The tool answered with an error.' })
    expect(JSON.stringify(telemetry.logs().map(({ attributes }) => attributes))).not.toContain('secret')
  })

  it('another tool, a second call, and a call further in have spans of their own', async () => {
    await tool('other', () => pair.client.callTool(echo))
    expect(telemetry.spans().map(({ name }) => name)).toEqual([
      'tools/call echo',
      'tools/call echo',
      'execute_tool other',
    ])
    telemetry.reset()
    await tool('echo', async () => {
      await pair.client.callTool(echo)
      await pair.client.callTool(echo)
    })
    expect(telemetry.spans().map(({ kind }) => kind)).toEqual([
      SpanKind.SERVER,
      SpanKind.SERVER,
      SpanKind.CLIENT,
      SpanKind.INTERNAL,
    ])
    telemetry.reset()
    await tool('echo', () => agent('helper', () => pair.client.callTool(echo)))
    expect(telemetry.spans()).toHaveLength(4)
  })

  it('the identity goes along to a server on this machine, and names the agent on both ends', async () => {
    await withIdentity({ userId: 'u1', sessionId: 's1' }, () => agent('asker', () => pair.client.callTool(echo)))
    const { server, client } = ends('tools/call echo')
    expect(server.attributes).toMatchObject({ 'user.id': 'u1', 'session.id': 's1' })
    expect(client.attributes).toMatchObject({ 'user.id': 'u1', 'gen_ai.agent.name': 'asker' })
  })

  it('the trace context is in _meta by the names of SEP-414, and the application’s own request stays as it is', async () => {
    const request = { name: 'baggage' }
    const span = trace.getTracer('application').startSpan('outside')
    const result = await pair.client.callTool(request)
    span.end()
    const meta = JSON.parse((result.content as { text: string }[])[0]!.text) as Record<string, string>
    const { client } = ends('tools/call baggage')
    expect(meta.traceparent).toBe(`00-${client.spanContext().traceId}-${client.spanContext().spanId}-01`)
    expect(request).toEqual({ name: 'baggage' })
  })

  it('conforms to the registry', async () => {
    const other = await connect(sdk)
    await other.client.callTool(echo)
    await other.client.callTool({ name: 'fail', arguments: { text: '' } })
    await other.client.getPrompt({ name: 'greet', arguments: { name: 'Ada' } })
    await tool({ name: 'echo', callId: 'call_1' }, () => other.client.callTool(echo))
    await other.client.readResource({ uri: 'notes://unknown' }).catch(() => undefined)
    await other.close()
    const emitted = { spans: telemetry.spans(), logs: telemetry.logs(), metrics: await telemetry.metrics() }
    expect(checkConformance(emitted)).toEqual([])
    expect(checkConformance(emitted, { profile: 'v1_41' })).toEqual([])
  })

  it('a session is measured on both sides, from initialize to the end of the connection', async () => {
    const before = await sessions(telemetry)
    const other = await connect(sdk)
    await other.close()
    const calm = await sessions(telemetry)
    expect(calm.map(({ name, count }) => [name, count])).toEqual(
      ['mcp.client.session.duration', 'mcp.server.session.duration'].map((name) => [
        name,
        (before.find((session) => session.name === name)?.count ?? 0) + 1,
      ]),
    )
    const cut = await connect(sdk)
    const call = cut.client.callTool({ name: 'sleep', arguments: { text: '10000' } })
    setTimeout(() => void cut.close(), 10)
    await expect(call).rejects.toThrow(/closed/i)
    expect((await sessions(telemetry)).flatMap(({ errors }) => errors)).toContain('-32000')
  })
})

async function sessions(telemetry: TestTelemetry) {
  const found = (await telemetry.metrics()).filter(({ descriptor }) => descriptor.name.includes('session'))
  return found
    .map(({ descriptor: { name }, dataPoints }) => ({
      name,
      count: dataPoints.reduce((sum, { value }) => sum + (value as { count: number }).count, 0),
      errors: dataPoints.map(({ attributes }) => attributes['error.type']),
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

/** SDK 1 hands `_meta` to a tool as a part of `extra`, SDK 2 as a part of the request's context. */
function metaOf(extra: unknown): unknown {
  const { _meta, mcpReq } = extra as { _meta?: unknown; mcpReq?: { _meta?: unknown } }
  return _meta ?? mcpReq?._meta ?? {}
}
