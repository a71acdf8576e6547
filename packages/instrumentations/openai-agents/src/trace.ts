import type { Attributes, Tracer } from '@opentelemetry/api'
import { startWorkflow } from '@agentel/api'
import { ATTR_AGENTEL_METADATA, ATTR_AGENTEL_TRACE_GROUP_ID, ATTR_AGENTEL_TRACE_NAME } from '@agentel/semconv'
import { activeContext, insideOf } from './run-context.ts'
import { addRun, endRun } from './run-registry.ts'
import type { SdkTrace } from './sdk-shapes.ts'
import { toolCalls } from './tool-calls.ts'

/** The SDK's traces are `invoke_workflow {name}`, a child of what is active around them. */
export function startTrace(trace: SdkTrace, tracer: Tracer): void {
  const name = typeof trace.name === 'string' ? trace.name : 'Agent workflow'
  const workflow = startWorkflow({ name, tracer, parent: activeContext(), attributes: attributesOf(trace, name) })
  addRun(trace.traceId, {
    entry: {
      context: insideOf(workflow.context, trace.traceId),
      end: () => workflow.end(),
      fail: (error) => workflow.fail(error),
    },
    spans: new Map(),
    calls: toolCalls(),
  })
}

/** Ends the trace, with what of it is still open. */
export function endTrace({ traceId }: SdkTrace): void {
  endRun(traceId)
}

function attributesOf({ groupId, metadata }: SdkTrace, name: string): Attributes {
  const attributes: Attributes = { [ATTR_AGENTEL_TRACE_NAME]: name, ...metadataAttributes(metadata) }
  if (typeof groupId === 'string') attributes[ATTR_AGENTEL_TRACE_GROUP_ID] = groupId
  return attributes
}

/** What the application says for its own ends, as far as it is text, number or truth value. */
export function metadataAttributes(metadata: Readonly<Record<string, unknown>> | undefined): Attributes {
  const plain = Object.entries(metadata ?? {}).filter(([, value]) => /^(string|number|boolean)$/.test(typeof value))
  return Object.fromEntries(plain.map(([key, value]) => [ATTR_AGENTEL_METADATA(key), String(value)]))
}
