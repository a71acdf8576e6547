import { type Carrier, guard } from '@agentel/api'

/** Starts a message that carries its context: a control character that no text format begins with, and a name. */
const MARK = '\u001eagentel1 '
const MARK_BYTES = Buffer.from(MARK)
const MAX_HEADER = 16 * 1024

/** A message and the context that came with it. */
export interface Opened {
  readonly message: unknown
  readonly carrier: Carrier | undefined
}

/** The message with a line before it that holds the carrier; a message of another type as it is. */
export function putIn(message: unknown, carrier: Carrier): unknown {
  const header = `${MARK}${JSON.stringify(carrier)}\n`
  if (typeof message === 'string') return header + message
  return Buffer.isBuffer(message) ? Buffer.concat([Buffer.from(header), message]) : message
}

/** Takes the line off again; a message without one is given as it is. */
export function takeOut(message: unknown): Opened {
  const opened = guard('event-bus.envelope', () => open(message))
  return opened ?? { message, carrier: undefined }
}

function open(message: unknown): Opened | undefined {
  if (typeof message === 'string') {
    if (!message.startsWith(MARK)) return undefined
    const end = message.indexOf('\n')
    return end < 0 ? undefined : { message: message.slice(end + 1), carrier: read(message.slice(MARK.length, end)) }
  }
  if (!Buffer.isBuffer(message) || !message.subarray(0, MARK_BYTES.length).equals(MARK_BYTES)) return undefined
  const end = message.indexOf(0x0a)
  if (end < 0) return undefined
  return { message: message.subarray(end + 1), carrier: read(message.toString('utf8', MARK_BYTES.length, end)) }
}

function read(header: string): Carrier | undefined {
  if (header.length > MAX_HEADER) return undefined
  const carrier: unknown = JSON.parse(header)
  return typeof carrier === 'object' && carrier !== null ? (carrier as Carrier) : undefined
}
