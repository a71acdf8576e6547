/**
 * Given to every Node process of a mutated test run (`NODE_OPTIONS=--import`): changes the one file that the
 * environment names. Test files and what they import inline go through Vite instead, with the same change.
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type Change, mutated } from './change.ts'

/** The change that this process runs with, if any. */
export function activeMutant(): { readonly file: string; readonly change: Change } | undefined {
  const given = process.env['AGENTEL_MUTANT']
  return given === undefined ? undefined : (JSON.parse(given) as { file: string; change: Change })
}

const mutant = activeMutant()
if (mutant !== undefined) {
  const target = pathToFileURL(mutant.file).href
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (url !== target) return loaded
      return { ...loaded, source: mutated(readFileSync(mutant.file, 'utf8'), mutant.change) }
    },
  })
}
