import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { trace } from '@opentelemetry/api'
import type { MCPServer } from '@openai/agents'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { McpInstrumentation } from '@agentel/instrumentation-mcp'
import { OpenAIInstrumentation } from '@agentel/instrumentation-openai'
import { OpenAIAgentsInstrumentation } from '@agentel/instrumentation-openai-agents'
import { costEnricher } from '@agentel/processor-cost'
import { enricherProcessor } from '@agentel/processor-kit'
import { type ModelRequest, type ModelServer, type Reply, startModelServer } from '@agentel/testing/model-server'
import { createTestTelemetry, type TestTelemetry } from '@agentel/testing/telemetry'
import { billOf, pathsOf, type SeenSpan, seen } from './connected-trace.ts'

type Agents = typeof import('@openai/agents')

const library = ['--conditions=@agentel/source', fileURLToPath(new URL('./fixtures/library.ts', import.meta.url))]
const instrumentations = [
  new OpenAIAgentsInstrumentation(),
  new OpenAIInstrumentation(),
  new McpInstrumentation(),
] as const
let agents: Agents
let telemetry: TestTelemetry
let model: ModelServer
let folder: string

beforeAll(async () => {
  telemetry = createTestTelemetry({ spanProcessors: [enricherProcessor([costEnricher()])] })
  agents = await import('@openai/agents')
  agents.setTracingDisabled(false)
  agents.setTraceProcessors([])
  model = await startModelServer({ scenario: reply })
  folder = mkdtempSync(join(tmpdir(), 'agentel-library-'))
})
afterEach(() => {
  telemetry.reset()
  model.ledger.clear()
})
afterAll(async () => {
  for (const instrumentation of instrumentations) instrumentation.disable()
  await model.close()
  await telemetry.shutdown()
  rmSync(folder, { recursive: true, force: true })
})

/** The desk hands over, the librarian has the library summarize, the library's model summarizes. */
function reply({ messages, tools }: ModelRequest): Reply {
  const offered = tools
  if (offered.includes('transfer_to_Librarian')) return { toolCalls: [call('transfer_to_Librarian', {})] }
  const isAnswered = messages.some(({ toolCallId }) => toolCallId === 'call_summarize')
  if (offered.includes('summarize') && !isAnswered) return { toolCalls: [call('summarize', { title: 'Emma' })] }
  return { text: 'A young woman arranges the lives of others, and learns.' }
}

const call = (name: string, given: Record<string, unknown>) => ({ id: `call_${name}`, name, arguments: given })

/** What the server process saw; it says so when its input ends. */
const libraryEnvironment = (file: string) => ({
  SPANS: join(folder, file),
  MODEL_URL: `${model.url}/v1`,
  PATH: process.env.PATH ?? '',
})

async function librarySpans(file: string): Promise<SeenSpan[]> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    try {
      return JSON.parse(readFileSync(join(folder, file), 'utf8')) as SeenSpan[]
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  throw new Error('the server process said nothing of its spans')
}

/** A librarian that has this server, asked by a desk that checks what comes in and hands over. */
async function askDesk(server: MCPServer, withDesk: boolean): Promise<unknown> {
  const modelProvider = new agents.OpenAIProvider({ apiKey: 'k', baseURL: `${model.url}/v1` })
  const runner = new agents.Runner({ modelProvider, workflowName: 'library' })
  const librarian = new agents.Agent({ name: 'Librarian', model: 'gpt-4o', mcpServers: [server] })
  const polite = { name: 'polite', runInParallel: false, execute: allowed }
  const desk = new agents.Agent({ name: 'Desk', model: 'gpt-4o', handoffs: [librarian], inputGuardrails: [polite] })
  return trace.getTracer('application').startActiveSpan('request', async (span) => {
    await server.connect()
    const { finalOutput } = await runner.run(withDesk ? desk : librarian, 'What is Emma about?')
    await server.close()
    span.end()
    return finalOutput
  })
}

const allowed = () => Promise.resolve({ tripwireTriggered: false, outputInfo: {} })

const RUN = 'request > invoke_workflow library'
const DESK = `${RUN} > invoke_agent Desk`
const LIBRARIAN = `${RUN} > invoke_agent Librarian`
const SUMMARIZE = `${LIBRARIAN} > execute_tool summarize`
/** What the librarian does, on both ends: it asks what there is before each of its two calls of the model. */
const LIBRARY = [
  'request',
  'request > initialize',
  'request > initialize > library: initialize',
  RUN,
  LIBRARIAN,
  ...['tools/list', 'tools/list > library: tools/list', 'chat gpt-4o'].flatMap((name) => [
    `${LIBRARIAN} > ${name}`,
    `${LIBRARIAN} > ${name}`,
  ]),
  SUMMARIZE,
  `${SUMMARIZE} > library: tools/call summarize`,
  `${SUMMARIZE} > library: tools/call summarize > library: chat gpt-4o`,
]

/** One trace of these spans, none twice, whose calls are those that the model server billed. */
function expectConnected(spans: readonly SeenSpan[], besides: readonly string[]): void {
  expect(pathsOf(spans)).toEqual([...LIBRARY, ...besides].toSorted())
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
  const { requests, inputTokens, outputTokens } = model.ledger.totals()
  const cost = Math.round((inputTokens * 2.5e-6 + outputTokens * 1e-5) * 1e9)
  expect(billOf(spans)).toEqual([requests, inputTokens, outputTokens, cost])
}

it('a run with a guardrail, a handoff and an MCP server over stdio is one connected trace, equal to the ledger', async () => {
  const env = libraryEnvironment('stdio.json')
  const server = new agents.MCPServerStdio({ command: process.execPath, args: library, env, name: 'library' })
  expect(await askDesk(server, true)).toContain('young woman')
  const spans = [...telemetry.spans().map(seen), ...(await librarySpans('stdio.json'))]
  expectConnected(spans, [
    DESK,
    `${DESK} > apply_guardrail polite`,
    `${DESK} > chat gpt-4o`,
    `${DESK} > transfer Librarian`,
  ])
})

it('a remote MCP server over HTTP whose tool asks a model itself is part of the agent’s trace, in two processes', async () => {
  const child = spawn(process.execPath, [...library, 'http'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: libraryEnvironment('http.json'),
  })
  const url = `http://127.0.0.1:${await portOf(child)}/mcp`
  const server = new agents.MCPServerStreamableHttp({ url, name: 'library' })
  expect(await askDesk(server, false)).toContain('young woman')
  child.stdin!.end()
  const spans = [...telemetry.spans().map(seen), ...(await librarySpans('http.json'))]
  expectConnected(spans, [])
})

async function portOf(child: ChildProcess): Promise<string> {
  const [port] = (await once(child.stdout!, 'data')) as [Buffer]
  return String(port).trim()
}
