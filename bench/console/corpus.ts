/**
 * A day of five services with twenty agents, as OTLP protobuf bodies of 500 spans, one service a body, so that a trace comes in
 * several bodies. Text is drawn from blocks of made-up words: it compresses a little better than real text.
 */
import {
  ATTR_AGENTEL_COST_AMOUNT,
  ATTR_AGENTEL_COST_SOURCE,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_SERVICE_NAME,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '../../packages/semconv/src/index.ts'
import { anyValue, attribute, field, number64, repeated } from './protobuf.ts'

const SPANS_PER_BODY = 500
const DAY_NANOS = 86_400_000_000_000n

/** What a corpus holds. */
export interface Corpus {
  readonly bodies: readonly Buffer[]
  readonly spans: number
  readonly traces: number
  readonly bytes: number
  /** Ids to ask for: a small trace, one of about 200 spans, the largest. */
  readonly small: string
  readonly medium: string
  readonly large: string
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly to: number
}

/** Numbers that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

interface Random {
  readonly next: () => number
  readonly pick: <T>(list: readonly T[]) => T
  readonly hex: (bytes: number) => Buffer
  readonly text: (length: number) => string
  /** Whether model calls have a cost, as those of our SDK. */
  readonly withCost: boolean
}

function openRandom(seed: number, withCost: boolean): Random {
  const next = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const letters = 'abcdefghijklmnopqrstuvwxyz'.split('')
  const word = (): string => Array.from({ length: 3 + Math.floor(next() * 8) }, () => pick(letters)).join('')
  const words = Array.from({ length: 6000 }, word)
  const blocks = Array.from({ length: 4000 }, () => Array.from({ length: 18 }, () => pick(words)).join(' '))
  const text = (length: number): string => {
    let out = ''
    while (out.length < length) out += `${pick(blocks)}. `
    return out.slice(0, length)
  }
  const hex = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, () => 1 + Math.floor(next() * 255)))
  return { next, pick, hex, text, withCost }
}

const names = (prefix: string, n: number) => Array.from({ length: n }, (_, i) => `${prefix}-${i + 1}`)
const SERVICES = names('service', 5)
const AGENTS = names('agent', 20)
const SESSIONS = names('session', 30)
const USERS = names('user', 12)
const TOOLS = names('tool', 25)
/** An agent lives in one service, delegates to three others, uses four tools and two models. */
const HABITS = AGENTS.map((_, i) => ({
  service: i % SERVICES.length,
  delegates: [1, 3, 7].map((step) => (i + step) % AGENTS.length),
  tools: [0, 5, 11, 16].map((step) => TOOLS[(i + step) % TOOLS.length]!),
}))
const MODELS: readonly (readonly [provider: string, model: string])[] = [
  ['openai', 'gpt-4o'],
  ['openai', 'gpt-4o-mini'],
  ['openai', 'gpt-4.1'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['gcp.gemini', 'gemini-2.5-pro'],
]

function messages(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }])
}

function chatAttributes(r: Random, agent: number): { name: string; attributes: Buffer[] } {
  const [provider, model] = MODELS[(agent + (r.next() < 0.7 ? 0 : 1)) % MODELS.length]!
  const attributes = [
    repeated(ATTR_GEN_AI_OPERATION_NAME, 'chat'),
    repeated(ATTR_GEN_AI_PROVIDER_NAME, provider),
    repeated(ATTR_GEN_AI_REQUEST_MODEL, model),
    repeated(ATTR_GEN_AI_RESPONSE_MODEL, `${model}-2026-01-01`),
    repeated(ATTR_GEN_AI_REQUEST_MAX_TOKENS, 4096),
    repeated(ATTR_GEN_AI_REQUEST_TEMPERATURE, 0.2),
    attribute(ATTR_GEN_AI_RESPONSE_ID, `chatcmpl-${r.hex(12).toString('hex')}`),
    repeated(ATTR_GEN_AI_RESPONSE_FINISH_REASONS, ['stop']),
    attribute(ATTR_GEN_AI_USAGE_INPUT_TOKENS, 200 + Math.floor(r.next() * 4000)),
    attribute(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, 20 + Math.floor(r.next() * 800)),
  ]
  if (r.withCost) {
    attributes.push(attribute(ATTR_AGENTEL_COST_AMOUNT, 0.0123), repeated(ATTR_AGENTEL_COST_SOURCE, 'local'))
  }
  if (r.next() < 0.45) {
    attributes.push(attribute(ATTR_GEN_AI_INPUT_MESSAGES, messages('user', r.text(900 + Math.floor(r.next() * 1500)))))
    if (r.next() < 0.5) {
      attributes.push(
        attribute(ATTR_GEN_AI_OUTPUT_MESSAGES, messages('assistant', r.text(200 + Math.floor(r.next() * 800)))),
      )
    }
  }
  return { name: `chat ${model}`, attributes }
}

