/**
 * Makes docs/coverage.md from docs/coverage.yaml. With `--check` it writes nothing and fails when the page is old,
 * or when a row names a file or a test that is not there or is skipped.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkCoverage, readCoverage, renderCoverage } from './coverage.ts'

const root = join(import.meta.dirname, '..')
const page = join(root, 'docs/coverage.md')
const coverage = readCoverage(readFileSync(join(root, 'docs/coverage.yaml'), 'utf8'))
const findings = checkCoverage(coverage, root)
const rendered = renderCoverage(coverage)

if (!process.argv.includes('--check')) writeFileSync(page, rendered)
else if (!existsSync(page) || readFileSync(page, 'utf8') !== rendered)
  findings.push('docs/coverage.md is older than docs/coverage.yaml: run pnpm generate')

for (const finding of findings) console.error(`docs/coverage.yaml: ${finding}`)
const open = coverage.rows.filter((row) => row.open === true).length
console.log(`coverage: ${coverage.rows.length - open} items shown by a test, ${open} open, ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
