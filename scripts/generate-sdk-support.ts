/**
 * `pnpm sdk-support [REPORT]`: takes what the last test run has shown of the SDKs into docs/sdk-support/*.json and makes
 * docs/sdk-support.md of all of it. With `--check` it reads no report and only says whether the page is current.
 */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { mergeSupport, readReport, renderSupport, type SupportTable } from './sdk-support.ts'

const root = join(import.meta.dirname, '..')
const page = join(root, 'docs/sdk-support.md')
const folder = join(root, 'docs/sdk-support')
const pageOnly = process.argv.includes('--page') || process.argv.includes('--check')

const fileOf = (sdk: string): string => join(folder, `${sdk.replace('/', '+')}.json`)
const known: SupportTable = Object.fromEntries(
  globSync('*.json', { cwd: folder }).map((file) => [
    basename(file, '.json').replace('+', '/'),
    JSON.parse(readFileSync(join(folder, file), 'utf8')),
  ]),
)

if (pageOnly) writePage(known)
else {
  const report = process.argv[2] ?? join(root, '.cache/vitest.json')
  if (!existsSync(report)) {
    console.error(`there is no test report at ${report}: run \`npx -y pnpm@12 test packages/instrumentations\` first`)
    process.exit(1)
  }
  const run = readReport(JSON.parse(readFileSync(report, 'utf8')), root)
  const table = mergeSupport(known, run)
  mkdirSync(folder, { recursive: true })
  for (const [sdk, rows] of Object.entries(table)) {
    writeFileSync(fileOf(sdk), `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`)
  }
  console.log(`sdk-support: ${Object.keys(run).join(', ') || 'no SDK'} in this run`)
  writePage(table)
}

function writePage(table: SupportTable): void {
  const rendered = renderSupport(table)
  if (!process.argv.includes('--check')) return writeFileSync(page, rendered)
  if (existsSync(page) && readFileSync(page, 'utf8') === rendered) return
  console.error('docs/sdk-support.md is older than docs/sdk-support/*.json: run pnpm generate')
  process.exitCode = 1
}
