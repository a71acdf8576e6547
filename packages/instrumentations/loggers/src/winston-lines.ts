import { type Context, context as contextApi } from '@opentelemetry/api'
import { guard } from '@agentel/api'
import type { Invoke } from '@agentel/instrumentation-kit'
import { type LineOptions, nearNow, writeLine } from './write-line.ts'

/** What is used of one of winston's loggers: a stream of objects, which it formats and its transports read. */
interface WinstonLogger {
  readonly levels?: Readonly<Record<string, number>>
  on(event: 'data', listener: (info: Info) => void): unknown
  write: (info: Info, ...rest: unknown[]) => unknown
  isLevelEnabled?(level: string): boolean
}

type Info = Record<PropertyKey, unknown>

/** Winston's place for a line's level, which colours do not change. */
const LEVEL = Symbol.for('level')

/** The levels of npm, syslog and winston's command line. */
const SEVERITIES: Readonly<Record<string, number>> = {
  silly: 1,
  trace: 1,
  debug: 5,
  verbose: 6,
  input: 6,
  http: 8,
  prompt: 9,
  data: 9,
  info: 9,
  help: 9,
  notice: 10,
  warn: 13,
  warning: 13,
  error: 17,
  crit: 18,
  critical: 18,
  alert: 19,
  emerg: 21,
  fatal: 21,
}
/** A level of the application's own. */
const UNKNOWN = 9

const observed = new WeakSet<object>()

function tell(logger: WinstonLogger, info: Info, context: Context | undefined, options: LineOptions): void {
  const level = String(info[LEVEL] ?? info['level'] ?? '')
  if (logger.isLevelEnabled?.(level) === false) return
  const { level: _level, message, timestamp, stack, ...fields } = info
  writeLine(
    {
      severity: SEVERITIES[level] ?? UNKNOWN,
      level,
      message,
      fields: typeof stack === 'string' ? { ...fields, err: { message, stack, name: nameIn(stack) } } : fields,
      time: timeOf(timestamp),
      context,
    },
    options,
  )
}

/** A text that names no zone may be of another one than this machine's. */
function timeOf(timestamp: unknown): number | undefined {
  if (typeof timestamp !== 'string' && typeof timestamp !== 'number') return undefined
  const time = new Date(timestamp).getTime()
  if (Number.isNaN(time)) return undefined
  return typeof timestamp === 'string' && /(Z|[+-]\d\d:?\d\d)$/.test(timestamp) ? time : nearNow(time)
}

/** The class of an error from the first line of its stack. */
function nameIn(stack: string): string | undefined {
  return /^(\w+)(?::|\n)/.exec(stack)?.[1]
}

/** Listens to a logger beside its transports: what comes is what its own format made, secrets taken out included. */
function observe(logger: WinstonLogger, options: LineOptions): void {
  if (observed.has(logger)) return
  observed.add(logger)
  // A transport that is slow makes lines wait: whose they are is known when they are written.
  const contexts = new WeakMap<object, Context>()
  const { write } = logger
  const noting = function (this: unknown, info: Info, ...rest: unknown[]): unknown {
    if (typeof info === 'object' && info !== null) contexts.set(info, contextApi.active())
    return Reflect.apply(write, this, [info, ...rest])
  }
  Object.defineProperty(logger, 'write', { value: noting, writable: true, configurable: true, enumerable: false })
  logger.on('data', (info) => void guard('loggers.winston', () => tell(logger, info, contexts.get(info), options)))
}

/** `logger.configure(options)`, which every logger is made with. */
export function configured(options: LineOptions): Invoke {
  return (self, args, original) => {
    const result = Reflect.apply(original, self, args)
    guard('loggers.winston.configure', () => observe(self as WinstonLogger, options))
    return result
  }
}
