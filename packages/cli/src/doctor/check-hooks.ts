import { spawn } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Agentel } from '@agentel/sdk'
import type { Check } from './check.ts'
import type { PackageCopy } from './find-packages.ts'

type HookReport = ReturnType<Agentel['hooks']>[number]

/** SDKs that agentel hooks, and what of each is loaded to see whether it is hooked. */
const ENTRIES: Readonly<Record<string, string>> = {
  openai: 'openai',
  '@anthropic-ai/sdk': '@anthropic-ai/sdk',
  '@modelcontextprotocol/sdk': '@modelcontextprotocol/sdk/client/index.js',
  '@modelcontextprotocol/client': '@modelcontextprotocol/client',
  '@modelcontextprotocol/server': '@modelcontextprotocol/server',
}

/** Names of the SDKs that agentel hooks. */
export const MODEL_SDKS: readonly string[] = Object.keys(ENTRIES)

const LONGEST_MS = 20_000

/** Loads one copy in a process of its own, and asks what was hooked. */
async function tryLoading({ name, folder }: PackageCopy): Promise<HookReport[] | string> {
  const probe = fileURLToPath(new URL(`./probe-hooks${extname(import.meta.url)}`, import.meta.url))
  const conditions = process.execArgv.filter((argument) => argument.startsWith('--conditions='))
  // The flag lets the probe resolve a name as seen from another folder.
  const child = spawn(
    process.execPath,
    [...conditions, '--experimental-import-meta-resolve', probe, ENTRIES[name] ?? name],
    {
      cwd: folder,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
    },
  )
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null))
    child.on('close', resolve)
  })
  if (code !== 0)
    return (
      err
        .trim()
        .split('\n')
        .find((line) => /error/i.test(line)) ?? `it ended with code ${code}`
    )
  return JSON.parse(out) as HookReport[]
}

function checkOf(copy: PackageCopy, reports: HookReport[] | string): Check {
  const subject = copy.name
  if (typeof reports === 'string') {
    const found = `${copy.version} in ${copy.folder} could not be loaded: ${reports}`
    return { subject, verdict: 'warning', found, advice: 'see whether the application can load it' }
  }
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

/** Which copies of which model SDKs there are, and what of each is hooked. */
export async function checkHooks(copies: readonly PackageCopy[]): Promise<Check[]> {
  const models = copies.filter(({ name }) => MODEL_SDKS.includes(name))
  if (models.length === 0) {
    const found = `none of ${MODEL_SDKS.join(', ')} in this folder's node_modules`
    return [{ subject: 'model SDKs', verdict: 'note', found, advice: 'run the doctor in the application’s folder' }]
  }
  return Promise.all(models.map(async (copy) => checkOf(copy, await tryLoading(copy))))
}
