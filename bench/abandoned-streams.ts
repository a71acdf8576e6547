/**
 * Does observing leak? 100,000 calls of a real client (openai's, Anthropic's, or LangChain's model), half of them streams that are left half-read (broken out
 * of, or simply dropped), with all spans on. Spans that are still open and the heap are looked at every 10,000 calls.
 *
 *   node --conditions=@agentel/source --expose-gc bench/abandoned-streams.ts [calls] [--anthropic|--langchain] [--bare]
 *
 * Writes bench/results/abandoned-streams.json, or abandoned-streams-{anthropic,langchain}.json (`--bare`, without us, only prints: what the client itself keeps).
 */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { faultCounts } from '../packages/api/src/index.ts'
import { anthropicModel } from './abandoned-streams/anthropic-model.ts'
import { langchainModel } from './abandoned-streams/langchain-model.ts'
import { openaiModel } from './abandoned-streams/openai-model.ts'

// bench has no dependencies of its own: these are the tests'.
const require = createRequire(new URL('../packages/testing/package.json', import.meta.url))
type Api = typeof import('../packages/testing/node_modules/@opentelemetry/api/dist/index.cjs')
type Sdk = typeof import('../packages/testing/node_modules/@opentelemetry/sdk-trace/dist/index.cjs')
const { context, trace } = require('@opentelemetry/api') as Api
type Contexts = typeof import('../packages/testing/node_modules/@opentelemetry/context-async-hooks/dist/index.cjs')
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks') as Contexts
const { TracerProvider } = require('@opentelemetry/sdk-trace') as Sdk

const calls = Number(process.argv[2] ?? 100_000)
const bare = process.argv.includes('--bare')
const AT_ONCE = 50
const SAMPLES = 10

let started = 0
let ended = 0
const counting = {
  onStart: () => void started++,
  onEnd: () => void ended++,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
}
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [counting] }))
const models = { openai: openaiModel, anthropic: anthropicModel, langchain: langchainModel }
const name = (['anthropic', 'langchain'] as const).find((one) => process.argv.includes(`--${one}`)) ?? 'openai'
const model = models[name](bare)

async function call(index: number): Promise<void> {
  if (index % 2 === 0) return void (await model.call())
  const stream = await model.stream()
  if (index % 4 === 1) {
    for await (const _chunk of stream) break
    return
  }
  // The reader walks away without a word.
  await stream[Symbol.asyncIterator]().next()
}

async function settle(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return process.memoryUsage().heapUsed / 1024 / 1024
}

const samples: { calls: number; openSpans: number; heapMiB: number }[] = []
for (let done = 0; done < calls;) {
  const until = Math.min(calls, done + calls / SAMPLES)
  while (done < until) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, until - done) }, (_, offset) => call(done + offset)))
    done = Math.min(until, done + AT_ONCE)
  }
  const heapMiB = Number((await settle()).toFixed(2))
  samples.push({ calls: done, openSpans: started - ended, heapMiB })
  console.log(samples.at(-1))
}
// The first sample still holds what is compiled and cached once.
const growth = samples.at(-1)!.heapMiB - samples[1]!.heapMiB
const result = {
  date: new Date().toISOString(),
  node: process.version,
  calls,
  spans: started,
  heapGrowthMiB: Number(growth.toFixed(2)),
  faults: faultCounts(),
  samples,
}
if (!bare)
  writeFileSync(
    new URL(`results/abandoned-streams${name === 'openai' ? '' : `-${name}`}.json`, import.meta.url),
    `${JSON.stringify(result, null, 2)}\n`,
  )
const leaks = (!bare && started !== calls) || started !== ended || growth > 1
console.log(leaks ? 'LEAKS' : 'flat', { heapGrowthMiB: result.heapGrowthMiB, spans: started, open: started - ended })
process.exitCode = leaks ? 1 : 0
