import type { UnderlyingSource } from 'node:stream/web'
import { guard } from '@agentel/api'
import type { StreamObserver } from '@agentel/instrumentation-kit'

/** Who listens to a model's stream. */
type PartsObserver = Pick<StreamObserver, 'chunk' | 'finished' | 'failed' | 'left'>

/** What a stream tells of an answer beside its content. */
const FACTS: ReadonlySet<unknown> = new Set(['response-metadata', 'finish', 'error'])

/** The same observer for a call whose outputs are not to be recorded. */
export function withoutContent(observer: PartsObserver): PartsObserver {
  return {
    chunk: (part) => {
      const { type } = part as { type?: unknown }
      observer.chunk(FACTS.has(type) ? part : { type })
    },
    finished: () => observer.finished(),
    failed: (error) => observer.failed(error),
    left: () => observer.left(),
  }
}

/**
 * A model's stream with somebody listening. It is read only when its own reader reads, and cancelled when that cancels.
 *
 * @param over called when the stream came to another end than its own: failed, or left by its reader
 */
export function observeParts(
  stream: ReadableStream<unknown>,
  observer: PartsObserver,
  over: (error?: unknown) => void,
): ReadableStream<unknown> {
  const reader = stream.getReader()
  const source: UnderlyingSource = {
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) {
          guard('ai.stream.finished', () => observer.finished())
          controller.close()
          return
        }
        guard('ai.stream.part', () => observer.chunk(value))
        controller.enqueue(value)
      } catch (error) {
        guard('ai.stream.failed', () => {
          observer.failed(error)
          over(error)
        })
        controller.error(error)
      }
    },
    cancel(reason) {
      guard('ai.stream.left', () => {
        observer.left()
        over()
      })
      return reader.cancel(reason)
    },
  }
  return new ReadableStream(source, { highWaterMark: 0 })
}
