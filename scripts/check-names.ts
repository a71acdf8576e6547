/** Attribute, metric and event names are written in the registry alone; source uses the constants of semconv. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lineAt, parseSource, walkSyntax } from './syntax.ts'

// The registry's own tables; written here as a path because scripts belong to no package.
const { attributeDefinitions, eventDefinitions, metricDefinitions } =
  await import('../packages/semconv/src/registry.ts')

const root = join(import.meta.dirname, '..')
const names = new Set([
  ...attributeDefinitions.map((definition) => definition.key),
  ...metricDefinitions.map((definition) => definition.name),
  ...eventDefinitions.map((definition) => definition.name),
])
const files = globSync(['packages/*/src/**/*.{ts,tsx}', 'packages/*/ui/**/*.{ts,tsx}', 'packages/*/*/src/**/*.ts'], {
  cwd: root,
}).filter((file) => !file.startsWith('packages/semconv/') && !file.includes('/generated/'))

let findings = 0
for (const file of files.toSorted()) {
  const source = readFileSync(join(root, file), 'utf8')
  walkSyntax(parseSource(file, source), (node) => {
    if (node.type !== 'Literal' || typeof node['value'] !== 'string' || !names.has(node['value'])) return
    console.error(
      `${file}:${lineAt(source, node.start)}: '${node['value']}' is written out; take the constant from @agentel/semconv`,
    )
    findings++
  })
}
console.log(`check-names: ${findings} findings`)
process.exitCode = findings === 0 ? 0 : 1
