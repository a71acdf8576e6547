/** A server as a child process that can be stopped, killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** How a server is run. */
export interface ServerSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Its working folder. */
  readonly folder: string
  /** What it writes is kept here. */
  readonly log: string
  /** Answers with 2xx as soon as the server can be used. */
  readonly ready: string
}

/** A server of the stack. */
export interface ServerProcess {
  readonly name: string
  /** The process, while it runs. */
  readonly pid: number | undefined
  /** Resolves when the server can be used; rejects with the end of its log when it ends before, or takes over a minute. */
  start(): Promise<void>
  /** Ends it by SIGTERM, by SIGKILL after ten seconds; or by the signal that is given. Resolves when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

const PATIENCE_MS = 60_000
const GRACE_MS = 10_000

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

/** A server that is not started yet. */
export function serverProcess(spec: ServerSpec): ServerProcess {
  let child: ChildProcess | undefined
  const running = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null
  const lastLines = (): string => readFileSync(spec.log, 'utf8').split('\n').slice(-15).join('\n')

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (child === undefined || !running()) return
    const ended = once(child, 'exit')
    child.kill(signal)
    const timer = setTimeout(() => child?.kill('SIGKILL'), GRACE_MS)
    await ended
    clearTimeout(timer)
  }

  async function start(): Promise<void> {
    const log = openSync(spec.log, 'a')
    child = spawn(spec.command, spec.args, {
      cwd: spec.folder,
      env: { PATH: process.env.PATH, ...spec.env },
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    child.once('error', () => {})
    const end = Date.now() + PATIENCE_MS
    while (!(await answers(spec.ready))) {
      if (!running()) throw new Error(`${spec.name} ended before it was ready; the end of ${spec.log}:\n${lastLines()}`)
      if (Date.now() > end) {
        await stop('SIGKILL')
        throw new Error(`${spec.name} did not answer at ${spec.ready}; the end of ${spec.log}:\n${lastLines()}`)
      }
      await sleep(50)
    }
  }
  return {
    name: spec.name,
    get pid() {
      return running() ? child?.pid : undefined
    },
    start,
    stop,
  }
}
