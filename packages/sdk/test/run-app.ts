import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** How an application ended and what it wrote. */
export interface AppRun {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** How an application is run. */
export interface AppOptions {
  env?: Record<string, string>
  /** With `--import …/register.ts`; true by default. */
  register?: boolean
  /** Sent once the application has written a line. */
  signal?: NodeJS.Signals
}

const register = join(import.meta.dirname, '../src/register.ts')

/** A mutant that is being tried must be in the application, too. */
const { AGENTEL_MUTANT, NODE_OPTIONS = '' } = process.env
const mutant = AGENTEL_MUTANT === undefined ? {} : { AGENTEL_MUTANT, NODE_OPTIONS }

/** Runs a file of test/fixtures in a process of its own, with nothing of this process's environment but PATH. */
export async function runApp(fixture: string, options: AppOptions = {}): Promise<AppRun> {
  const imports = options.register === false ? [] : ['--import', register]
  const file = join(import.meta.dirname, 'fixtures', fixture)
  const child = spawn(process.execPath, ['--conditions=@agentel/source', ...imports, file], {
    env: { PATH: process.env.PATH, ...mutant, ...options.env },
  })
  let stdout = ''
  let stderr = ''
  // A character may come in two parts.
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (stdout === '' && options.signal) child.kill(options.signal)
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, stdout, stderr }
}
