import { formatWithOptions } from 'node:util'
import { context } from '@opentelemetry/api'
import { guard, isTracingSuppressed, SEVERITY } from '@agentel/api'
import { type LineOptions, writeLine } from './write-line.ts'

const TRACE = 1
const METHODS = {
  trace: TRACE,
  debug: SEVERITY.DEBUG,
  log: SEVERITY.INFO,
  info: SEVERITY.INFO,
  warn: SEVERITY.WARN,
  error: SEVERITY.ERROR,
} as const

/** What prints while a line is told (the SDK's own messages) is not told in turn. */
let telling = false

/**
 * Makes log records of what the application writes with `console`, beside what it prints, which stays as it is.
 *
 * @returns stops it, for methods that nobody else has replaced since
 */
export function observeConsole(options: LineOptions = {}): () => void {
  const undo = (Object.keys(METHODS) as (keyof typeof METHODS)[]).map((method) => {
    const descriptor = Object.getOwnPropertyDescriptor(console, method)
    const original = descriptor?.value as ((...args: unknown[]) => void) | undefined
    if (descriptor === undefined || typeof original !== 'function') return () => undefined
    const value = function (this: unknown, ...args: unknown[]): void {
      Reflect.apply(original, this, args)
      if (telling || isTracingSuppressed(context.active())) return
      telling = true
      guard('loggers.console', () => {
        const message = formatWithOptions({ colors: false }, ...args)
        writeLine({ severity: METHODS[method], level: method, message, fields: {} }, options)
      })
      telling = false
    }
    Object.defineProperty(value, 'name', { value: original.name, configurable: true })
    Object.defineProperty(console, method, { ...descriptor, value })
    return () => {
      if (Object.getOwnPropertyDescriptor(console, method)?.value === value)
        Object.defineProperty(console, method, descriptor)
    }
  })
  return () => undo.forEach((one) => one())
}
