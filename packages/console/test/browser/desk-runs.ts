/** Runs of a research desk: planner, researcher with tools, critic, writer. The same each time, and all figures known. */
import type { SentSpan, Value } from './otlp-json.ts'

export interface DeskRun {
  readonly traceId: string
  readonly title: string
  readonly failed: boolean
  readonly spans: readonly SentSpan[]
  readonly inputTokens: number
  readonly outputTokens: number
  /** US dollars. */
  readonly cost: number
  readonly unpriced: number
  readonly user: string
  readonly session: string
  /** Milliseconds. */
  readonly duration: number
}

const QUESTIONS = [
  'Compare vector stores for a legal archive',
  'Summarise the state of solid-state batteries',
  'How do tail samplers keep errors?',
  'What did the tax reform change for freelancers?',
  'Draft a migration plan from Postgres 12 to 17',
]

const AGENTS = ['planner', 'researcher', 'critic', 'writer'] as const

/** The run whose number leaves this rest fails in its tool. */
const FAILS_AT = 7
const UNPRICED_AT = 5

const hex = (length: number, n: number): string => n.toString(16).padStart(length, '0')

/** Builds spans one after the other, each starting when the one before it ended. */
class Timeline {
  readonly spans: SentSpan[] = []
  private readonly attributes: Readonly<Record<string, Value>>
  private readonly traceId: string
  private readonly number: number
  now: number

  constructor(traceId: string, number: number, start: number, attributes: Readonly<Record<string, Value>>) {
    this.traceId = traceId
    this.number = number
    this.now = start
    this.attributes = attributes
  }

  /** Reserves an id, so that a parent can be written after its children. */
  id(): string {
    return hex(16, this.number * 4096 + this.spans.length + 1 + this.reserved++)
  }
  private reserved = 0

  add(span: Omit<SentSpan, 'traceId' | 'spanId'> & { readonly spanId?: string }): string {
    const spanId = span.spanId ?? this.id()
    this.spans.push({ ...span, traceId: this.traceId, spanId, attributes: { ...this.attributes, ...span.attributes } })
    return spanId
  }
}

const message = (role: string, content: string): string =>
  JSON.stringify([{ role, parts: [{ type: 'text', content }] }])

interface Sums {
  inputTokens: number
  outputTokens: number
  cost: number
  unpriced: number
}

function chat(line: Timeline, sums: Sums, parent: string, agent: string, n: number, asked: string): void {
  const unpriced = n % UNPRICED_AT === 0 && agent === 'critic'
  const [inputTokens, outputTokens, cost] = [400 + n * 10, 50 + n, 0.001 * (n + 1)]
  sums.inputTokens += inputTokens
  sums.outputTokens += outputTokens
  if (unpriced) sums.unpriced += 1
  else sums.cost += cost
  const duration = 600 + n * 5
  const model = unpriced ? 'house-model' : agent === 'planner' ? 'gpt-4o-mini' : 'gpt-4o'
  line.add({
    parentSpanId: parent,
    name: `chat ${model}`,
    kind: 3,
    start: line.now,
    duration,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': unpriced ? 'house' : 'openai',
      'gen_ai.request.model': model,
      'gen_ai.agent.name': agent,
      'gen_ai.usage.input_tokens': inputTokens,
      'gen_ai.usage.output_tokens': outputTokens,
      'gen_ai.input.messages': message('user', asked),
      'gen_ai.output.messages': message('assistant', `${agent} says: done with step ${n}.`),
      ...(!unpriced && { 'agentel.cost.amount': cost, 'agentel.cost.source': 'local' }),
    },
  })
  line.now += duration
}

function tool(line: Timeline, parent: string, fails: boolean): void {
  const duration = fails ? 30_000 : 900
  line.add({
    parentSpanId: parent,
    name: `execute_tool ${fails ? 'fetch_page' : 'web_search'}`,
    start: line.now,
    duration,
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': fails ? 'fetch_page' : 'web_search',
      'gen_ai.tool.call.id': 'call_1',
      'gen_ai.tool.call.arguments': '{"query":"vector stores","limit":5}',
      'gen_ai.agent.name': 'researcher',
      ...(fails ? { 'error.type': 'timeout' } : { 'gen_ai.tool.call.result': '{"hits":3}' }),
    },
    ...(fails && {
      error: 'timed out after 30 000 ms',
      events: [
        {
          name: 'exception',
          at: line.now + duration,
          attributes: {
            'exception.type': 'TimeoutError',
            'exception.message': 'timed out after 30 000 ms',
            'exception.stacktrace': 'TimeoutError: timed out\n    at fetchPage (web.ts:41:11)',
          },
        },
      ],
    }),
  })
  line.now += duration
}

function handOver(line: Timeline, parent: string, from: string, to: string): void {
  line.add({
    parentSpanId: parent,
    name: `transfer ${to}`,
    start: line.now,
    duration: 2,
    attributes: {
      'agentel.transfer.source.name': from,
      'agentel.transfer.target.name': to,
      'agentel.transfer.mode': 'pass_control',
      'gen_ai.agent.name': from,
    },
  })
  line.now += 2
}

/** @param n number of the run, from 0; @param start epoch milliseconds */
export function deskRun(n: number, start: number): DeskRun {
  const traceId = hex(32, 0xdec0_0000 + n)
  const title = QUESTIONS[n % QUESTIONS.length]!
  const [user, session] = [`user-${n % 3}`, `session-${n % 4}`]
  const line = new Timeline(traceId, n + 1, start, { 'user.id': user, 'session.id': session })
  const sums: Sums = { inputTokens: 0, outputTokens: 0, cost: 0, unpriced: 0 }
  const failed = n % FAILS_AT === 3
  const root = line.id()
  for (const [i, agent] of AGENTS.entries()) {
    const own = line.id()
    const began = line.now
    const stops = failed && agent === 'researcher'
    chat(line, sums, own, agent, n, title)
    if (agent === 'researcher') tool(line, own, failed)
    if (i < AGENTS.length - 1 && !stops) handOver(line, own, agent, AGENTS[i + 1]!)
    line.add({
      spanId: own,
      parentSpanId: root,
      name: `invoke_agent ${agent}`,
      start: began,
      duration: line.now - began,
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': agent,
        ...(stops && { 'error.type': 'timeout' }),
      },
      ...(stops && { error: 'timed out after 30 000 ms' }),
    })
    if (stops) break
  }
  line.add({
    spanId: root,
    name: 'invoke_workflow research_desk',
    start,
    duration: line.now - start,
    attributes: {
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': 'research_desk',
      'gen_ai.input.messages': message('user', title),
      ...(failed && { 'error.type': 'timeout' }),
    },
    ...(failed && { error: 'timed out after 30 000 ms' }),
  })
  return { traceId, title, failed, spans: line.spans, ...sums, user, session, duration: line.now - start }
}

/** The newest run is number 0; they are a minute apart. */
export function deskRuns(count: number, now: number): readonly DeskRun[] {
  return Array.from({ length: count }, (_, n) => deskRun(n, now - 45_000 - n * 60_000))
}
