/** What a check says: nothing when all is well, else a sentence about what is not. It may also throw. */
export type CheckAnswer = string | undefined | void

/** Looks at something; should heed the signal, which is aborted when its time is over. */
export type Check = (signal: AbortSignal) => CheckAnswer | Promise<CheckAnswer>

/** What a probe found last. */
export interface ProbeResult {
  /** ms since the epoch. */
  readonly at: number
  /** How long the answer took, in ms. */
  readonly responseMs: number
  /** What is wrong; absent when all is well. */
  readonly problem?: string
}

/** How a check is made. */
export interface ProbeOptions {
  readonly check: Check
  /** How long an answer may take, in ms. */
  readonly timeoutMs: number
  /** How long an answer holds, in ms: within it nothing is asked again. */
  readonly cacheMs: number
  readonly now?: () => number
}

/** A check with a time-out and a memory. */
export interface Probe {
  /** The last result if it still holds, else a new one. Never rejects, and never takes much longer than the time-out. */
  run(): Promise<ProbeResult>
  /** The last result, however old. */
  last(): ProbeResult | undefined
}

const LONGEST_PROBLEM = 200

/**
 * Those who ask at the same time share one check. A check that outlives its time-out is not asked again before it has
 * come back: what hangs does not pile up.
 */
export function createProbe({ check, timeoutMs, cacheMs, now = Date.now }: ProbeOptions): Probe {
  let last: ProbeResult | undefined
  let asking: Promise<ProbeResult> | undefined
  let hanging = false
  const ask = async (): Promise<ProbeResult> => {
    const began = now()
    const late = `no answer within ${timeoutMs} ms`
    if (hanging) return (last = { at: began, responseMs: timeoutMs, problem: late })
    const controller = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<string>((resolve) => {
      timer = setTimeout(() => {
        resolve(late)
        controller.abort()
      }, timeoutMs)
    })
    hanging = true
    const answer = answerOf(check, controller.signal).finally(() => (hanging = false))
    const problem = await Promise.race([answer, timeout])
    clearTimeout(timer)
    const responseMs = Math.max(0, now() - began)
    return (last = { at: now(), responseMs, ...(problem === undefined ? undefined : { problem }) })
  }
  return {
    run() {
      if (asking !== undefined) return asking
      if (last !== undefined && isWithin(now() - last.at, cacheMs)) return Promise.resolve(last)
      asking = ask().finally(() => (asking = undefined))
      return asking
    },
    last: () => last,
  }
}

/** An answer from a time to come was given before the clock was set back: nobody knows how old it is. */
function isWithin(age: number, cacheMs: number): boolean {
  return age >= 0 && age < cacheMs
}

async function answerOf(check: Check, signal: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await check(signal)
    return typeof answer === 'string' ? answer.slice(0, LONGEST_PROBLEM) : undefined
  } catch (error) {
    return nameOf(error)
  }
}

/** An error's code or name. Not its message: clients put addresses with passwords into it. */
function nameOf(error: unknown): string {
  const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: unknown }
  if (typeof code === 'string' || typeof code === 'number') return String(code).slice(0, LONGEST_PROBLEM)
  if (cause !== undefined && cause !== error && (cause as { code?: unknown })?.code !== undefined) return nameOf(cause)
  return typeof name === 'string' ? name.slice(0, LONGEST_PROBLEM) : 'it failed'
}
