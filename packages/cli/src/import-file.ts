import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { askConsole, consoleAddress, type SourceArguments } from './frame/source.ts'

/** What became of a file. */
export interface ImportReport {
  /** Requests that were stored; a line of an archive is one. */
  readonly requests: number
  /** Lines that are no OTLP, or that the console refused, with the reason. */
  readonly refused: readonly { readonly line: number; readonly reason: string }[]
}

/** A document that is longer than this is not read into memory. Characters. */
const LONGEST = 256 * 1024 * 1024

const PATHS: readonly (readonly [key: string, path: string])[] = [
  ['resourceSpans', '/v1/traces'],
  ['resourceLogs', '/v1/logs'],
  ['resourceMetrics', '/v1/metrics'],
]

async function isPacked(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await handle.close()
  }
}

async function openFile(file: string): Promise<Readable> {
  if (file === '-') return process.stdin
  const packed = await isPacked(file)
  const stream = createReadStream(file)
  return packed ? stream.pipe(createGunzip()) : stream
}

interface Document {
  readonly line: number
  readonly text: string
}

/** JSON documents of a file: one a line, or one over many lines. */
async function* documentsOf(stream: Readable): AsyncGenerator<Document> {
  let line = 0
  let began = 0
  let waiting = ''
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++
    if (text.trim() === '') continue
    if (waiting === '' && parse(text) !== undefined) {
      yield { line, text }
      continue
    }
    if (waiting === '') began = line
    waiting += `${text}\n`
    if (waiting.length > LONGEST) break
    if (/^[\]}]/.test(text) && parse(waiting) !== undefined) {
      yield { line: began, text: waiting }
      waiting = ''
    }
  }
  if (waiting !== '') yield { line: began, text: waiting }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

interface Target {
  readonly url: string
  readonly headers: Record<string, string>
  close(): Promise<void>
}

async function openTarget(args: SourceArguments): Promise<Target> {
  if (args.data === undefined) return { ...consoleAddress(args), close: async () => undefined }
  const { startConsole } = await import('@agentel/console')
  // No limit of age: what is brought back is old.
  const forEver = { maxAge: Number.MAX_SAFE_INTEGER / 1e4, maxErrorAge: Number.MAX_SAFE_INTEGER / 1e4 }
  const running = await startConsole({ port: 0, grpcPort: false, dataFile: args.data, ...forEver })
  return { url: running.url, headers: {}, close: () => running.stop() }
}

async function send({ text }: Document, { url, headers }: Target): Promise<string | undefined> {
  const document = parse(text)
  const path = PATHS.find(([key]) => typeof document === 'object' && document !== null && key in document)?.[1]
  if (path === undefined)
    return document === undefined ? 'is not JSON' : `has none of ${PATHS.map(([key]) => key).join(', ')}: no OTLP`
  const given = { ...headers, 'content-type': 'application/json' }
  const response = await askConsole(url + path, { method: 'POST', headers: given, body: text }).catch(
    (error: Error) => {
      if (error.cause === undefined) return error.message
      throw error
    },
  )
  if (typeof response === 'string') return response
  await response.arrayBuffer()
  return undefined
}

/**
 * Sends a file's OTLP/JSON to a console, one request a document.
 * @throws when the file cannot be read, or no console answers.
 */
export async function importFile(file: string, args: SourceArguments): Promise<ImportReport> {
  const stream = await openFile(file)
  const target = await openTarget(args)
  const refused: { line: number; reason: string }[] = []
  let requests = 0
  try {
    for await (const document of documentsOf(stream)) {
      const reason = await send(document, target)
      if (reason === undefined) requests++
      else refused.push({ line: document.line, reason })
    }
  } finally {
    await target.close()
  }
  return { requests, refused }
}
