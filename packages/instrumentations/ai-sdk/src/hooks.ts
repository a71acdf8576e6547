import { type Context, context as contextApi, trace } from '@opentelemetry/api'
import { startAgent, startSpan, startTool } from '@agentel/api'
import {
  aiProviderName,
  type CallOwner,
  type CallRecording,
  endWhenCollected,
  passGates,
  type PatchRuntime,
  startCallRecording,
  withCallOwner,
} from '@agentel/instrumentation-kit'
import { ATTR_GEN_AI_PROVIDER_NAME, ATTR_GEN_AI_REQUEST_MODEL, GEN_AI_OUTPUT_TYPE_VALUE_JSON } from '@agentel/semconv'
import { isTelemetryBeside } from './beside.ts'
import { chat } from './chat.ts'
import { embeddings } from './embeddings.ts'
import type { AnswerEvent, CallEvent, ModelCallEvent, ToolEvent } from './events.ts'
import type { OpenCall, OpenCalls } from './open-calls.ts'
import type { Run } from './run-once.ts'

/** What each callback of the SDK's telemetry interface does. */
export interface Hooks {
  onStart(event: CallEvent): void
  onLanguageModelCallEnd(event: AnswerEvent): void
  onObjectStepStart(event: ModelCallEvent): void
  onObjectStepEnd(event: AnswerEvent): void
  onEmbedStart(event: ModelCallEvent): void
  onEmbedEnd(event: AnswerEvent): void
  onRerankStart(event: ModelCallEvent): void
  onToolExecutionEnd(event: ToolEvent): void
  onEnd(event: CallEvent): void
  onAbort(event: CallEvent): void
  onError(event: CallEvent): void
  executeLanguageModelCall(event: ModelCallEvent & Run): PromiseLike<unknown>
  executeTool(event: ToolEvent & Run): PromiseLike<unknown>
}

/** The callbacks, with the calls that they are about between them. */
export function createHooks(runtime: PatchRuntime, calls: OpenCalls): Hooks {
  const startModel = (event: ModelCallEvent): void => {
    const call = calls.get(event.callId)
    // A retry of the SDK is the same call.
    if (call === undefined || call.telemetryBeside || call.model?.ended === false) return
    const { streaming, outputType } = call
    // What is run holds the stream that is to be collected.
    const request = { ...event, execute: undefined, streaming, outputType }
    call.model = startCallRecording(chat, runtime, request, call.context)
  }
  const endModel = (event: AnswerEvent): void => succeed(calls.get(event.callId)?.model, event)
  const fail = (id: string | undefined, error: unknown): void =>
    calls.close(
      id,
      (recording) => recording.failed(error),
      (handle) => handle.fail(error),
    )
  return {
    onStart: (event) => void (event.callId === undefined || calls.add(event.callId, openCall(event))),
    onLanguageModelCallEnd: endModel,
    onObjectStepStart: startModel,
    onObjectStepEnd: endModel,
    onEmbedStart(event) {
      const call = calls.get(event.callId)
      if (call === undefined || call.telemetryBeside || event.embedCallId === undefined) return
      const recording = startCallRecording(embeddings, runtime, event, call.context)
      if (recording !== undefined) call.embeddings.set(event.embedCallId, recording)
    },
    onEmbedEnd: (event) => succeed(calls.get(event.callId)?.embeddings.get(event.embedCallId ?? ''), event),
    onRerankStart(event) {
      const call = calls.get(event.callId)
      // It ends with the call: a retry is a part of it.
      if (call !== undefined && !call.telemetryBeside) call.ranking ??= startRanking(event, call.context)
    },
    onToolExecutionEnd: (event) => endTool(calls.get(event.callId), event),
    onEnd: ({ callId }) => calls.close(callId, (recording) => recording.abandoned()),
    onAbort: ({ callId, reason }) =>
      calls.close(
        callId,
        (recording) => recording.cancelled(reason),
        (handle) => handle.fail(reason, { type: 'cancelled', message: 'The caller aborted the request.' }),
      ),
    onError: ({ callId, error }) => fail(callId, error),
    executeLanguageModelCall(event) {
      // It tells all that onLanguageModelCallStart would, for which the SDK would make a copy more of it.
      startModel(event)
      return executeModel(calls.get(event.callId), event, abandonment(calls, event.callId))
    },
    executeTool: (event) => executeTool(calls.get(event.callId), event),
  }
}

