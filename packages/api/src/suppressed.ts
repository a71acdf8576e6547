import { type Context, context, createContextKey } from '@opentelemetry/api'

/** The key of `suppressTracing()` in @opentelemetry/core; keys made from the same text are the same. */
const SUPPRESSED = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

/** Whether the application (or an exporter, for its own requests) has switched tracing off in this context. */
export function isTracingSuppressed(of: Context): boolean {
  return of.getValue(SUPPRESSED) === true
}

/** Runs work of ours of which no instrumentation makes spans. */
export function withoutTracing<T>(work: () => T): T {
  return context.with(context.active().setValue(SUPPRESSED, true), work)
}
