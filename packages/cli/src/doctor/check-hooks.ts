import { availableParallelism } from 'node:os'
import type { Agentel } from '@agentel/sdk'
import type { Check } from './check.ts'
import type { PackageCopy } from './find-packages.ts'
import { runProbe } from './run-probe.ts'

type HookReport = ReturnType<Agentel['hooks']>[number]

/** SDKs that agentel hooks, and what of each is loaded to see whether it is hooked. */
const ENTRIES: Readonly<Record<string, string>> = {
  '@langchain/core': '@langchain/core/language_models/chat_models',
  '@langchain/langgraph': '@langchain/langgraph/pregel',
  openai: 'openai',
  '@anthropic-ai/sdk': '@anthropic-ai/sdk',
  ai: 'ai',
  '@openai/agents-core': '@openai/agents-core',
  '@modelcontextprotocol/sdk': '@modelcontextprotocol/sdk/client/index.js',
  '@modelcontextprotocol/client': '@modelcontextprotocol/client',
  '@modelcontextprotocol/server': '@modelcontextprotocol/server',
}

/** Names of the SDKs that agentel hooks. */
export const MODEL_SDKS: readonly string[] = Object.keys(ENTRIES)

/** Loads one copy in a process of its own, and asks what was hooked. */
async function tryLoading({ name, folder }: PackageCopy, limitMs: number): Promise<HookReport[] | string> {
  const env = { PATH: process.env.PATH }
  const probed = await runProbe({ probe: 'probe-hooks', argument: ENTRIES[name] ?? name, folder, env, limitMs })
  return 'failure' in probed ? probed.failure : (JSON.parse(probed.out) as HookReport[])
}

function checkOf(copy: PackageCopy, all: HookReport[] | string): Check {
  const subject = copy.name
  if (typeof all === 'string') {
    const found = `${copy.version} in ${copy.folder} could not be loaded: ${all}`
    return { subject, verdict: 'warning', found, advice: 'see whether the application can load it' }
  }
  // It may have loaded others: they have a line of their own.
  const reports = all.filter(({ module }) => module === subject)
  const formats = [...new Set(reports.map(({ format }) => format))].join(' and ')
  const missing = reports.flatMap((report) => Object.entries(report.missing))
  const hooked = [...new Set(reports.flatMap((report) => report.hooked))]
  if (hooked.length === 0) {
    const found = `${copy.version} in ${copy.folder} is not hooked`
    return {
      subject,
      verdict: 'warning',
      found,
      advice: 'its entry points are not those that agentel knows: report it',
    }
  }
  if (missing.length > 0) {
    const reasons = [...new Set(missing.map(([name, reason]) => `${name} (${reason})`))].join(', ')
    return { subject, verdict: 'warning', found: `${copy.version}: no spans from ${reasons}` }
  }
  return { subject, verdict: 'ok', found: `${copy.version} (${formats}): ${hooked.join(', ')}` }
}

/** Which copies of which model SDKs there are, and what of each is hooked; to load one may take `limitMs`. */
export async function checkHooks(copies: readonly PackageCopy[], limitMs: number): Promise<Check[]> {
  const models = copies.filter(({ name }) => MODEL_SDKS.includes(name))
  if (models.length === 0) {
    const found = `none of ${MODEL_SDKS.join(', ')} in this folder's node_modules`
    return [{ subject: 'model SDKs', verdict: 'note', found, advice: 'run the doctor in the application’s folder' }]
  }
  // As many as there are processors: each has a time limit, which all at once would use up for each other.
  const waiting = [...models.entries()]
  const checks: Check[] = []
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, copy] = next
      checks[index] = checkOf(copy, await tryLoading(copy, limitMs))
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return checks
}
