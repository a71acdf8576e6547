import { readFileSync } from 'node:fs'
import { rename, writeFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What is kept of a watch between two starts of the application. */
export interface SavedState {
  /** `service.version` it was learned from. */
  version: string | undefined
  watch: string
}

/** Reads a saved state; undefined if there is none yet. @throws if the file is there but no saved state */
export function readState(file: string): SavedState | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const saved = JSON.parse(text) as Partial<SavedState>
  if (typeof saved.watch !== 'string')
    throw new Error(`${file} is not a state of the anomaly processor; delete it to start anew`)
  return { version: saved.version, watch: saved.watch }
}

/** Writes beside the file and renames, so that a crash leaves the old state or the new one, never half of one. */
export async function writeState(file: string, state: SavedState): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`
  await mkdir(dirname(file), { recursive: true })
  await writeFile(temporary, JSON.stringify(state))
  await rename(temporary, file)
}
