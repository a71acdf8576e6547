/** Makes docs/telemetry.md from the registry; with `--check` it only says whether the page is old. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderTelemetryPage } from './telemetry-page.ts'

const page = join(import.meta.dirname, '../docs/telemetry.md')
const rendered = renderTelemetryPage()

if (!process.argv.includes('--check')) writeFileSync(page, rendered)
else if (!existsSync(page) || readFileSync(page, 'utf8') !== rendered) {
  console.error('docs/telemetry.md is older than the registry: run pnpm generate')
  process.exitCode = 1
}
