/** A package imports only packages of lower layers, never sideways. Layers: ARCHITECTURE.md. */
import { globSync, readFileSync } from 'node:fs'

const layers: [RegExp, number][] = [
  [/^@agentel\/semconv$/, 0],
  [/^@agentel\/(api|dialects|prices|detectors|analysis|sqlite-file)$/, 1],
  [/^@agentel\/(instrumentation-kit|processor-kit)$/, 2],
  [/^@agentel\/(instrumentation-.+|processor-.+|sampler|audit|alerts|health)$/, 3],
  [/^@agentel\/(sdk|console)$/, 4],
  [/^@agentel\/demo$/, 5],
  [/^@agentel\/cli$/, 6],
  [/^agentel$/, 7],
]
const layerOf = (name: string): number | undefined => layers.find(([pattern]) => pattern.test(name))?.[1]

const findings: string[] = []
for (const file of globSync('packages/{*,*/*}/package.json')) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  if (manifest.name === '@agentel/testing') continue
  const own = layerOf(manifest.name)
  if (own === undefined) findings.push(`${file}: ${manifest.name} has no layer in scripts/check-layers.ts`)
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (!dependency.startsWith('@agentel/')) continue
    if (dependency === '@agentel/testing' && own === 5) continue
    const theirs = layerOf(dependency)
    if (theirs === undefined || own === undefined || theirs >= own)
      findings.push(`${file}: ${manifest.name} (layer ${own}) must not import ${dependency} (layer ${theirs})`)
  }
  // An import that no dependency names would work by accident of hoisting only.
  for (const source of globSync(file.replace('package.json', 'src/**/*.{ts,tsx}'))) {
    for (const [, name] of readFileSync(source, 'utf8').matchAll(/from '(@agentel\/[a-z-]+)/g)) {
      if (name !== manifest.name && !manifest.dependencies?.[name!])
        findings.push(`${source}: imports ${name}, which ${file} does not list`)
    }
  }
}
for (const finding of findings) console.error(finding)
console.log(`check-layers: ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
