import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** The file that is run. */
export const MAIN: string = join(import.meta.dirname, '../src/main.ts')

/** Nothing of this process's environment but PATH, and what a run of mutants needs to reach the command. */
export function cliEnvironment(env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH, NODE_OPTIONS, AGENTEL_MUTANT } = process.env
  return { PATH, ...(AGENTEL_MUTANT !== undefined && { NODE_OPTIONS, AGENTEL_MUTANT }), ...env }
}

/** Runs the command in a process of its own. */
export async function runCli(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--conditions=@agentel/source', MAIN, ...args], { env: cliEnvironment(env) })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}
