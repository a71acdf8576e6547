/** Reads a stream to its end. */
export async function readAll<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const chunks: T[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

/** Reads so many chunks, then leaves. */
export async function readSome(stream: AsyncIterable<unknown>, count: number): Promise<number> {
  let read = 0
  for await (const _chunk of stream) if (++read === count) break
  return read
}
