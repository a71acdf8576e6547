/** Attribute, metric and event names are written in the registry alone; source uses the constants of semconv. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { attributeDefinitions, eventDefinitions, metricDefinitions } from '../packages/semconv/src/registry.ts'
import { writtenOutNames } from './written-out-names.ts'

const root = join(import.meta.dirname, '..')
const names = new Set([
  ...attributeDefinitions.map((definition) => definition.key),
  ...metricDefinitions.map((definition) => definition.name),
  ...eventDefinitions.map((definition) => definition.name),
])
const sources = ['packages/*/src/**/*.{ts,tsx}', 'packages/*/ui/**/*.{ts,tsx}', 'packages/*/*/src/**/*.ts']
const findings = globSync(sources, { cwd: root })
  .filter((file) => !file.startsWith('packages/semconv/') && !file.includes('/generated/'))
  .toSorted()
  .flatMap((file) => writtenOutNames(file, readFileSync(join(root, file), 'utf8'), names))

for (const finding of findings) console.error(finding)
console.log(`check-names: ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
