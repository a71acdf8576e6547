import { stripVTControlCharacters } from 'node:util'
import { agentelCommand } from '../src/agentel-command.ts'
import { runCommandLine } from '../src/frame/command-line.ts'
import type { Output } from '../src/frame/output.ts'

/** What a command line gave. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command line in this process: what it prints is kept, colours are left out. */
export async function runHere(words: readonly string[]): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const output: Output = {
    line: (text = '') => void (stdout += `${stripVTControlCharacters(text)}\n`),
    error: (text) => void (stderr += `${stripVTControlCharacters(text)}\n`),
    paint: (_, text) => text,
  }
  const code = await runCommandLine(agentelCommand(output), words, output)
  return { code, stdout, stderr }
}
