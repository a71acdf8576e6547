/** Writes everything that follows from src/config-schema.ts. Part of `pnpm generate`; `--check` only compares. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { configOutputs } from './config-outputs.ts'

const root = join(import.meta.dirname, '../../..')
for (const [path, content] of Object.entries(configOutputs())) {
  const file = join(root, path)
  if (existsSync(file) && readFileSync(file, 'utf8') === content) continue
  if (process.argv.includes('--check')) {
    console.error(`${path} differs from packages/sdk/src/config-schema.ts: run pnpm generate`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}
