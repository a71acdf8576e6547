/**
 * Makes packages/instrumentations/<folder>, in the shape that all instrumentations have, and adds it to tsconfig.json.
 * `node scripts/new-instrumentation.ts anthropic @anthropic-ai/sdk Anthropic.Messages create 0`
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { instrumentationFiles } from './instrumentation-template.ts'

const usage = 'node scripts/new-instrumentation.ts FOLDER MODULE CLASS METHOD MAJOR'
const root = join(import.meta.dirname, '..')
const [folder = '', module = '', target = '', method = '', major = ''] = process.argv.slice(2)

function fail(reason: string): never {
  console.error(`${reason}\nusage: ${usage}`)
  process.exit(1)
}

if (!/^[a-z][a-z0-9-]*$/.test(folder)) fail(`FOLDER must be kebab-case, not "${folder}"`)
if (!/^(@[\w.-]+\/)?[\w.-]+$/.test(module)) fail(`MODULE must be an npm package, not "${module}"`)
if (!/^\w+(\.\w+)*$/.test(target)) fail(`CLASS must be an exported class, like Anthropic.Messages, not "${target}"`)
if (!/^\w+$/.test(method)) fail(`METHOD must be the name of a method, not "${method}"`)
if (!/^\d+$/.test(major)) fail(`MAJOR must be a whole number, not "${major}"`)

const path = `packages/instrumentations/${folder}`
if (existsSync(join(root, path))) fail(`${path} is there already`)
for (const [file, content] of instrumentationFiles({ folder, module, target, method, major: Number(major) })) {
  mkdirSync(dirname(join(root, path, file)), { recursive: true })
  writeFileSync(join(root, path, file), content)
}

const tsconfig = join(root, 'tsconfig.json')
const project = JSON.parse(readFileSync(tsconfig, 'utf8')) as { references: { path: string }[] }
project.references.push({ path })
writeFileSync(tsconfig, `${JSON.stringify(project, undefined, 2)}\n`)
console.log(`wrote ${path}. Next: pnpm install; add ${module} to its devDependencies; write the contract test.`)
