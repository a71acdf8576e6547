/** Makes the rule files of Prometheus, the dashboards of Grafana and the collector's price table. `--check` only says what is old. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { priceFiles } from './deploy/collector-prices.ts'
import { dashboardFiles } from './deploy/dashboard-files.ts'
import { ruleFiles } from './deploy/rule-files.ts'
import { ruleTests } from './deploy/rule-tests.ts'

const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')

for (const [file, text] of Object.entries({ ...ruleFiles(), ...ruleTests(), ...dashboardFiles(), ...priceFiles() })) {
  const path = join(root, file)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
  if (check) {
    console.error(`${file} is old: run pnpm generate`)
    process.exitCode = 1
    continue
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
