import {
  ATTR_SERVICE_NAME,
  ATTR_AGENTEL_DECISION_CONFIDENCE,
  ATTR_AGENTEL_DECISION_NAME,
  ATTR_AGENTEL_DECISION_OUTCOME,
  ATTR_AGENTEL_TRANSFER_SOURCE_NAME,
  ATTR_AGENTEL_TRANSFER_TARGET_NAME,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_SESSION_ID,
  ATTR_USER_ID,
} from '@agentel/semconv'
import { type ConsoleFixture, startFixture } from './console-fixture.ts'
import type { ConsoleOptions } from '../src/index.ts'
import type { AgentGraph } from '../src/index.ts'
import { keyValues, logRequest, spanId, type SpanSpec, timeNanos, TRACE_ID, traceRequest } from './otlp-json.ts'

function text(role: string, content: string): object {
  return { role, parts: [{ type: 'text', content }] }
}

const QUESTION = text('user', 'Compare two stores.')
const PLAN = text('assistant', 'First search.')

function agent(name: string): Record<string, unknown> {
  return { [ATTR_GEN_AI_OPERATION_NAME]: 'invoke_agent', [ATTR_GEN_AI_AGENT_NAME]: name }
}

function chat(model: string, input: object[], output: object[], tokens: number): Record<string, unknown> {
  return {
    [ATTR_GEN_AI_OPERATION_NAME]: 'chat',
    [ATTR_GEN_AI_PROVIDER_NAME]: 'openai',
    [ATTR_GEN_AI_REQUEST_MODEL]: model,
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: tokens,
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: tokens / 10,
    [ATTR_GEN_AI_INPUT_MESSAGES]: JSON.stringify(input),
    [ATTR_GEN_AI_OUTPUT_MESSAGES]: JSON.stringify(output),
  }
}

const WHO = { [ATTR_USER_ID]: 'ada', [ATTR_SESSION_ID]: 's-1' }

/** A run of two agents that fails in a tool of the second. */
export const DESK_RUN: readonly SpanSpec[] = [
  {
    spanId: spanId(0),
    name: 'invoke_workflow desk',
    duration: 1000,
    attributes: { [ATTR_GEN_AI_OPERATION_NAME]: 'invoke_workflow', ...WHO },
    error: 'the desk failed',
  },
  {
    spanId: spanId(1),
    parent: spanId(0),
    name: 'invoke_agent planner',
    start: 10,
    duration: 300,
    attributes: agent('planner'),
  },
  {
    spanId: spanId(2),
    parent: spanId(1),
    name: 'chat gpt-4o',
    kind: 3,
    start: 20,
    duration: 100,
    attributes: chat('gpt-4o', [QUESTION], [PLAN], 1000),
  },
  {
    spanId: spanId(3),
    parent: spanId(1),
    name: 'decide route',
    start: 130,
    duration: 10,
    attributes: {
      [ATTR_AGENTEL_DECISION_NAME]: 'route',
      [ATTR_AGENTEL_DECISION_CONFIDENCE]: 0.8,
      [ATTR_AGENTEL_DECISION_OUTCOME]: 'search',
    },
  },
  {
    spanId: spanId(4),
    parent: spanId(1),
    name: 'transfer researcher',
    start: 200,
    duration: 5,
    attributes: { [ATTR_AGENTEL_TRANSFER_SOURCE_NAME]: 'planner', [ATTR_AGENTEL_TRANSFER_TARGET_NAME]: 'researcher' },
  },
  {
    spanId: spanId(5),
    parent: spanId(0),
    name: 'invoke_agent researcher',
    start: 320,
    duration: 600,
    attributes: agent('researcher'),
    error: 'no sources',
  },
  {
    spanId: spanId(6),
    parent: spanId(5),
    name: 'chat gpt-4o-mini',
    kind: 3,
    start: 330,
    duration: 50,
    attributes: chat('gpt-4o-mini', [QUESTION, PLAN], [text('assistant', 'Searching.')], 2000),
  },
  {
    spanId: spanId(7),
    parent: spanId(5),
    name: 'execute_tool search',
    start: 400,
    duration: 500,
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
      [ATTR_GEN_AI_TOOL_NAME]: 'search',
      [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: '{"q":"stores"}',
      [ATTR_GEN_AI_TOOL_CALL_RESULT]: '["none"]',
    },
    error: 'timed out after 500 ms',
    events: [{ name: 'exception', attributes: { 'exception.type': 'TimeoutError', 'exception.message': 'timed out' } }],
  },
]

const POINT = { startTimeUnixNano: timeNanos(0), attributes: keyValues({ route: 'a' }) }

/** A console that has received the run, a log record and two metrics, and has looked at the run. */
export async function startDesk(options: ConsoleOptions = {}): Promise<ConsoleFixture> {
  const fixture = await startFixture(options)
  await fixture.send('traces', traceRequest(DESK_RUN))
  await fixture.send(
    'logs',
    logRequest([
      {
        timeUnixNano: timeNanos(410),
        severityNumber: 17,
        body: { stringValue: 'search is slow' },
        traceId: TRACE_ID,
        spanId: spanId(7),
        attributes: keyValues(agent('researcher')),
      },
    ]),
  )
  const dataPoints = [1, 2, 4].map((n) => ({ ...POINT, timeUnixNano: timeNanos(n * 1000), asInt: String(n * 10) }))
  const histogram = [1, 3].map((n) => ({
    ...POINT,
    timeUnixNano: timeNanos(n * 1000),
    count: String(n * 10),
    sum: n * 20,
    bucketCounts: [String(n * 5), String(n * 5), '0'],
    explicitBounds: [1, 10],
  }))
  const metrics = [
    {
      name: 'requests',
      unit: '{request}',
      description: 'how many',
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints },
    },
    { name: 'request.duration', unit: 's', histogram: { aggregationTemporality: 2, dataPoints: histogram } },
  ]
  await fixture.send('metrics', {
    resourceMetrics: [
      {
        resource: { attributes: keyValues({ [ATTR_SERVICE_NAME]: 'desk' }) },
        scopeMetrics: [{ scope: { name: 's' }, metrics }],
      },
    ],
  })
  await fixture.until<AgentGraph>('/api/agents', ({ edges }) => edges.length > 0)
  return fixture
}

/** What the run's two calls cost, by the prices of 2026. */
export const DESK_COST: number = (1000 * 2.5 + 100 * 10 + 2000 * 0.15 + 200 * 0.6) / 1e6
