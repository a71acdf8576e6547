import type { Context } from '@opentelemetry/api'
import type { AgentHandle, Handle, ToolHandle } from '@agentel/api'
import type { CallRecording } from '@agentel/instrumentation-kit'

/** One call of a function of the SDK (`generateText`, `embed`, …) that is under way. */
export interface OpenCall {
  /** Where its parts hang: the agent's context, else the caller's. */
  readonly context: Context
  readonly agent: AgentHandle | undefined
  readonly streaming: boolean
  readonly outputType: string | undefined
  readonly telemetryBeside: boolean
  /** The language model's call of the step at hand. */
  model: CallRecording | undefined
  readonly embeddings: Map<string, CallRecording>
  readonly tools: Map<string, ToolHandle>
  ranking: Handle | undefined
}

/** More calls than this are not kept open: the oldest is let go, its spans end. */
const MOST_OPEN = 10_000

/** The calls that are under way, by the SDK's own id. */
export interface OpenCalls {
  get(id: string | undefined): OpenCall | undefined
  add(id: string, call: OpenCall): void
  /** The call is over; what is still open of it ends. */
  close(id: string | undefined, end: (recording: CallRecording) => void, fail?: (handle: Handle) => void): void
}

/** Keeps calls from their first event to their last. */
export function openCalls(): OpenCalls {
  const calls = new Map<string, OpenCall>()
  const close: OpenCalls['close'] = (id, end, fail) => {
    const call = id === undefined ? undefined : calls.get(id)
    if (id === undefined || call === undefined) return
    calls.delete(id)
    for (const recording of [call.model, ...call.embeddings.values()]) if (recording?.ended === false) end(recording)
    for (const handle of [...call.tools.values(), call.ranking, call.agent]) {
      if (handle === undefined) continue
      fail?.(handle)
      handle.end()
    }
  }
  return {
    get: (id) => (id === undefined ? undefined : calls.get(id)),
    add(id, call) {
      calls.set(id, call)
      if (calls.size > MOST_OPEN) close(calls.keys().next().value, (recording) => recording.abandoned())
    },
    close,
  }
}
