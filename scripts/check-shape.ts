/** Holds files, packages and instrumentations to the shape that CONTRIBUTING.md describes. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { checkFile, checkInstrumentation, checkPackage, sourceFiles } from './shape.ts'

const root = join(import.meta.dirname, '..')
const packages = globSync('packages/{*,*/*}/package.json', { cwd: root }).map((file) => dirname(file))
const findings = [
  ...sourceFiles(root).flatMap((file) => checkFile(file, readFileSync(join(root, file), 'utf8'))),
  ...packages.flatMap((directory) => checkPackage(root, directory)),
  ...packages
    .filter((directory) => directory.startsWith('packages/instrumentations/'))
    .flatMap((directory) => checkInstrumentation(root, directory)),
]
for (const finding of findings) console.error(finding)
console.log(`check-shape: ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
