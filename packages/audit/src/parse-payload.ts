/** What `auditRow` put into a payload. */
export interface Payload {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** The payload of a row, or undefined: somebody has tampered with it, which `verify` says and no question may fail at. */
export function parsePayload(payload: string): Payload | undefined {
  try {
    const parsed = JSON.parse(payload) as Partial<Payload> | null
    return isObject(parsed) && isObject(parsed.attributes) ? (parsed as Payload) : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
