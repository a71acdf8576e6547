import type { OtlpPage } from '@agentel/console'
import { createWriteStream, existsSync } from 'node:fs'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { finished } from 'node:stream/promises'
import { command, type Verb } from '../frame/command-line.ts'
import { EXIT, type Output } from '../frame/output.ts'
import { type Source, sourceArgs, withSource } from '../frame/source.ts'
import { UsageError } from '../frame/usage-error.ts'
import { windowArgs, windowOf } from '../frame/window.ts'

const SIGNALS = ['traces', 'logs', 'metrics'] as const

/** Where lines go: a file, packed when its name ends in .gz, or the standard output. */
function openTarget(file: string | undefined): { stream: Writable; done: Promise<void> } {
  if (file === undefined || file === '-') return { stream: process.stdout, done: Promise.resolve() }
  if (existsSync(file)) throw new UsageError(`${file} is there already; choose another name`)
  const target = createWriteStream(file, { mode: 0o600 })
  if (!file.endsWith('.gz')) return { stream: target, done: finished(target) }
  const packer = createGzip()
  packer.pipe(target)
  return { stream: packer, done: finished(target) }
}

/** Writes all of one signal, a request's body a line. @returns how many spans or records */
async function writeSignal(source: Source, signal: string, window: Record<string, string>, to: Writable) {
  let items = 0
  let cursor: string | undefined
  do {
    const page: OtlpPage = await source.get(`/api/otlp/${signal}`, { ...window, cursor })
    items += page.items
    if (page.items > 0 && !to.write(`${JSON.stringify(page.otlp)}\n`)) await once(to, 'drain')
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return items
}

function tell(counts: Readonly<Record<string, number>>, file: string, json: boolean, output: Output): void {
  if (json) output.line(JSON.stringify({ file, ...counts }))
  else
    output.line(
      `${file}: ${counts.traces ?? 0} spans, ${counts.logs ?? 0} log records, ${counts.metrics ?? 0} metric points`,
    )
}

export const exportVerb: Verb = (output) =>
  command({
    name: 'export',
    description: 'Write what was received to a file of OTLP/JSON lines',
    args: {
      file: {
        type: 'positional',
        description: 'Where to; packed when it ends in .gz; - or nothing: here',
        required: false,
      },
      signal: { type: 'enum', options: [...SIGNALS, 'all'], description: 'What of it', default: 'all' },
      ...windowArgs,
      ...sourceArgs,
    },
    examples: [
      ['agentel export week.jsonl.gz --since 7d', 'an archive; agentel import brings it back'],
      ['agentel export --signal traces --since 1h | jq .', 'to look at'],
    ],
    run: (args) =>
      withSource(args, async (source) => {
        const { stream, done } = openTarget(args.file)
        const counts: Record<string, number> = {}
        for (const signal of SIGNALS) {
          if (args.signal !== 'all' && args.signal !== signal) continue
          counts[signal] = await writeSignal(source, signal, windowOf(args), stream)
        }
        if (stream !== process.stdout) {
          stream.end()
          await done
          tell(counts, args.file!, args.json, output)
        }
        return EXIT.ok
      }),
  })
