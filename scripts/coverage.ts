/** Reads docs/coverage.yaml, checks it against the tree, and renders docs/coverage.md. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { findTests } from './test-titles.ts'
import type { FoundTest } from './test-titles.ts'

/** One noun of a requirement: where it lives and which test shows it, or that it is open. */
export interface CoverageRow {
  id: string
  what: string
  where?: string
  test?: { file: string; title: string }
  open?: true
}

/** docs/coverage.yaml as parsed. */
export interface Coverage {
  /** Requirement ids in order, each with a short title. */
  requirements: Record<string, string>
  rows: CoverageRow[]
}

/** Parses the YAML text of the coverage table. */
export function readCoverage(yaml: string): Coverage {
  const { requirements, rows } = parse(yaml) as Coverage
  return { requirements, rows: rows ?? [] }
}

/** Everything in the table that is not true of the tree under `root`, one sentence each. */
export function checkCoverage(coverage: Coverage, root: string): string[] {
  const tests = new Map<string, FoundTest[]>()
  const testsOf = (file: string): FoundTest[] => {
    const known = tests.get(file) ?? findTests(file, readFileSync(join(root, file), 'utf8'))
    tests.set(file, known)
    return known
  }
  const named = new Set(coverage.rows.map((row) => row.id))
  const missing = Object.keys(coverage.requirements).filter((id) => !named.has(id))
  return [
    ...missing.map((id) => `${id} has no row, not even an open one`),
    ...coverage.rows.flatMap((row) => checkRow(row, coverage, root, testsOf)),
  ]
}

function checkRow(
  row: CoverageRow,
  { requirements }: Coverage,
  root: string,
  testsOf: (file: string) => FoundTest[],
): string[] {
  const name = `${row.id} "${row.what}"`
  if (requirements[row.id] === undefined) return [`${name}: no requirement has this id`]
  if (row.open === true)
    return row.test === undefined ? [] : [`${name}: is open and names a test; take one of them away`]
  if (row.where === undefined || row.test === undefined) return [`${name}: needs where and test, or open: true`]
  const { file, title } = row.test
  if (!existsSync(join(root, row.where))) return [`${name}: ${row.where} does not exist`]
  if (!existsSync(join(root, file))) return [`${name}: test file ${file} does not exist`]
  const found = testsOf(file).filter((test) => test.title === title)
  if (found.length === 0) return [`${name}: ${file} has no test "${title}"`]
  return found.some((test) => test.skipped) ? [`${name}: the test "${title}" in ${file} is skipped`] : []
}

/** The page made from the table. */
export function renderCoverage({ requirements, rows }: Coverage): string {
  const done = rows.filter((row) => row.open !== true).length
  const sections = Object.entries(requirements).map(([id, title]) => {
    const own = rows.filter((row) => row.id === id)
    const shown = own.filter((row) => row.open !== true)
    const open = own.filter((row) => row.open === true).map((row) => row.what)
    const table = shown.map(
      (row) => `| ${row.what} | \`${row.where}\` | ${row.test?.title.replaceAll('|', '\\|')} (\`${row.test?.file}\`) |`,
    )
    return [
      `## ${id} ${title}`,
      ...(table.length > 0 ? ['| what | where | test |', '|---|---|---|', ...table, ''] : []),
      ...(open.length > 0 ? [`Open: ${open.join('; ')}.`, ''] : []),
    ].join('\n')
  })
  return `<!-- Generated from docs/coverage.yaml by \`pnpm generate\`. Do not edit. -->

# What is there, and which test shows it

${done} of ${rows.length} items are done. An item is done when a test shows it; the rest is listed as open.

${sections.join('\n')}`
}
