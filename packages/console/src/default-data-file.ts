import { homedir } from 'node:os'
import { join } from 'node:path'

/** The file that the console uses when none is named. */
export function defaultDataFile(): string {
  return join(homedir(), '.agentel', 'console.db')
}
