import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where in the application something was called. */
export interface Caller {
  readonly file: string
  readonly line: number
  readonly function?: string
}

const FRAME = /^\s*at (?:(?:async )?(.+?) \()?(?:file:\/\/)?([^()]+):(\d+):\d+\)?$/

function folderOf(name: string): string[] {
  try {
    return [dirname(dirname(createRequire(import.meta.url).resolve(name)))]
  } catch {
    return []
  }
}

/** Folders of our own code, also where it is linked and not installed. */
const ours = [
  dirname(fileURLToPath(import.meta.url)),
  ...folderOf('@agentel/api'),
  ...folderOf('@agentel/processor-kit'),
]

function isApplication(file: string): boolean {
  return !/^node:|[\\/]node_modules[\\/]/.test(file) && !ours.some((folder) => file.startsWith(folder))
}

/** The innermost call that is in the application's own code; undefined when there is none on the stack. */
export function findCaller(): Caller | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 50
  const { stack = '' } = new Error('caller')
  Error.stackTraceLimit = limit
  for (const text of stack.split('\n')) {
    const [, name, file, line] = FRAME.exec(text) ?? []
    if (file === undefined || !isApplication(file)) continue
    return { file, line: Number(line), ...(name === undefined ? {} : { function: name }) }
  }
  return undefined
}
