/**
 * Run by the doctor in a process of its own, in the folder of one copy of a model SDK: loads it in both ways in which
 * an application can, and prints what of it was hooked. Nothing is sent anywhere.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startAgentel } from '@agentel/sdk'

for (const signal of ['TRACES', 'METRICS', 'LOGS']) process.env[`OTEL_${signal}_EXPORTER`] = 'none'
const agentel = startAgentel({ hostMetrics: { enabled: false } })

// A package that has "exports" may import itself by its name: so the copy in this folder is the one that is loaded.
const name = process.argv[2] ?? ''
const inside = pathToFileURL(join(process.cwd(), 'package.json')).href

async function main(): Promise<void> {
  await import(import.meta.resolve(name, inside))
  createRequire(inside)(name)
  // What was loaded may keep the process: a timer, a connection, a watcher.
  process.stdout.write(`\n${JSON.stringify(agentel.hooks())}`, () => process.exit())
}
void main()
