import { type Context, type Span, context as contextApi, trace } from '@opentelemetry/api'
import type { Operation } from './operation.ts'

/** A span on which everything is a no-op. */
export const NO_SPAN: Span = trace.wrapSpanContext({ traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 })

/** The operation of a process without telemetry: one for all, for there is nothing to remember. */
export const NO_OPERATION: Operation = {
  span: NO_SPAN,
  get context(): Context {
    return contextApi.active()
  },
  recording: false,
  ended: false,
  set: () => undefined,
  rename: () => undefined,
  fail: () => undefined,
  end: () => undefined,
  setLast: () => undefined,
  endSoon: () => undefined,
}
