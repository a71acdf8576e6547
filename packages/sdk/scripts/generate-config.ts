/** Writes everything that follows from src/config-schema.ts. Part of `pnpm generate`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { configOutputs } from './config-outputs.ts'

const root = join(import.meta.dirname, '../../..')
for (const [path, content] of Object.entries(configOutputs())) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}
