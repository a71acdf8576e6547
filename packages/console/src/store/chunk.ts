import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import {
  copyBytes,
  type Cursor,
  openSink,
  readEnd,
  readVarint32,
  type Sink,
  sinkBytes,
  writeVarint,
} from '../otlp/wire.ts'

/**
 * A chunk holds messages (spans of one trace that came in one request, or log records) as they were sent:
 * for each, the number of its scope, its length, its bytes; all of it compressed.
 */
export interface ChunkEntry {
  readonly scope: number
  readonly bytes: Buffer
}

/** Chunks are small: tables as large as level 1 takes by default cost more to clear than they gain. */
const OPTIONS = {
  params: {
    [constants.ZSTD_c_compressionLevel]: 1,
    [constants.ZSTD_c_windowLog]: 17,
    [constants.ZSTD_c_hashLog]: 12,
  },
}
const MAX_CHUNK = 64 * 1024 * 1024

/** Collects entries; one is used again and again, so that no memory is taken per chunk. */
export interface ChunkBuilder {
  readonly sink: Sink
  entries: number
}

/** A new, empty builder. */
export function openChunk(): ChunkBuilder {
  return { sink: openSink(256 * 1024), entries: 0 }
}

/** Adds a message, which stands between these places of the bytes, and returns its place in the chunk. */
export function addEntry(chunk: ChunkBuilder, scope: number, bytes: Buffer, start = 0, end = bytes.length): number {
  writeVarint(chunk.sink, scope)
  writeVarint(chunk.sink, end - start)
  copyBytes(chunk.sink, bytes, start, end)
  return chunk.entries++
}

/** The compressed chunk; the builder is empty again afterwards. */
export function closeChunk(chunk: ChunkBuilder): Buffer {
  const compressed = zstdCompressSync(sinkBytes(chunk.sink), OPTIONS)
  chunk.sink.pos = 0
  chunk.entries = 0
  return compressed
}

/** The entries of a stored chunk, in order. */
export function readChunk(data: Uint8Array): ChunkEntry[] {
  const buf = zstdDecompressSync(data, { maxOutputLength: MAX_CHUNK })
  const c: Cursor = { buf, pos: 0 }
  const entries: ChunkEntry[] = []
  while (c.pos < buf.length) {
    const scope = readVarint32(c, buf.length)
    const end = readEnd(c, buf.length)
    entries.push({ scope, bytes: buf.subarray(c.pos, end) })
    c.pos = end
  }
  return entries
}
