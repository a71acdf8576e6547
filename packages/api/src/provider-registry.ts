/** Where `@opentelemetry/api` 1.x keeps what was registered. Read only to know whether anything was. */
const API_KEY = Symbol.for('opentelemetry.js.api.1')
/** Where `@opentelemetry/api-logs` 0.x (the line of SDK 2) keeps it: a function of its compatibility version. */
const LEGACY_LOGS_KEY = Symbol.for('io.opentelemetry.js.api.logs')
const LEGACY_LOGS_VERSION = 1

interface Registry {
  [API_KEY]?: { context?: unknown; trace?: unknown; logs?: unknown; diag?: unknown }
  [LEGACY_LOGS_KEY]?: (version: number) => unknown
}

/** Whether there is anything that would take a span or a log record. Costs two lookups. */
export function isTelemetryOn(): boolean {
  const registry = globalThis as Registry
  const api = registry[API_KEY]
  return (
    (api !== undefined && (api.trace !== undefined || api.logs !== undefined)) ||
    registry[LEGACY_LOGS_KEY] !== undefined
  )
}

/** Whether a context can be active at all: without a context manager, nothing that is put into one is ever seen. */
export function isContextOn(): boolean {
  return (globalThis as Registry)[API_KEY]?.context !== undefined
}

/** Whether a logger provider is registered with the api itself (1.10 and later). */
export function hasApiLogs(): boolean {
  return (globalThis as Registry)[API_KEY]?.logs !== undefined
}

/** Whether anybody hears what is said to OpenTelemetry's `diag`. */
export function isDiagHeard(): boolean {
  return (globalThis as Registry)[API_KEY]?.diag !== undefined
}

/** The logger provider of a host with api-logs 0.x. */
export function legacyLoggerProvider(): unknown {
  return (globalThis as Registry)[LEGACY_LOGS_KEY]?.(LEGACY_LOGS_VERSION)
}