/** Made apart from the event, which holds the stream that is to be collected. */
function abandonment(calls: OpenCalls, callId: string | undefined): () => void {
  return () => calls.close(callId, (recording) => recording.abandoned())
}

function openCall(event: CallEvent): OpenCall {
  const parent = contextApi.active()
  const telemetryBeside = isTelemetryBeside()
  const tools = Array.isArray(event.tools) ? [] : Object.keys(event.tools ?? {})
  const isText = /^ai\.(generate|stream)Text$/.test(event.operationId ?? '')
  // One call of a model is no agent; a loop with tools is, and so is what has been given a name.
  const isAgent = isText && !telemetryBeside && (tools.length > 0 || event.functionId !== undefined)
  const name = event.functionId ?? (event.operationId ?? 'ai').replace(/^ai\./, '')
  const agent = isAgent ? startAgent({ name, parent, ...(tools.length > 0 ? { tools } : undefined) }) : undefined
  const format = (event.output as { name?: unknown } | undefined)?.name
  const isJson = event.operationId?.endsWith('Object') === true || (typeof format === 'string' && format !== 'text')
  return {
    context: agent?.context ?? parent,
    agent,
    streaming: event.operationId?.startsWith('ai.stream') === true,
    outputType: isJson ? GEN_AI_OUTPUT_TYPE_VALUE_JSON : undefined,
    telemetryBeside,
    model: undefined,
    embeddings: new Map(),
    tools: new Map(),
    ranking: undefined,
  }
}

function succeed(recording: CallRecording | undefined, event: AnswerEvent): void {
  recording?.value(event)
  recording?.settled()
}

function startRanking(event: ModelCallEvent, parent: Context): OpenCall['ranking'] {
  const provider = aiProviderName(event.provider)
  const attributes = { [ATTR_GEN_AI_PROVIDER_NAME]: provider, [ATTR_GEN_AI_REQUEST_MODEL]: event.modelId }
  return startSpan({ name: `rerank ${event.modelId ?? ''}`.trim(), type: 'rerank', parent, attributes })
}

function executeModel(call: OpenCall | undefined, { execute }: Run, abandoned: () => void): PromiseLike<unknown> {
  if (call?.telemetryBeside === true) return inContext(withCallOwner(contextApi.active(), besideOwner()), execute)
  const recording = call?.model
  if (call === undefined || recording === undefined || recording.ended) return execute()
  passGates(chat, recording)
  const { span } = recording
  const owner: CallOwner = {
    name: 'ai',
    enrich: (attributes) => recording.enrich(attributes),
    ...(span === undefined ? undefined : { span }),
  }
  const answer = inContext(withCallOwner(recording.context, owner), execute)
  if (!call.streaming) return answer
  return answer.then((result) => {
    const given = (result ?? {}) as { stream?: object; result?: { stream?: object } }
    const stream = given.stream ?? given.result?.stream
    // Nobody tells of a reader that walked away.
    if (typeof stream === 'object' && stream !== null) endWhenCollected(stream, { abandoned })
    return result
  })
}

/** The span of the SDK's own telemetry, which is the active one around the provider's call. */
function besideOwner(): CallOwner {
  const span = trace.getActiveSpan()
  if (span === undefined) return { name: 'ai', enrich: () => undefined }
  return { name: 'ai', enrich: (attributes) => void span.setAttributes(attributes), span }
}

function inContext<T>(context: Context, fn: () => T): T {
  return contextApi.with(context, fn)
}

function executeTool(call: OpenCall | undefined, { execute, ...event }: ToolEvent & Run): PromiseLike<unknown> {
  const { toolCall } = event
  const id = event.toolCallId ?? toolCall?.toolCallId
  if (call === undefined || call.telemetryBeside || toolCall?.toolName === undefined || id === undefined)
    return execute()
  const handle = startTool({
    name: toolCall.toolName,
    callId: id,
    parent: call.context,
    ...(event.recordInputs === false ? undefined : { arguments: toolCall.input }),
  })
  call.tools.set(id, handle)
  return handle.run(execute)
}

function endTool(call: OpenCall | undefined, { toolCall, toolOutput, recordOutputs }: ToolEvent): void {
  const id = toolCall?.toolCallId ?? ''
  const handle = call?.tools.get(id)
  if (handle === undefined) return
  call?.tools.delete(id)
  if (toolOutput?.type === 'tool-error') handle.fail(toolOutput.error)
  else if (recordOutputs !== false) handle.result(toolOutput?.output)
  handle.end()
}