function toolAttributes(r: Random, agent: number): { name: string; attributes: Buffer[] } {
  const tool = r.pick(HABITS[agent]!.tools)
  const attributes = [
    repeated(ATTR_GEN_AI_OPERATION_NAME, 'execute_tool'),
    repeated(ATTR_GEN_AI_TOOL_NAME, tool),
    repeated(ATTR_GEN_AI_TOOL_TYPE, 'function'),
    attribute(ATTR_GEN_AI_TOOL_CALL_ID, `call_${r.hex(8).toString('hex')}`),
    attribute(ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, JSON.stringify({ query: r.text(40), limit: 5 })),
  ]
  if (r.next() < 0.25) attributes.push(attribute(ATTR_GEN_AI_TOOL_CALL_RESULT, r.text(400)))
  return { name: `execute_tool ${tool}`, attributes }
}

interface Open {
  readonly id: Buffer
  /** Index into AGENTS. */
  readonly agent: number
}

/** A span as bytes; what else it says depends on what it is. */
function spanBytes(
  r: Random,
  trace: { id: Buffer; session: string; user: string },
  span: {
    id: Buffer
    parent: Uint8Array | undefined
    name: string
    kind: number
    start: bigint
    nanos: bigint
    attributes: Buffer[]
    failed: boolean
  },
): Buffer {
  const parts = [field(1, trace.id), field(2, span.id)]
  if (span.parent !== undefined) parts.push(field(4, span.parent))
  parts.push(field(5, Buffer.from(span.name)), Buffer.from([0x30, span.kind]))
  parts.push(number64(7, span.start), number64(8, span.start + span.nanos), ...span.attributes)
  parts.push(repeated(ATTR_SESSION_ID, trace.session), repeated(ATTR_USER_ID, trace.user))
  parts.push(repeated(ATTR_GEN_AI_CONVERSATION_ID, trace.session))
  for (let i = 0; i < 6; i++) parts.push(repeated(`app.label_${i}`, `value-${Math.floor(r.next() * 40)}`))
  if (span.failed) {
    parts.push(repeated(ATTR_ERROR_TYPE, r.pick(['timeout', 'rate_limit_exceeded', 'ValidationError'])))
    const stack = field(
      3,
      Buffer.concat([field(1, Buffer.from('exception.stacktrace')), field(2, anyValue(r.text(500)))]),
    )
    const message = field(
      3,
      Buffer.concat([field(1, Buffer.from('exception.message')), field(2, anyValue(r.text(60)))]),
    )
    parts.push(
      field(
        11,
        Buffer.concat([number64(1, span.start + span.nanos), field(2, Buffer.from('exception')), message, stack]),
      ),
    )
    parts.push(field(15, Buffer.concat([field(2, Buffer.from(r.text(60))), Buffer.from([0x18, 2])])))
  }
  return Buffer.concat(parts)
}

