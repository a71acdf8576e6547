/**
 * Generates packages/semconv/src/generated from the registry under packages/semconv/model.
 * `node scripts/generate-semconv.ts` writes; with `--check` it only says which files differ.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadRegistry } from './semconv-registry.ts'
import { renderNames } from './semconv-names.ts'
import { renderDefinitions } from './semconv-definitions.ts'

const root = join(import.meta.dirname, '..')

/** The directory of the registry, and that of what is generated from it. */
export const modelDirectory = join(root, 'packages/semconv/model')
export const generatedDirectory = join(root, 'packages/semconv/src/generated')

/** Every generated file by name, formatted. Throws when the registry has faults, naming each. */
export function generateSemconv(directory: string = modelDirectory): Map<string, string> {
  const registry = loadRegistry(directory)
  if (registry.findings.length > 0) throw new Error(`the registry has faults:\n${registry.findings.join('\n')}`)
  const files = new Map([...renderNames(registry), ...renderDefinitions(registry)])
  return new Map([...files].map(([name, source]) => [name, format(name, source)]))
}

function format(name: string, source: string): string {
  const oxfmt = join(root, 'node_modules/.bin/oxfmt')
  // A file name outside generated/, which the formatter is told to ignore.
  const run = spawnSync(oxfmt, [`--stdin-filepath=scripts/${name}`], { cwd: root, input: source, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`oxfmt could not format ${name}: ${run.stderr || String(run.error)}`)
  return run.stdout
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

if (import.meta.main) {
  const check = process.argv.includes('--check')
  mkdirSync(generatedDirectory, { recursive: true })
  for (const [name, source] of generateSemconv()) {
    const path = join(generatedDirectory, name)
    if (readIfThere(path) === source) continue
    if (check) {
      console.error(`${path} differs from the registry: run pnpm generate`)
      process.exitCode = 1
    } else {
      writeFileSync(path, source)
      console.log(`wrote ${path}`)
    }
  }
}
