/**
 * One fresh process, one variant, one kind of call: `node measure.ts <matrix folder> <variant> <operation> <calls>`.
 * Prints one JSON line: p50 of a call while the machine is quiet, CPU and allocated bytes a call, time to the first chunk, what was emitted.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import v8 from 'node:v8'
import * as aiSdkAnswers from './ai-sdk-answers.ts'
import * as anthropicAnswers from './anthropic-answers.ts'
import * as openaiAnswers from './answers.ts'
import * as langchainAnswers from './langchain-answers.ts'
import { emitted } from './pipeline.ts'

const [folder, variant, operation, callsText] = process.argv.slice(2) as [string, string, string, string]
const calls = Number(callsText)
const require = createRequire(join(folder, 'package.json'))

const sdk = {
  api: require('@opentelemetry/api'),
  trace: require('@opentelemetry/sdk-trace'),
  metrics: require('@opentelemetry/sdk-metrics'),
  resources: require('@opentelemetry/resources'),
  transformer: require('@opentelemetry/otlp-transformer'),
  contextManager: require('@opentelemetry/context-async-hooks'),
}
const makeClient = (Client: any, { cannedFetch }: typeof openaiAnswers | typeof anthropicAnswers): any =>
  new Client({ apiKey: 'bench', fetch: cannedFetch, maxRetries: 0 })
const kinds = {
  'ai-sdk': { ...aiSdkAnswers, load: () => aiSdkAnswers.load(require) },
  anthropic: {
    load: () => require('@anthropic-ai/sdk'),
    operations: anthropicAnswers.operations,
    createClient: ({ Anthropic }: any) => makeClient(Anthropic, anthropicAnswers),
  },
  langchain: { ...langchainAnswers, load: () => langchainAnswers.load(require) },
  openai: {
    load: () => require('openai'),
    operations: openaiAnswers.operations,
    createClient: ({ OpenAI }: any) => makeClient(OpenAI, openaiAnswers),
  },
}
const kind = Object.entries(kinds).find(([name]) => folder.includes(`overhead-${name}`))![1]
const clientModule = kind.load()
const installed =
  variant === 'bare' ? undefined : await (await import(`./variants/${variant}.ts`)).install(sdk, clientModule, require)
let client = kind.createClient(clientModule)
if (installed?.wrapClient) client = installed.wrapClient(client)
const call = kind.operations[operation]!

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

/**
 * The p50 of calls while nobody else slows the machine down: whole stretches of a run can be a third slower than others,
 * and not the same ones in each process. Of the medians of 100 calls each, the one that 15 % are below.
 */
function quietMedian(values: number[]): number {
  const blocks = Array.from({ length: Math.ceil(values.length / 100) }, (_, block) =>
    median(values.slice(block * 100, block * 100 + 100)),
  )
  return blocks.toSorted((a, b) => a - b)[Math.floor(blocks.length * 0.15)]!
}

for (let i = 0; i < Math.min(1500, calls); i++) await call(client)
globalThis.gc?.()

const times: number[] = new Array(calls)
const firsts: number[] = []
const heapBefore = v8.getHeapStatistics().used_heap_size
const cpuBefore = process.cpuUsage()
for (let i = 0; i < calls; i++) {
  const started = performance.now()
  const first = await call(client)
  times[i] = performance.now() - started
  if (first !== undefined) firsts.push(first)
}
const cpu = process.cpuUsage(cpuBefore)
const heap = v8.getHeapStatistics().used_heap_size - heapBefore
await installed?.shutdown()
process.stdout.write(
  JSON.stringify({
    variant,
    operation,
    p50Us: quietMedian(times) * 1000,
    cpuUs: (cpu.user + cpu.system) / calls,
    firstChunkUs: firsts.length > 0 ? quietMedian(firsts) * 1000 : null,
    heapBytes: heap / calls,
    spansPerCall: emitted.spans / (calls + Math.min(1500, calls)),
    attributesPerSpan: emitted.spans ? emitted.spanAttributes / emitted.spans : 0,
    metricPoints: emitted.metricPoints,
    metrics: [...emitted.metricNames].toSorted(),
  }) + '\n',
)
process.exit(0)
