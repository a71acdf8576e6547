import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConsoleOptions, type RunningConsole, startConsole } from '../src/index.ts'

/** A console on free ports with a store of its own, and ways to talk to it. */
export interface ConsoleFixture {
  readonly console: RunningConsole
  readonly url: string
  readonly dataFile: string
  send(signal: 'traces' | 'metrics' | 'logs', json: object): Promise<Response>
  get<T>(path: string): Promise<T>
  /** Waits until the answer satisfies; fails with the last answer after ten seconds. */
  until<T>(path: string, satisfied: (answer: T) => boolean): Promise<T>
  stop(): Promise<void>
}

const PATIENCE_MS = 10_000

export async function startFixture(options: ConsoleOptions = {}): Promise<ConsoleFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'agentel-console-'))
  const dataFile = options.dataFile ?? join(folder, 'console.db')
  const running = await startConsole({ port: 0, grpcPort: 0, ...options, dataFile })
  const url = `http://127.0.0.1:${running.httpPort}`
  const get = async <T>(path: string): Promise<T> => (await (await fetch(url + path)).json()) as T
  return {
    console: running,
    url,
    dataFile,
    get,
    send: (signal, json) =>
      fetch(`${url}/v1/${signal}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(json),
      }),
    async until(path, satisfied) {
      const end = Date.now() + PATIENCE_MS
      for (;;) {
        const answer = await get<never>(path)
        if (satisfied(answer)) return answer
        if (Date.now() > end) throw new Error(`${path} never came to be as expected: ${JSON.stringify(answer)}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    async stop() {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
