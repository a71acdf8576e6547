import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import { splitBatches } from '../src/split-batches.ts'

const span = (name: string, bytes: number) =>
  ({ name, attributes: { 'gen_ai.input.messages': 'x'.repeat(bytes) }, events: [] }) as unknown as ReadableSpan

function recorder(failing: readonly string[] = []) {
  const batches: string[][] = []
  const exporter: SpanExporter = {
    export(spans, done) {
      batches.push(spans.map(({ name }) => name))
      const failed = spans.some(({ name }) => failing.includes(name))
      done(failed ? { code: ExportResultCode.FAILED, error: new Error('413') } : { code: ExportResultCode.SUCCESS })
    },
    shutdown: () => Promise.resolve(),
  }
  const send = (spans: ReadableSpan[]) =>
    new Promise<ExportResult>((resolve) => splitBatches(exporter, 10_000).export(spans, resolve))
  return { batches, send }
}

describe('a batch', () => {
  it('within the limit goes as it is', async () => {
    const { batches, send } = recorder()
    await send([span('a', 100), span('b', 100)])
    expect(batches).toEqual([['a', 'b']])
  })

  it('over it goes in parts, in order, and nothing is lost; a span larger by itself goes alone', async () => {
    const { batches, send } = recorder()
    const result = await send([span('a', 4000), span('b', 3000), span('c', 3000), span('d', 50_000), span('e', 1)])
    expect(batches).toEqual([['a', 'b'], ['c'], ['d'], ['e']])
    expect(result.code).toBe(ExportResultCode.SUCCESS)
  })

  it('is measured anew in each part', async () => {
    const { batches, send } = recorder()
    await send([span('a', 4000), span('b', 4000), span('c', 3000), span('d', 4000)])
    expect(batches).toEqual([['a'], ['b', 'c'], ['d']])
  })

  it('is measured with its lists and with what its events say', async () => {
    const text = 'x'.repeat(3000)
    const list = { name: 'list', attributes: { 'gen_ai.system_instructions': [text, text] }, events: [] }
    const event = {
      name: 'event',
      attributes: {},
      events: [{ name: 'e', attributes: { a: text, b: text } }, { name: 'f' }],
    }
    const [first, second] = [list, event] as unknown as [ReadableSpan, ReadableSpan]
    const { batches, send } = recorder()
    await send([first, span('a', 1), second, span('b', 1500), first])
    expect(batches).toEqual([['list', 'a'], ['event', 'b'], ['list']])
  })

  it('of which one part is refused has failed, and its other parts went out', async () => {
    const { batches, send } = recorder(['b'])
    const result = await send([span('a', 9000), span('b', 9000), span('c', 9000)])
    expect(batches).toEqual([['a'], ['b'], ['c']])
    expect(result).toEqual({ code: ExportResultCode.FAILED, error: new Error('413') })
  })
})
