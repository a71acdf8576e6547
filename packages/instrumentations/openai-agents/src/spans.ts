import type { Context, Tracer } from '@opentelemetry/api'
import { startAgent } from '@agentel/api'
import { activeContext, insideOf, isInside } from './run-context.ts'
import { type Entry, findRun, parentEntry, type Run } from './run-registry.ts'
import { failAsTold } from './describe-sdk-error.ts'
import { startModelCall } from './model-call.ts'
import type { SdkSpan } from './sdk-shapes.ts'
import { startFunction, startHandoff, startMcpList } from './tool-spans.ts'
import { startCheck, startOther } from './other-spans.ts'

/** What a span of ours is started with. */
export interface Start {
  readonly span: SdkSpan
  readonly run: Run
  readonly parent: Context
  readonly turn: number | undefined
  readonly tracer: Tracer
}

/** Makes what stands for one kind of span. */
export type Maker = (start: Start) => Entry

const MAKERS: Readonly<Record<string, Maker>> = {
  agent: startAgentSpan,
  response: startModelCall,
  generation: startModelCall,
  function: startFunction,
  handoff: startHandoff,
  guardrail: startCheck,
  mcp_tools: startMcpList,
  // One run and one turn of its loop: the spans of what happens in them tell more.
  task: passThrough,
  turn: passThrough,
}

/** Starts what stands for a span that the SDK has started. */
export function startSpan(span: SdkSpan, tracer: Tracer): void {
  const run = findRun(span.traceId)
  // A trace that began before we were there.
  if (run === undefined) return
  const above = parentEntry(run, span.parentId)!
  const active = activeContext()
  // The application's own spans in a tool, or around a run, are between the SDK's.
  const parent = isInside(active, span.parentId ?? span.traceId) ? active : above.context
  const { type, turn } = span.spanData
  const start: Start = { span, run, parent, tracer, turn: typeof turn === 'number' ? turn : above.turn }
  const entry = (MAKERS[type] ?? startOther)(start)
  run.spans.set(span.spanId, { ...entry, context: insideOf(entry.context, span.spanId), turn: start.turn })
}

/** Ends it. What is still started in it, late, hangs on what is above it. */
export function endSpan(span: SdkSpan): void {
  const run = findRun(span.traceId)
  const entry = run?.spans.get(span.spanId)
  run?.spans.delete(span.spanId)
  entry?.end(span)
}

function startAgentSpan({ span, parent, tracer }: Start): Entry {
  const { name, tools } = span.spanData
  const operation = startAgent({
    name: String(name),
    ...(Array.isArray(tools) && tools.length > 0 ? { tools: tools.map(String) } : undefined),
    parent,
    tracer,
  })
  return {
    context: operation.context,
    end(ended) {
      failAsTold(operation, ended?.error)
      operation.end()
    },
  }
}

function passThrough({ parent }: Start): Entry {
  return { context: parent, end: () => undefined }
}
