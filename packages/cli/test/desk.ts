import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startConsole } from '@agentel/console'
import { runCli } from './run-cli.ts'

type Value = string | number

interface SentSpan {
  readonly trace: number
  readonly span: number
  readonly parent?: number
  readonly name: string
  /** Milliseconds after the run's start. */
  readonly start: number
  readonly duration: number
  readonly attributes?: Readonly<Record<string, Value>>
  readonly error?: string
}

const START = Date.now() - 60_000

const valueOf = (value: Value) => (typeof value === 'string' ? { stringValue: value } : { intValue: String(value) })

function asOtlp({ trace, span, parent, name, start, duration, attributes = {}, error }: SentSpan) {
  const nanos = (millis: number): string => `${BigInt(START + trace * 1000 + millis) * 1_000_000n}`
  return {
    traceId: traceId(trace),
    spanId: String(span).padStart(16, '0'),
    ...(parent === undefined ? {} : { parentSpanId: String(parent).padStart(16, '0') }),
    name,
    kind: 1,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(start + duration),
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) })),
    status: error === undefined ? {} : { code: 2, message: error },
  }
}

/** The id of a run of {@link SPANS}. */
export const traceId = (n: number): string => `${n}`.padStart(32, 'a')

const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o' }

/** Two runs: one ends well, one fails in its tool. gpt-4o: $2.50 and $10 per million tokens. */
const SPANS: readonly SentSpan[] = [
  {
    trace: 1,
    span: 1,
    name: 'invoke_agent writer',
    start: 0,
    duration: 900,
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'writer', 'user.id': 'ann' },
  },
  {
    trace: 1,
    span: 2,
    parent: 1,
    name: 'chat gpt-4o',
    start: 100,
    duration: 700,
    attributes: { ...chat, 'gen_ai.usage.input_tokens': 1000, 'gen_ai.usage.output_tokens': 200 },
  },
  {
    trace: 2,
    span: 3,
    name: 'invoke_agent planner',
    start: 0,
    duration: 2000,
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'planner',
      'error.type': 'TimeoutError',
    },
    error: 'no answer',
  },
  {
    trace: 2,
    span: 4,
    parent: 3,
    name: 'chat gpt-4o',
    start: 0,
    duration: 500,
    attributes: { ...chat, 'gen_ai.usage.input_tokens': 400, 'gen_ai.usage.output_tokens': 0 },
  },
  {
    trace: 2,
    span: 5,
    parent: 3,
    name: 'execute_tool fetch\u001B[2J\u202Epage',
    start: 500,
    duration: 1500,
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'fetch', 'error.type': 'TimeoutError' },
    error: 'timed out after 1500 ms',
  },
]

/** A console that has both runs, and the command line looking at it. */
export interface Desk {
  readonly url: string
  readonly file: string
  readonly folder: string
  /** Runs `agentel` against the console. */
  run(...args: string[]): ReturnType<typeof runCli>
  stop(): Promise<void>
}

/** Sends spans of the SDK's JSON form. */
export async function send(url: string, signal: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/v1/${signal}`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(await response.text())
}

export async function openDesk(): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-cli-desk-'))
  const file = join(folder, 'console.db')
  const running = await startConsole({ port: 0, grpcPort: false, dataFile: file })
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'desk' } }] }
  await send(running.url, 'traces', {
    resourceSpans: [{ resource, scopeSpans: [{ spans: SPANS.map(asOtlp) }] }],
  })
  const point = { timeUnixNano: `${BigInt(START) * 1_000_000n}`, asDouble: 3 }
  const gauge = { name: 'queue.depth', unit: '{task}', gauge: { dataPoints: [point] } }
  await send(running.url, 'metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [gauge] }] }] })
  return {
    url: running.url,
    file,
    folder,
    run: (...args) => runCli(args, { AGENTEL_CONSOLE_URL: running.url, HOME: folder }),
    async stop() {
      await running.stop()
      rmSync(folder, { recursive: true })
    },
  }
}
