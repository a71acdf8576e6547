import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startModelServer } from '../model-server/index.ts'
import type { ChildAnswer, ChildConfig } from './child-config.ts'
import type { ContractSuite, SdkTarget } from './scenario.ts'

/** What is tested, and where its parts are. */
export interface ContractRun {
  /** URL of the module that exports `suite: ContractSuite`. */
  readonly suite: string
  /** URL of the module that exports `instrumentation: ContractInstrumentation`. */
  readonly instrumentation: string
  readonly target: SdkTarget
  /** Folder whose `node_modules` holds the SDK. */
  readonly folder: string
}

/** How a process ended, and what it wrote. */
export interface Ending {
  readonly exitCode: number | null
  readonly stdout: string
  /** Without stack frames: they show where our code stands in the way, and may. */
  readonly stderr: string
  readonly answer: ChildAnswer | undefined
}

/** Runs one mode of a suite in a fresh process. */
export async function runScenarios(run: ContractRun, mode: ChildConfig['mode']): Promise<ChildAnswer> {
  const { answer, exitCode, stderr, stdout } = await runChild(run, mode)
  if (answer === undefined || exitCode !== 0) {
    throw new Error(
      `the ${mode} run against ${describeTarget(run.target)} ended with ${exitCode}:\n${stdout}\n${stderr}`,
    )
  }
  return answer
}

/** Runs one ending in a fresh process. */
export function runEnding(run: ContractRun, mode: 'bare' | 'instrumented', ending: string): Promise<Ending> {
  return runChild(run, mode, ending)
}

/** `openai 7 (esm)` */
export function describeTarget({ sdk, major, format, label }: SdkTarget): string {
  return `${sdk} ${label ?? major} (${format})`
}

async function runChild(run: ContractRun, mode: ChildConfig['mode'], ending?: string): Promise<Ending> {
  const { suite } = (await import(run.suite)) as { suite: ContractSuite }
  // One per process, with a seed: the same requests get the same bytes in both runs.
  const server = await startModelServer({ scenario: suite.reply, seed: 'contract', countTokens: countWords })
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'agentel-contract-'))
  try {
    const config: ChildConfig = {
      suite: run.suite,
      instrumentation: run.instrumentation,
      mode,
      load: writeApplication(folder, run),
      major: run.target.major,
      serverUrl: server.url,
      answer: join(folder, 'answer.json'),
      ...(ending === undefined ? undefined : { ending }),
    }
    const file = join(folder, 'config.json')
    writeFileSync(file, JSON.stringify(config))
    const ended = await spawnChild(file)
    const answer = existsSync(config.answer)
      ? (JSON.parse(readFileSync(config.answer, 'utf8')) as ChildAnswer)
      : undefined
    return { ...ended, answer }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A file that loads the SDK by its name, as an application does, so that module hooks see what they would see there. */
function writeApplication(folder: string, { target, folder: installed }: ContractRun): string {
  const application = join(folder, 'application')
  mkdirSync(application)
  symlinkSync(join(installed, 'node_modules'), join(application, 'node_modules'))
  const file = join(application, target.format === 'esm' ? 'load.mjs' : 'load.cjs')
  writeFileSync(file, target.format === 'esm' ? importing(target) : requiring(target))
  return file
}

function importing({ sdk, modules }: SdkTarget): string {
  if (modules === undefined) return `export * from '${sdk}'\nexport { default } from '${sdk}'\n`
  return modules.map((name, index) => `export * as m${index} from '${name}'\n`).join('')
}

function requiring({ sdk, modules }: SdkTarget): string {
  if (modules === undefined) return `module.exports = require('${sdk}')\n`
  return modules.map((name, index) => `exports.m${index} = require('${name}')\n`).join('')
}

function spawnChild(config: string): Promise<Omit<Ending, 'answer'>> {
  // From source as from a build: the child is the same kind of file as this one.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const conditions = process.execArgv.filter((argument) => argument.startsWith('--conditions='))
  const child = fileURLToPath(new URL(`./child.${extension}`, import.meta.url))
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [...conditions, '--expose-gc', child, config], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    running.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text))
    running.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text))
    running.once('error', reject)
    running.once('close', (exitCode) => resolve({ exitCode, stdout, stderr: withoutFrames(stderr) }))
  })
}

function withoutFrames(text: string): string {
  // Above the error Node quotes the line that rejected first; of a promise that follows another it quotes its own.
  const lines = text.replace(/^.*\n\s*\^+\s*$/m, '').split('\n')
  const kept = lines.filter((line) => !/^\s+at |^file:|^node:internal|^\/|^Node\.js v/.test(line))
  return kept.join('\n').replace(/(127\.0\.0\.1|localhost):\d+/g, '$1:PORT')
}

/** Exact tokens are another test's matter; this one needs no tokenizer. */
function countWords(text: string): number {
  return text.split(/\s+/).filter(Boolean).length
}
