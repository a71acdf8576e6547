import { randomBytes } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { diag } from '@opentelemetry/api'
import { addContentHook, type ContentHook, contentText, hashOf, replaceMedia } from '@agentel/api'
import { ATTR_AGENTEL_CONTENT_REFERENCE } from '@agentel/semconv'

/** Where content is kept. */
export interface ContentFilesOptions {
  /** The folder; it is made when the first file is written. */
  readonly folder: string
  /** Files that wait to be written, at most; 20 by default. Those beyond are dropped and counted. */
  readonly maxQueueSize?: number
}

/** Content that is kept in files. */
export interface ContentFiles {
  /** Files written so far. */
  readonly written: number
  /** Files that were not: the queue was full, or the disk. */
  readonly dropped: number
  /** Until everything that waits is written. */
  flush(): Promise<void>
  /** Keeps nothing any more; what waits is written. */
  stop(): Promise<void>
}

/**
 * Keeps the whole content of every model call in files, whatever is captured and sampled: `<trace>-<span>-input.json`,
 * `…-output.json`, and each medium once, by its hash. The span says where (`agentel.content.reference.input`, `.output`).
 * The files hold what people said, unredacted: the folder is theirs to protect. It is made for the owner alone.
 */
export function keepContentInFiles({ folder, maxQueueSize = 20 }: ContentFilesOptions): ContentFiles {
  const root = resolve(folder)
  const queue = fileQueue(root, maxQueueSize)
  const urlOf = (name: string): string => pathToFileURL(join(root, name)).href
  const hook: ContentHook = ({ side, span, content }) => {
    const context = span?.spanContext()
    const name = context === undefined ? randomBytes(12).toString('hex') : `${context.traceId}-${context.spanId}`
    const kept = Object.entries(content).map(([key, value]): [string, unknown] => [
      key,
      replaceMedia(value, ({ content: base64, type: _type, ...rest }) => {
        const file = `${hashOf(base64)}${extensionOf(rest['mime_type'])}`
        queue.add(file, Buffer.from(base64, 'base64'))
        return { type: 'uri', ...rest, uri: urlOf(file) }
      }),
    ])
    const file = `${name}-${side}.json`
    if (queue.add(file, contentText(Object.fromEntries(kept))) && span?.isRecording() === true)
      span.setAttribute(ATTR_AGENTEL_CONTENT_REFERENCE(side), urlOf(file))
    return Object.fromEntries(kept)
  }
  const remove = addContentHook(hook)
  return {
    get written() {
      return queue.counts.written
    },
    get dropped() {
      return queue.counts.dropped
    },
    flush: queue.flush,
    async stop() {
      remove()
      await queue.flush()
    },
  }
}

/** One file after the other, so that a slow disk takes memory for a full queue only. */
function fileQueue(root: string, limit: number) {
  const counts = { written: 0, dropped: 0 }
  const waiting = new Map<string, string | Buffer>()
  let working: Promise<void> | undefined
  const drain = async (): Promise<void> => {
    // In the next turn: the call that brought the first one goes on.
    await Promise.resolve()
    while (waiting.size > 0) {
      for (const [name, data] of waiting) {
        try {
          await writeWhole(root, name, data)
          counts.written++
        } catch (error) {
          if (counts.dropped++ === 0) diag.warn(`agentel: content could not be written to ${root}: ${String(error)}`)
        }
        // Meanwhile the client below may have told more of the same call.
        if (waiting.get(name) === data) waiting.delete(name)
      }
    }
    working = undefined
  }
  return {
    counts,
    add(name: string, data: string | Buffer): boolean {
      if (waiting.size >= limit && !waiting.has(name)) {
        if (counts.dropped++ === 0)
          diag.warn(`agentel: more than ${limit} files of content wait to be written to ${root}; the rest is dropped`)
        return false
      }
      waiting.set(name, data)
      working ??= drain()
      return true
    },
    flush: async () => void (await working),
  }
}

/** Nobody ever reads a half-written file. */
async function writeWhole(root: string, name: string, data: string | Buffer): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  const unfinished = join(root, `.${name}.${process.pid}`)
  await writeFile(unfinished, data, { mode: 0o600 })
  await rename(unfinished, join(root, name))
}

/** `image/png` to `.png`; none for a type that could be anything. */
function extensionOf(type: unknown): string {
  const found = typeof type === 'string' ? /^[a-z]+\/([a-z0-9]{1,10})$/.exec(type) : null
  return found === null ? '' : `.${found[1]}`
}
