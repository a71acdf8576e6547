import * as api from '@opentelemetry/api'
import type { Attributes, Context, TimeInput } from '@opentelemetry/api'
import { ATTR_GEN_AI_AGENT_NAME } from '@agentel/semconv'
import { defined } from './defined.ts'
import { guard } from './guard.ts'
import { getAgentName, identityAttributes } from './identity.ts'
import { hasApiLogs, legacyLoggerProvider } from './provider-registry.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** OpenTelemetry's severity numbers; only those that we use have a name. */
export const SEVERITY = { DEBUG: 5, INFO: 9, WARN: 13, WARN2: 14, ERROR: 17, FATAL: 21 } as const

/** How an event is written. */
export interface EmitOptions {
  /** OpenTelemetry's severity number, 1 to 24; without it the record has none. */
  severity?: number
  body?: unknown
  /** When it happened; now by default. */
  timestamp?: TimeInput
  /** The span, identity and agent that the event belongs to; the active context by default. */
  context?: Context
}

interface LoggerLike {
  emit(record: object): void
}
interface LoggerProviderLike {
  getLogger(name: string, version?: string): LoggerLike
}

const loggers = new WeakMap<LoggerProviderLike, Map<string, LoggerLike>>()

/** Whether log records go anywhere. */
export function hasLoggerProvider(): boolean {
  return loggerProvider() !== undefined
}

/**
 * Writes an event: a log record whose `eventName` is `name`, with the identity and the agent of the context beside
 * the given attributes (which win; those without a value are left out). Does nothing when the application has no logger provider. Never throws.
 */
export function emitEvent(name: string, attributes: Attributes, options: EmitOptions = {}): void {
  guard('api.emitEvent', () => {
    const provider = loggerProvider()
    if (provider === undefined) return
    const context = options.context ?? api.context.active()
    const agent = getAgentName(context)
    loggerOf(provider).emit({
      eventName: name,
      attributes: defined({ ...identityAttributes(context), [ATTR_GEN_AI_AGENT_NAME]: agent, ...attributes }),
      context,
      timestamp: options.timestamp ?? Date.now(),
      ...(options.severity === undefined
        ? undefined
        : { severityNumber: options.severity, severityText: severityText(options.severity) }),
      ...(options.body === undefined ? undefined : { body: options.body }),
    })
  })
}

/** A line of a logger. */
export interface LogLine {
  /** Instrumentation scope: whose record it is. */
  readonly scope: string
  readonly scopeVersion: string
  /** OpenTelemetry's severity number, 1 to 24. */
  readonly severity: number
  /** The logger's own word for it. */
  readonly severityText: string
  readonly body: unknown
  /** Those without a value are left out. */
  readonly attributes: Attributes
  /** Now by default. */
  readonly timestamp?: TimeInput
  /** The span, identity and agent that the line belongs to; the active context by default. */
  readonly context?: Context
}

/** Writes a logger's line as a log record, with the identity and the agent of the context. Never throws. */
export function emitLogLine(line: LogLine): void {
  guard('api.emitLogLine', () => {
    const provider = loggerProvider()
    if (provider === undefined) return
    const context = line.context ?? api.context.active()
    const agent = getAgentName(context)
    loggerOf(provider, line.scope, line.scopeVersion).emit({
      severityNumber: line.severity,
      severityText: line.severityText,
      body: line.body,
      attributes: defined({ ...identityAttributes(context), [ATTR_GEN_AI_AGENT_NAME]: agent, ...line.attributes }),
      context,
      timestamp: line.timestamp ?? Date.now(),
    })
  })
}

/** The api's own provider (1.10 and later), else the one of the host's `@opentelemetry/api-logs`. */
function loggerProvider(): LoggerProviderLike | undefined {
  // `logs` is missing in api 1.9: a named import of it would be an error at link time.
  if (hasApiLogs() && 'logs' in api) return api.logs.getLoggerProvider() as LoggerProviderLike
  return legacyLoggerProvider() as LoggerProviderLike | undefined
}

function loggerOf(provider: LoggerProviderLike, scope = SCOPE_NAME, version = SCOPE_VERSION): LoggerLike {
  let byScope = loggers.get(provider)
  if (byScope === undefined) loggers.set(provider, (byScope = new Map()))
  let logger = byScope.get(scope)
  if (logger === undefined) {
    logger = provider.getLogger(scope, version)
    byScope.set(scope, logger)
  }
  return logger
}

const SEVERITY_NAMES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

function severityText(severity: number): string {
  return SEVERITY_NAMES[Math.floor((severity - 1) / 4)] ?? 'UNSPECIFIED'
}
