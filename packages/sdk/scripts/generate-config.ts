/**
 * Writes everything that follows from src/config-schema.ts. Part of `pnpm generate`; with `--check` it only says what is
 * out of date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { configOutputs } from './config-outputs.ts'

const root = join(import.meta.dirname, '../../..')
const check = process.argv.includes('--check')
for (const [path, content] of Object.entries(configOutputs())) {
  const file = join(root, path)
  if (existsSync(file) && readFileSync(file, 'utf8') === content) continue
  if (check) {
    console.error(`${path} is out of date: run pnpm generate`)
    process.exitCode = 1
    continue
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}
