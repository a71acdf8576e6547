/** A run that tries everything: scripts in every field, huge and deep things, broken clocks and broken families. */
import type { SentGauge, SentLog, SentSpan } from './otlp-json.ts'

/** Sets this on the page if anything of it runs. */
export const MARK = 'broken'

const SCRIPTS = [
  `<script>window.${MARK}=1</script>`,
  `<img src=x onerror="window.${MARK}=1">`,
  `"><svg onload=window.${MARK}=1>`,
  `javascript:window.${MARK}=1`,
  `</title></style></textarea><script>window.${MARK}=1</script>`,
  `{{constructor.constructor('window.${MARK}=1')()}}`,
]

/** A different script each time. */
function script(n: number): string {
  return SCRIPTS[n % SCRIPTS.length]!
}

const hex = (length: number, n: number): string => n.toString(16).padStart(length, '0')

export const HOSTILE_TRACE = hex(32, 0xbad0_0001)
export const DEEP_TRACE = hex(32, 0xbad0_0002)
export const BROKEN_TRACE = hex(32, 0xbad0_0003)
export const LARGE_TRACE = hex(32, 0xbad0_0004)

/** Every name, attribute, message and status is a script. */
export function hostileSpans(now: number): readonly SentSpan[] {
  const message = (role: string) =>
    JSON.stringify([
      {
        role,
        parts: [
          { type: 'text', content: script(1) },
          { type: 'tool_call', id: script(0), name: script(2), arguments: { [script(1)]: script(0) } },
        ],
      },
      { role: script(0), parts: [{ type: script(1), content: script(2), uri: script(3) }] },
      {
        role: 'tool',
        parts: [
          { type: 'tool_call_response', id: script(2), response: script(4) },
          { type: 'uri', uri: script(3) },
        ],
      },
    ])
  const attributes = {
    'gen_ai.agent.name': script(1),
    'gen_ai.tool.name': script(2),
    'gen_ai.request.model': script(0),
    'gen_ai.provider.name': script(4),
    'user.id': script(5),
    'session.id': script(3),
    'gen_ai.input.messages': message('user'),
    'gen_ai.output.messages': message('assistant'),
    'gen_ai.system_instructions': script(4),
    'gen_ai.tool.call.arguments': script(1),
    'gen_ai.tool.call.result': script(0),
    'error.type': script(2),
    [script(0)]: script(1),
    huge: 'x'.repeat(1_000_000),
  }
  const root: SentSpan = {
    traceId: HOSTILE_TRACE,
    spanId: hex(16, 1),
    name: script(0),
    start: now - 9_000,
    duration: 8_000,
    attributes: { ...attributes, 'gen_ai.operation.name': 'invoke_agent' },
    error: script(1),
    events: [
      {
        name: script(2),
        at: now - 8_500,
        attributes: { 'exception.type': script(0), 'exception.message': script(1), 'exception.stacktrace': script(4) },
      },
    ],
  }
  const child = (n: number, operation: string): SentSpan => ({
    ...root,
    spanId: hex(16, n),
    parentSpanId: hex(16, 1),
    name: script(n),
    start: now - 8_000 + n * 100,
    duration: 90,
    attributes: { ...attributes, 'gen_ai.operation.name': operation, huge: 'y' },
  })
  return [root, child(2, 'chat'), child(3, 'execute_tool'), child(4, script(0)), child(5, 'retrieval')]
}

/** Records whose every field is a script too. */
export function hostileLogs(now: number): readonly SentLog[] {
  return [17, 9].map((severity, i) => ({
    time: now - 8_000 + i,
    severity,
    event: script(i),
    body: script(i + 1),
    traceId: HOSTILE_TRACE,
    spanId: hex(16, 2),
    attributes: { [script(2)]: script(0), 'gen_ai.agent.name': script(1) },
  }))
}

/** A metric whose name, unit and attributes are scripts. */
export function hostileGauge(now: number): SentGauge {
  const attributes = { [script(1)]: script(2), worker: script(4) }
  const points = [2, 1].map((minutes) => ({ time: now - minutes * 60_000, value: minutes }))
  return { name: script(0), unit: script(3), series: [{ attributes, points }] }
}

/** 400 levels, one in the other. */
export function deepSpans(now: number): readonly SentSpan[] {
  return Array.from({ length: 400 }, (_, level) => ({
    traceId: DEEP_TRACE,
    spanId: hex(16, 1000 + level),
    ...(level > 0 && { parentSpanId: hex(16, 999 + level) }),
    name: `level ${level}`,
    start: now - 20_000 + level,
    duration: 10_000 - level,
  }))
}

/** A cycle, a missing parent, a child that starts before its parent, a span that parents itself. */
export function brokenSpans(now: number): readonly SentSpan[] {
  const span = (n: number, parent: number | null, name: string, start: number): SentSpan => ({
    traceId: BROKEN_TRACE,
    spanId: hex(16, 5000 + n),
    ...(parent !== null && { parentSpanId: hex(16, 5000 + parent) }),
    name,
    start: now - 5_000 + start,
    duration: 500,
  })
  return [
    span(1, null, 'root', 0),
    span(2, 1, 'good child', 100),
    span(3, 1, 'clock behind', -60_000),
    span(4, 5, 'cycle one', 200),
    span(5, 4, 'cycle two', 250),
    span(6, 999, 'orphan', 300),
    span(7, 7, 'own parent', 350),
  ]
}

/** 10,000 spans: one agent that calls tools again and again, some of which fail. */
export function largeSpans(now: number): readonly SentSpan[] {
  const start = now - 600_000
  const root = hex(16, 20_000)
  const tools = ['web_search', 'fetch_page', 'read_file']
  const children = Array.from({ length: 9_999 }, (_, n): SentSpan => {
    const failed = n === 7_000
    const name = tools[n % 3]!
    return {
      traceId: LARGE_TRACE,
      spanId: hex(16, 20_001 + n),
      parentSpanId: root,
      name: `execute_tool ${name}`,
      start: start + n * 50,
      duration: 10 + (n % 40),
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': name,
        'gen_ai.agent.name': 'digger',
        ...(failed && { 'error.type': 'EACCES' }),
      },
      ...(failed && { error: 'permission denied: /archive/7000' }),
    }
  })
  return [
    {
      traceId: LARGE_TRACE,
      spanId: root,
      name: 'invoke_agent digger',
      start,
      duration: 500_000,
      attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'digger', 'error.type': 'EACCES' },
      error: 'permission denied: /archive/7000',
    },
    ...children,
  ]
}
