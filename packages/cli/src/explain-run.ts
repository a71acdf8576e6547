import { buildSpanTree, explainFailure, type Step } from '@agentel/analysis'
import type { SpanDetail, TraceList, TraceSkeleton } from '@agentel/console'
import {
  AGENTEL_ERROR_CATEGORY_VALUE_API,
  AGENTEL_ERROR_CATEGORY_VALUE_OTHER,
  AGENTEL_ERROR_CATEGORY_VALUE_RATE_LIMIT,
  AGENTEL_ERROR_CATEGORY_VALUE_TIMEOUT,
  AGENTEL_ERROR_CATEGORY_VALUE_TOOL,
  ATTR_AGENTEL_ERROR_CATEGORY,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
} from '@agentel/semconv'
import type { Source } from './frame/source.ts'

/** A step of a run. Times in milliseconds, `at` after the run's start. */
export interface RunStep {
  readonly spanId: string
  readonly name: string
  readonly agent: string | null
  readonly at: number
  readonly duration: number
  /** `error.type` of one that failed. */
  readonly error: string | null
}

/** Why a run failed. */
export interface RunExplanation {
  readonly traceId: string
  readonly title: string
  readonly failed: boolean
  readonly duration: number
  /** The agents above the failure, the outermost first. */
  readonly path: readonly string[]
  /** Where it failed first; null when nothing did. */
  readonly origin: RunStep | null
  readonly error: {
    readonly type: string | null
    readonly message: string | null
    readonly category: string
    readonly stack: string | null
  } | null
  /** Tries of the same step before, each with the wait until the next. */
  readonly attempts: readonly (RunStep & { readonly wait: number })[]
  readonly lastSuccess: RunStep | null
  readonly toolCalls: readonly RunStep[]
  /** Errors that the run survived. */
  readonly survived: readonly RunStep[]
  /** What was captured of the state in which it failed. */
  readonly context: {
    readonly user: string | null
    readonly session: string | null
    readonly services: readonly string[]
    readonly model: string | null
    /** `gen_ai.request.*` of the model call that failed, or of the last one before. */
    readonly settings: Readonly<Record<string, unknown>>
    readonly tools: readonly string[]
    /** Messages or arguments that the step was given; null when content was not captured. */
    readonly input: unknown
  }
  /** Other runs of the last seven days with this agent and this type of error; of a run that failed, those that did too. */
  readonly similar: { readonly total: number; readonly traceIds: readonly string[] }
}

const ERROR = 2
const LOOK_BACK_MS = 7 * 86_400_000
const REQUEST = 'gen_ai.request.'

function stepsOf({ spans, dictionaries }: TraceSkeleton): Step[] {
  return spans.id.map((id, row) => ({
    id,
    parent: spans.id[spans.parent[row]!] ?? null,
    start: spans.start[row]!,
    duration: spans.duration[row]!,
    status: spans.status[row]!,
    name: dictionaries.names[spans.name[row]!] ?? '',
    type: dictionaries.types[spans.type[row]!] ?? 'other',
  }))
}

function runStep({ spans, dictionaries }: TraceSkeleton, row: number): RunStep {
  return {
    spanId: spans.id[row]!,
    name: dictionaries.names[spans.name[row]!] ?? '',
    agent: dictionaries.agents[spans.agent[row]!] ?? null,
    at: spans.start[row]!,
    duration: spans.duration[row]!,
    error: spans.status[row] === ERROR ? (dictionaries.errorTypes[spans.errorType[row]!] ?? 'error') : null,
  }
}

/** What the span says; of spans of others, who do not say it, what their type and kind do. */
function categoryOf({ attributes, errorType, type, kind }: SpanDetail): string {
  const said = attributes[ATTR_AGENTEL_ERROR_CATEGORY]
  if (typeof said === 'string') return said
  if (/time.?out/i.test(errorType ?? '')) return AGENTEL_ERROR_CATEGORY_VALUE_TIMEOUT
  if (/^429$|rate.?limit/i.test(errorType ?? '')) return AGENTEL_ERROR_CATEGORY_VALUE_RATE_LIMIT
  if (type === 'tool') return AGENTEL_ERROR_CATEGORY_VALUE_TOOL
  return kind === 'client' ? AGENTEL_ERROR_CATEGORY_VALUE_API : AGENTEL_ERROR_CATEGORY_VALUE_OTHER
}

