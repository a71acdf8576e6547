import { tracingChannel } from 'node:diagnostics_channel'
import { guard } from '@agentel/api'
import { type LineOptions, nearNow, writeLine } from './write-line.ts'

/** What pino tells of a line on its channel. */
interface PinoMessage {
  readonly instance?: { readonly levels?: { readonly labels?: Readonly<Record<number, string>> } }
  readonly arguments?: ArrayLike<unknown>
  /** The line as the application writes it: redacted, with bindings, serialized. */
  readonly result?: unknown
}

/** Fields that the record has in other places, or that its resource says. */
const KNOWN = new Set(['level', 'time', 'pid', 'hostname'])

/** Pino's numbers, ten apart, as OpenTelemetry's, four apart: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
function severityOf(level: number): number {
  return Math.min(21, Math.max(1, (Math.floor(level / 10) - 1) * 4 + 1))
}

/** Pino's symbols are its own: they are found by their names. */
function settingOf(instance: object, name: string): unknown {
  for (let at: object | null = instance; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const symbol = Object.getOwnPropertySymbols(at).find(({ description }) => description === name)
    if (symbol !== undefined) return (instance as Record<symbol, unknown>)[symbol]
  }
  return undefined
}

const messageKeys = new WeakMap<object, string>()

function messageKeyOf(instance: object): string {
  let key = messageKeys.get(instance)
  if (key === undefined) {
    key = String(settingOf(instance, 'pino.messageKey') ?? 'msg')
    messageKeys.set(instance, key)
  }
  return key
}

function tell({ instance, arguments: args, result }: PinoMessage, options: LineOptions): void {
  const level = args?.[2]
  if (instance === undefined || typeof level !== 'number' || typeof result !== 'string') return
  const severity = severityOf(level)
  // Nothing is read of a line that nobody wants.
  if (severity < (options.minSeverity ?? 0)) return
  const written = JSON.parse(result) as Record<string, unknown>
  const messageKey = messageKeyOf(instance)
  const nested = settingOf(instance, 'pino.nestedKey')
  const inner = typeof nested === 'string' ? written[nested] : undefined
  const all =
    typeof inner === 'object' && inner !== null ? { ...written, ...inner, [nested as string]: undefined } : written
  const fields = Object.fromEntries(Object.entries(all).filter(([key]) => !KNOWN.has(key) && key !== messageKey))
  const { time } = written
  writeLine(
    {
      severity,
      level: instance.levels?.labels?.[level] ?? String(level),
      message: written[messageKey],
      fields,
      // Seconds, with `stdTimeFunctions.unixTime`.
      time: typeof time === 'number' ? nearNow(time) : undefined,
    },
    options,
  )
}

/**
 * Makes log records of the lines of every pino logger of the process, by the channel on which pino itself tells them
 * (9 and later): in imported, required and bundled copies alike, and without a change to any line.
 *
 * @returns stops it
 */
export function observePino(options: LineOptions = {}): () => void {
  const channel = tracingChannel('pino_asJson')
  const subscriber = {
    end: (message: unknown) => void guard('loggers.pino', () => tell(message as PinoMessage, options)),
  }
  channel.subscribe(subscriber as never)
  return () => void channel.unsubscribe(subscriber as never)
}
