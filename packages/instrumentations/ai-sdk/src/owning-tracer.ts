import { context as contextApi, type Span, trace, type Tracer } from '@opentelemetry/api'
import { withCallOwner } from '@agentel/instrumentation-kit'

const MODEL_CALL = /\.do(Generate|Stream|Embed)$/

/**
 * The tracer that an application has given the SDK (or the SDK's own), whose spans for calls of a model own those calls:
 * an instrumented client below completes them, and makes none of its own.
 */
export function owningTracer(given: Tracer | undefined): Tracer {
  const tracer = given ?? trace.getTracer('ai')
  return {
    startSpan: (...args) => tracer.startSpan(...args),
    startActiveSpan(name: string, ...args: unknown[]) {
      const body = args.at(-1) as (span: Span) => unknown
      const owned = (span: Span): unknown => {
        const owner = { name: 'ai', enrich: (attributes: object) => void span.setAttributes({ ...attributes }), span }
        return contextApi.with(withCallOwner(contextApi.active(), owner), body, undefined, span)
      }
      const start = tracer.startActiveSpan.bind(tracer) as (...all: unknown[]) => unknown
      return start(name, ...args.slice(0, -1), MODEL_CALL.test(name) ? owned : body)
    },
  } as Tracer
}