function errorOf(detail: SpanDetail): RunExplanation['error'] {
  const exceptions = [...detail.events, ...detail.logs].map(({ attributes }) => attributes)
  const found = (key: string): string | null =>
    exceptions.map((attributes) => attributes[key]).find((value) => typeof value === 'string') ?? null
  return {
    type: detail.errorType,
    message: detail.status.message ?? found(ATTR_EXCEPTION_MESSAGE),
    category: categoryOf(detail),
    stack: found(ATTR_EXCEPTION_STACKTRACE),
  }
}

/** The model call that failed, or the last one that had begun before: what was asked of which model. */
function modelCallBefore({ spans, dictionaries }: TraceSkeleton, origin: number): number {
  const calls = spans.id.map((_, row) => row).filter((row) => dictionaries.types[spans.type[row]!] === 'model')
  if (calls.includes(origin)) return origin
  const before = calls.filter((row) => spans.start[row]! <= spans.start[origin]!)
  return before.reduce((last, row) => (last === -1 || spans.start[row]! >= spans.start[last]! ? row : last), -1)
}

async function contextOf(source: Source, skeleton: TraceSkeleton, origin: number, failed: SpanDetail) {
  const { user, session, services } = skeleton.trace
  const call = modelCallBefore(skeleton, origin)
  const asked =
    call === -1 ? undefined : call === origin ? failed : await detailOf(source, skeleton, skeleton.spans.id[call]!)
  const settings = Object.entries(asked?.attributes ?? {}).filter(([key]) => key.startsWith(REQUEST))
  return {
    user,
    session,
    services,
    model: asked?.model ?? null,
    settings: Object.fromEntries(settings.map(([key, value]) => [key.slice(REQUEST.length), value])),
    tools: asked?.content.tools?.map(({ name }) => name) ?? [],
    input: failed.content.toolArguments ?? failed.content.input ?? asked?.content.input ?? null,
  }
}

function detailOf(source: Source, { trace }: TraceSkeleton, spanId: string): Promise<SpanDetail> {
  return source.get<SpanDetail>(`/api/traces/${trace.traceId}/spans/${spanId}`)
}

async function similarTo(
  source: Source,
  { traceId, startTime, status }: TraceSkeleton['trace'],
  { error, agent }: RunStep,
): Promise<RunExplanation['similar']> {
  const from = Date.now() - LOOK_BACK_MS
  const query = {
    from,
    status: status === 'error' ? 'error' : undefined,
    error: error ?? undefined,
    agent: agent ?? undefined,
    limit: 6,
  }
  const { traces, total } = await source.get<TraceList>('/api/traces', query)
  const others = traces.map((run) => run.traceId).filter((id) => id !== traceId)
  // The run itself is one of them, be it among the first or not.
  return { total: startTime >= from ? total - 1 : total, traceIds: others.slice(0, 5) }
}

/** Explains a run. @throws when the source has no such run */
export async function explainRun(source: Source, id: string): Promise<RunExplanation> {
  const skeleton = await source.get<TraceSkeleton>(`/api/traces/${id}`)
  const steps = stepsOf(skeleton)
  const found = explainFailure(steps, buildSpanTree(steps))
  const { trace } = skeleton
  const at = (row: number): RunStep => runStep(skeleton, row)
  const known = {
    traceId: trace.traceId,
    title: trace.title,
    failed: trace.status === 'error',
    duration: trace.duration,
    survived: found.recovered.map(at),
    toolCalls: found.toolCalls.map(at),
    attempts: found.attempts.map(({ span, wait }) => ({ ...at(span), wait })),
    lastSuccess: found.lastSuccess === -1 ? null : at(found.lastSuccess),
  }
  const { user, session, services } = trace
  if (found.origin === -1) {
    const context = { user, session, services, model: null, settings: {}, tools: [], input: null }
    return { ...known, path: [], origin: null, error: null, context, similar: { total: 0, traceIds: [] } }
  }
  const origin = at(found.origin)
  const detail = await detailOf(source, skeleton, origin.spanId)
  return {
    ...known,
    path: found.path.slice(0, -1).map((row) => at(row).agent ?? at(row).name),
    origin,
    error: errorOf(detail),
    context: await contextOf(source, skeleton, found.origin, detail),
    similar: await similarTo(source, trace, origin),
  }
}
