import { type Attributes, context as contextApi, type Span, type Tracer } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import { parseJson } from '@agentel/instrumentation-kit'
import type { CallEvent, ToolEvent } from './events.ts'
import type { Hooks } from './hooks.ts'
import { answerOf } from './model-parts.ts'
import { observeParts, withoutContent } from './observe-parts.ts'
import type { OpenCalls } from './open-calls.ts'
import { runOnce } from './run-once.ts'
import { type Told, toldSpan } from './told-span.ts'
import { toldRequest } from './told-request.ts'

/** What is read of the options of a call of `generateText`, `embed`, … of `ai` 5 and 6. */
export interface CallOptions {
  readonly tools?: unknown
  readonly output?: unknown
  readonly experimental_output?: unknown
  readonly abortSignal?: AbortSignal
  readonly experimental_telemetry?: {
    readonly isEnabled?: boolean
    readonly functionId?: string
    readonly tracer?: Tracer
    readonly recordInputs?: boolean
    readonly recordOutputs?: boolean
  }
}

type Body = (span: Span) => PromiseLike<unknown>

/** One call of a function of the SDK, with what its parts have in common. */
interface TracedCall {
  readonly callId: string
  readonly options: CallOptions
  readonly hooks: Hooks
  readonly calls: OpenCalls
  /** Embeddings whose request failed: the next one is a retry. */
  readonly failed: string[]
  embedded: number
}

let count = 0

/**
 * A tracer for one call of `ai` 5 or 6. The SDK believes that it makes its own spans; what it says of them goes to the
 * hooks as if it were the events of `ai` 7.
 */
export function callTracer(hooks: Hooks, calls: OpenCalls, options: CallOptions): Tracer {
  const call: TracedCall = { callId: `agentel ${++count}`, options, hooks, calls, failed: [], embedded: 0 }
  return {
    startSpan: () => toldSpan({ attributes: {}, error: undefined, ended: () => undefined }),
    startActiveSpan(name: string, ...given: unknown[]) {
      const body = given.at(-1) as Body
      const { attributes } = (given.length > 1 ? given[0] : {}) as { attributes?: Attributes }
      const told: Told = { attributes: { ...attributes }, error: undefined, ended: () => undefined }
      return partOf(name)(call, name, told, () => body(toldSpan(told)))
    },
  } as Tracer
}

type Part = (call: TracedCall, name: string, told: Told, execute: () => PromiseLike<unknown>) => unknown

function partOf(name: string): Part {
  if (name.endsWith('.doGenerate') || name.endsWith('.doStream')) return modelCall
  if (name.endsWith('.doEmbed')) return embedding
  if (name.endsWith('.doRerank')) return ranking
  if (name === 'ai.toolCall') return toolCall
  return wholeCall
}

function wholeCall(call: TracedCall, name: string, told: Told, execute: () => PromiseLike<unknown>): unknown {
  const { callId, options, hooks } = call
  const { tools, output, experimental_output, experimental_telemetry: telemetry, abortSignal } = options
  const { name: format, type } = (output ?? experimental_output ?? {}) as { name?: unknown; type?: unknown }
  const event: CallEvent = { callId, operationId: name, tools, output: { name: format ?? type } }
  const functionId = telemetry?.functionId
  guard('ai.onStart', () => hooks.onStart(functionId === undefined ? event : { ...event, functionId }))
  const aborted = (): void => void guard('ai.onAbort', () => hooks.onAbort({ callId, reason: abortSignal?.reason }))
  const close = (how: () => void): void => {
    abortSignal?.removeEventListener('abort', aborted)
    guard('ai.onEnd', how)
  }
  const streamed = name.startsWith('ai.stream')
  // The SDK ends an aborted stream's span, if at all, when it is read on.
  if (streamed) abortSignal?.addEventListener('abort', aborted, { once: true })
  // Any other is over when its promise is settled, which tells the error itself.
  if (streamed) told.ended = () => close(() => hooks.onEnd({ callId }))
  const result = contextApi.with(call.calls.get(callId)?.context ?? contextApi.active(), execute)
  result.then(
    () => (streamed ? undefined : close(() => hooks.onEnd({ callId }))),
    (error: unknown) => close(() => hooks.onError({ callId, error })),
  )
  return result
}