/** Makes the spans of one trace; `put` gets each with its service. */
function makeTrace(r: Random, size: number, at: bigint, put: (service: number, span: Buffer) => void): Buffer {
  const trace = { id: r.hex(16), session: r.pick(SESSIONS), user: r.pick(USERS) }
  const failing = r.next() < 0.25
  const agents: Open[] = []
  let clock = at
  for (let i = 0; i < size; i++) {
    const id = r.hex(8)
    const kind = i === 0 ? 'agent' : r.next() < 0.36 ? 'chat' : r.next() < 0.47 ? 'tool' : 'agent'
    const parent = i === 0 ? undefined : r.pick(agents.slice(-4))
    const begun = Math.floor(r.next() * AGENTS.length)
    const delegate = parent === undefined ? begun : r.pick(HABITS[parent.agent]!.delegates)
    const agent = kind === 'agent' ? delegate : parent!.agent
    const made =
      kind === 'chat'
        ? chatAttributes(r, agent)
        : kind === 'tool'
          ? toolAttributes(r, agent)
          : {
              name: `invoke_agent ${AGENTS[agent]!}`,
              attributes: [repeated(ATTR_GEN_AI_OPERATION_NAME, 'invoke_agent')],
            }
    made.attributes.push(repeated(ATTR_GEN_AI_AGENT_NAME, AGENTS[agent]!))
    const nanos = BigInt(Math.floor(1e6 * 2 ** (r.next() * 14)))
    const failed = failing && (i === 0 || r.next() < 0.2)
    const span = {
      id,
      parent: parent?.id,
      name: made.name,
      kind: kind === 'chat' ? 3 : 1,
      start: clock,
      nanos,
      attributes: made.attributes,
      failed,
    }
    put(HABITS[agent]!.service, spanBytes(r, trace, span))
    if (kind === 'agent') agents.push({ id, agent })
    clock += nanos / 4n
  }
  return trace.id
}

function bodyOf(service: string, spans: readonly Buffer[]): Buffer {
  const resourceAttribute = field(
    1,
    Buffer.concat([field(1, Buffer.from(ATTR_SERVICE_NAME)), field(2, anyValue(service))]),
  )
  const scope = field(1, field(1, Buffer.from('@agentel/bench')))
  return field(
    1,
    Buffer.concat([
      field(1, resourceAttribute),
      field(2, Buffer.concat([scope, ...spans.map((span) => field(2, span))])),
    ]),
  )
}

/** Makes a corpus of at least so many spans, the last of them an hour before now; the same for the same seed. */
export function makeCorpus(spans: number, largest: number, seed = 1, withCost = false): Corpus {
  const r = openRandom(seed, withCost)
  const to = BigInt(Date.now() - 60_000) * 1_000_000n
  const from = to - DAY_NANOS
  const pending: Buffer[][] = SERVICES.map(() => [])
  const bodies: Buffer[] = []
  const flush = (service: number): void => {
    if (pending[service]!.length > 0) bodies.push(bodyOf(SERVICES[service]!, pending[service]!))
    pending[service] = []
  }
  let made = 0
  const put = (service: number, span: Buffer): void => {
    made++
    if (pending[service]!.push(span) >= SPANS_PER_BODY) flush(service)
  }
  const ids: Record<string, Buffer> = {}
  let traces = 0
  const at = (): bigint => from + (DAY_NANOS * BigInt(Math.min(made, spans))) / BigInt(spans)
  ids.large = makeTrace(r, largest, at(), put)
  traces++
  for (let n = largest; n < spans; traces++) {
    const size = r.next() < 0.02 ? 200 : 5 + Math.floor(r.next() ** 1.2 * 130)
    const id = makeTrace(r, size, at(), put)
    if (size === 200) ids.medium ??= id
    if (size < 40) ids.small ??= id
    n += size
  }
  SERVICES.forEach((_, i) => flush(i))
  return {
    bodies,
    spans: made,
    traces,
    bytes: bodies.reduce((n, body) => n + body.length, 0),
    small: ids.small!.toString('hex'),
    medium: ids.medium!.toString('hex'),
    large: ids.large!.toString('hex'),
    from: Number(from / 1_000_000n),
    to: Number(to / 1_000_000n),
  }
}
