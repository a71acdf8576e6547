import { spawn } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How a probe runs. */
export interface ProbeOptions {
  /** `probe-hooks` or `probe-call`. */
  readonly probe: string
  readonly argument: string
  /** Folder of the copy that is looked at. */
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  /** Modules that the application is started with (`node --import`). */
  readonly imports?: readonly string[]
  /** How long it may take. */
  readonly limitMs: number
}

/**
 * Runs a probe in a process of its own: what it loads must not be loaded here.
 *
 * @returns the last line that it wrote, or why it failed in one line
 */
export async function runProbe(options: ProbeOptions): Promise<{ out: string } | { failure: string }> {
  const file = fileURLToPath(new URL(`./${options.probe}${extname(import.meta.url)}`, import.meta.url))
  const conditions = process.execArgv.filter((argument) => argument.startsWith('--conditions='))
  const imports = (options.imports ?? []).flatMap((module) => ['--import', module])
  // The flag lets the probe resolve a name as seen from another folder.
  const flags = [...conditions, '--experimental-import-meta-resolve', ...imports]
  const child = spawn(process.execPath, [...flags, file, options.argument], {
    cwd: options.folder,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.limitMs,
    // What is loaded may wait for a milder signal in order to end well, for ever.
    killSignal: 'SIGKILL',
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null))
    child.on('close', resolve)
  })
  // What is loaded may print too, and what the probe has to say is its last line.
  if (code === 0) return { out: out.slice(out.lastIndexOf('\n') + 1) }
  if (child.killed) return { failure: `it took longer than ${options.limitMs / 1000} s` }
  const lines = err.trim().split('\n')
  // Node shows the line of the source first, which may speak of errors as well.
  const said = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.find((line) => /error/i.test(line))
  return { failure: said ?? `it ended with code ${code}` }
}
