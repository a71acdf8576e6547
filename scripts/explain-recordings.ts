/**
 * Plays recorded conversations of experts ("Who&When"), asks for each what `agentel why` asks, and compares with the
 * recorded files: where the log shows an error, the first failing step; and whom the people blame who labelled them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import type { TraceList } from '../packages/console/src/index.ts'
import { explainRun, type RunExplanation } from '../packages/cli/src/explain-run.ts'
import { openSource, type Source } from '../packages/cli/src/frame/source.ts'

interface RecordedFile {
  readonly question_ID: string
  readonly mistake_agent: string
  readonly mistake_step: string | number
  readonly history: readonly { readonly name: string; readonly content: string }[]
}

/** A conversation as its file has it, and as it was explained. */
export interface ExplainedRecording {
  readonly id: string
  /** The first message of the terminal that shows an error, and whose code it was; null when none does. */
  readonly recorded: { readonly step: number; readonly agent: string } | null
  /** The same, as explained; null when no failing step was named. */
  readonly explained: { readonly step: number; readonly agent: string } | null
  /** The exit codes of all errors that the log shows, and all who spoke. */
  readonly errors: readonly string[]
  readonly agents: readonly string[]
  /** Whom people blame. */
  readonly label: { readonly step: number; readonly agent: string }
  readonly explanation: RunExplanation
}

const TERMINAL = 'Computer_terminal'
const MAIN = join(import.meta.dirname, '../packages/demo/src/replay/main.ts')

function readFiles(paths: readonly string[]): RecordedFile[] {
  const files = paths.flatMap((path) => (statSync(path).isDirectory() ? globSync(`${path}/**/*.json`) : [path]))
  return files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as RecordedFile)
}

function firstErrorIn({ history }: RecordedFile): ExplainedRecording['recorded'] {
  const step = history.findIndex(({ name, content }) => name === TERMINAL && /^exitcode: [1-9]/.test(content))
  return step === -1 ? null : { step, agent: speakerBefore(history, step) }
}

function errorsIn({ history }: RecordedFile): string[] {
  return history.flatMap(({ name, content }) =>
    name === TERMINAL ? (/^exitcode: ([1-9]\d*)/.exec(content)?.[1] ?? []) : [],
  )
}

function speakerBefore(history: RecordedFile['history'], step: number): string {
  return history.slice(0, step).findLast(({ name }) => name !== TERMINAL)?.name ?? ''
}

/** The tool calls before the failing one, which is the last of them, say which message of the terminal it was. */
function explainedStep({ history }: RecordedFile, { origin, toolCalls, path }: RunExplanation) {
  if (origin === null) return null
  const terminal = history.flatMap(({ name }, step) => (name === TERMINAL ? [step] : []))
  const place = toolCalls.findIndex(({ spanId }) => spanId === origin.spanId)
  return { step: terminal[place] ?? -1, agent: path.at(-1) ?? '' }
}

async function explainAll(source: Source, files: readonly RecordedFile[]): Promise<ExplainedRecording[]> {
  const explained: ExplainedRecording[] = []
  for (const file of files) {
    const { traces } = await source.get<TraceList>('/api/traces', { from: '-1d', session: file.question_ID })
    if (traces.length !== 1) throw new Error(`${file.question_ID}: ${traces.length} traces, expected one`)
    const explanation = await explainRun(source, traces[0]!.traceId)
    const label = { step: Number(file.mistake_step), agent: file.mistake_agent }
    const recorded = firstErrorIn(file)
    const said = { errors: errorsIn(file), agents: file.history.map(({ name }) => name) }
    explained.push({
      id: file.question_ID,
      recorded,
      ...said,
      explained: explainedStep(file, explanation),
      label,
      explanation,
    })
  }
  return explained
}

/** Plays the conversations in `paths` and explains each, with the console that shows them, which `use` may ask too. */
export async function explainRecordings(
  paths: readonly string[],
  use: (url: string) => Promise<void> = async () => {},
): Promise<ExplainedRecording[]> {
  const args = ['--conditions=@agentel/source', MAIN, '--port', '0', ...paths]
  const replay = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(replay, 'exit')
  try {
    let url: string | undefined
    for await (const line of createInterface({ input: replay.stdout })) {
      url = /The console is at (http:\/\/[^\s;]+)/.exec(stripVTControlCharacters(line))?.[1]
      if (url !== undefined) break
    }
    if (url === undefined) throw new Error('the replay ended before its console could be asked')
    const source = await openSource({ url })
    const explained = await explainAll(source, readFiles(paths))
    await use(url)
    return explained
  } finally {
    replay.kill('SIGINT')
    await ended
  }
}