function modelCall(call: TracedCall, _name: string, told: Told, execute: () => PromiseLike<unknown>): unknown {
  const { callId, hooks } = call
  const request = guard('ai.request', () => toldRequest(callId, told.attributes)) ?? { callId }
  const observed = (): PromiseLike<unknown> =>
    execute().then((value) => guard('ai.answer', () => observeAnswer(call, value)) ?? value)
  return runOnce('ai.modelCall', { ...request, execute: observed }, (event) => hooks.executeLanguageModelCall(event))
}

/** The answer, or what stands for it when it is a stream. */
function observeAnswer({ callId, hooks, calls, options }: TracedCall, value: unknown): unknown {
  const { result } = value as { result?: { stream?: unknown } }
  const silent = options.experimental_telemetry?.recordOutputs === false
  if (!(result?.stream instanceof ReadableStream)) {
    hooks.onLanguageModelCallEnd({ callId, ...answerOf(value), ...(silent ? { content: undefined } : undefined) })
    return value
  }
  const recording = calls.get(callId)?.model
  if (recording === undefined) return value
  const over = (error?: unknown): void =>
    error === undefined ? hooks.onEnd({ callId }) : hooks.onError({ callId, error })
  const observer = silent ? withoutContent(recording) : recording
  return { ...(value as object), result: { ...result, stream: observeParts(result.stream, observer, over) } }
}

function embedding(call: TracedCall, _name: string, told: Told, execute: () => PromiseLike<unknown>): unknown {
  const { callId, hooks, failed } = call
  const retried = failed.pop()
  const embedCallId = retried ?? `${++call.embedded}`
  const event = { ...toldRequest(callId, told.attributes), embedCallId }
  if (retried === undefined) guard('ai.onEmbedStart', () => hooks.onEmbedStart(event))
  const result = execute()
  result.then(
    (value) => {
      const { embeddings, embedding: one, usage } = (value ?? {}) as Record<string, unknown>
      const answer = { callId, embedCallId, embeddings: embeddings ?? [one], usage: usage as { tokens?: unknown } }
      guard('ai.onEmbedEnd', () => hooks.onEmbedEnd({ ...answer, ...modelOf(event) }))
    },
    () => void failed.push(embedCallId),
  )
  return result
}

function modelOf({ modelId }: { modelId?: string }): { modelId?: string } {
  return modelId === undefined ? {} : { modelId }
}

function ranking({ callId, hooks }: TracedCall, _name: string, told: Told, execute: () => unknown): unknown {
  guard('ai.onRerankStart', () => hooks.onRerankStart(toldRequest(callId, told.attributes)))
  return execute()
}

function toolCall(call: TracedCall, _name: string, told: Told, execute: () => PromiseLike<unknown>): unknown {
  const { callId, hooks, options } = call
  const { recordInputs, recordOutputs } = options.experimental_telemetry ?? {}
  const { 'ai.toolCall.name': toolName, 'ai.toolCall.id': toolCallId, 'ai.toolCall.args': args } = told.attributes
  const event = {
    callId,
    toolCall: { toolName: String(toolName), toolCallId: String(toolCallId), input: parseJson(args) },
    ...(recordInputs === undefined ? undefined : { recordInputs }),
    ...(recordOutputs === undefined ? undefined : { recordOutputs }),
  }
  const observed = (): PromiseLike<unknown> =>
    execute().then((value) => {
      guard('ai.onToolExecutionEnd', () => hooks.onToolExecutionEnd({ ...event, toolOutput: toolOutput(told, value) }))
      return value
    })
  return runOnce('ai.executeTool', { ...event, execute: observed }, (run) => hooks.executeTool(run))
}

function toolOutput({ error, attributes }: Told, value: unknown): NonNullable<ToolEvent['toolOutput']> {
  const given = (value ?? {}) as NonNullable<ToolEvent['toolOutput']>
  // A stream's tool gives nothing back: it is in the stream already.
  if (error !== undefined) return { type: 'tool-error', error: given.error ?? error }
  return { output: given.output ?? parseJson(attributes['ai.toolCall.result']) }
}
