import type { Attributes, Context } from '@opentelemetry/api'
import type { FailOptions } from '@agentel/api'
import { type CallOwner, type CallRecording, startCallRecording, withCallOwner } from '@agentel/instrumentation-kit'
import { callAtHand, insideOf } from './call-context.ts'
import { chat, completion } from './chat.ts'
import type { Told } from './events.ts'
import { parentContext, type Run } from './open-runs.ts'

/** What is told of a call of a model. */
export interface ModelTold extends Told {
  readonly kind: 'chat' | 'llm'
  readonly extra: object | undefined
}

/** The client below, if it is instrumented, knows more of the call than LangChain tells: it completes the span. */
interface OwnedCall extends CallOwner {
  /** What it has completed. */
  readonly known: ReadonlySet<string>
  /** The failure as it saw it; LangChain may try again. */
  readonly failure: readonly [error: unknown, options: FailOptions | undefined] | undefined
}

/** Starts what stands for one call of a model: `chat {model}`, or `text_completion {model}`. */
export function startModelRun(told: ModelTold): Run {
  const call = callAtHand('model')
  call?.ids.push(told.id)
  const base = parentContext(told.parentId, call?.base)
  // Several prompts of a text model are one call of it.
  if (told.kind === 'llm' && call !== undefined && call.runs.length > 0) return silentRun(told.id, base)
  const readers = told.kind === 'chat' ? chat : completion
  const event = { ...told, self: call?.self, streaming: call?.streaming ?? false }
  const recording = startCallRecording(readers, told.runtime, event, base)
  if (recording === undefined) return silentRun(told.id, base)
  const run = modelRun(told.id, recording, event.streaming)
  const isFirst = call?.runs.length === 0
  call?.enter(run, run.context)
  if (call !== undefined && !isFirst) call.enter(call.runs.pop()!, withCallOwner(base, ownerOfNext(call.runs)))
  return run
}

function modelRun(id: string, recording: CallRecording, streaming: boolean): Run {
  const owner = ownCall(recording)
  const started = performance.now()
  let tokens = 0
  let first = 0
  return {
    id,
    owner,
    context: insideOf(withCallOwner(recording.context, owner), id),
    token() {
      // Otherwise the client below sees the chunks themselves.
      if (owner.known.size > 0) return
      if (tokens++ === 0) first = (performance.now() - started) / 1000
      if (streaming) recording.chunk(undefined)
    },
    succeed(result) {
      // A single one can be the whole answer.
      const streamed = !streaming && tokens > 1 && owner.known.size === 0 ? { first } : undefined
      recording.value({ result, known: owner.known, streamed })
      recording.settled()
    },
    fail(error) {
      const [seen, options] = owner.failure ?? [error, undefined]
      recording.failed(seen, options)
    },
    leave: () => recording.abandoned(),
  }
}

function ownCall(recording: CallRecording): OwnedCall {
  const known = new Set<string>()
  let failure: OwnedCall['failure']
  return {
    name: 'langchain',
    known,
    get failure() {
      return failure
    },
    ...(recording.span === undefined ? undefined : { span: recording.span }),
    enrich(attributes: Attributes) {
      // It is another try.
      failure = undefined
      for (const key in attributes) known.add(key)
      recording.enrich(attributes)
    },
    fail(error, options) {
      failure = [error, options]
    },
  }
}

/** Which of several calls that are made at once is the next: the first that was not made yet, or that failed. */
export function ownerOfNext(runs: readonly Run[]): CallOwner {
  const waiting = (): OwnedCall | undefined =>
    runs.map(({ owner }) => owner as OwnedCall).find(({ known, failure }) => known.size === 0 || failure !== undefined)
  return { name: 'langchain', enrich: () => undefined, next: waiting }
}

/** A run without a span of its own: what is inside belongs to the span around it. */
export function silentRun(id: string, context: Context): Run {
  const nothing = (): void => undefined
  return { id, context, succeed: nothing, fail: nothing, leave: nothing }
}
