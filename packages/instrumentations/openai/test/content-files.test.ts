import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { trace } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addContentHook, runContentHooks } from '@agentel/api'
import { type ContentFiles, keepContentInFiles } from '@agentel/instrumentation-kit'
import { checkConformance } from '@agentel/testing/conformance'
import { useOpenAI } from './openai-harness.ts'

const openai = useOpenAI()
const PNG = Buffer.from('a picture').toString('base64')
const request = {
  model: 'gpt-4o',
  messages: [
    {
      role: 'user' as const,
      content: [{ type: 'image_url' as const, image_url: { url: `data:image/png;base64,${PNG}` } }],
    },
  ],
}
let folder: string
let files: ContentFiles | undefined
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'agentel-content-'))))
afterEach(async () => {
  await files?.stop()
  files = undefined
  rmSync(folder, { recursive: true, force: true })
})

const attribute = (key: string) => openai.telemetry.span('chat gpt-4o').attributes[key]
const read = (url: unknown): string => readFileSync(fileURLToPath(String(url)), 'utf8')

describe('content in files', () => {
  it('is kept whole, with each medium in a file of its own, and the span says where, though nothing is captured', async () => {
    files = keepContentInFiles({ folder: join(folder, 'deep', 'down') })
    await openai.client.chat.completions.create(request)
    await files.flush()
    const input = JSON.parse(read(attribute('agentel.content.reference.input')))
    const [{ parts }] = input['gen_ai.input.messages']
    expect(parts[0]).toMatchObject({ type: 'uri', modality: 'image', mime_type: 'image/png' })
    expect(read(parts[0].uri)).toBe('a picture')
    expect(parts[0].uri).toMatch(/\.png$/)
    expect(JSON.parse(read(attribute('agentel.content.reference.output')))).toEqual({
      'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'one two three' }] }],
    })
    expect(attribute('gen_ai.input.messages')).toBeUndefined()
    expect(files).toMatchObject({ written: 3, dropped: 0 })
    expect(statSync(join(folder, 'deep', 'down')).mode & 0o077).toBe(0)
    expect(checkConformance({ spans: openai.telemetry.spans() })).toEqual([])
  })

  it('of a stream is kept as well, and what is captured refers to the files of the media', async () => {
    files = keepContentInFiles({ folder })
    openai.capture('SPAN_ONLY')
    await Array.fromAsync(await openai.client.chat.completions.create({ ...request, stream: true }))
    await files.flush()
    const [{ parts }] = JSON.parse(String(attribute('gen_ai.input.messages')))
    expect(read(parts[0].uri)).toBe('a picture')
    expect(read(attribute('agentel.content.reference.output'))).toContain('one two three')
  })

  it('has no name ending for a type that could be anything', async () => {
    files = keepContentInFiles({ folder })
    const url = `data:application/x.y+z;base64,${PNG}`
    const content = [{ type: 'image_url' as const, image_url: { url } }]
    await openai.client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }] })
    await files.flush()
    const { 'gen_ai.input.messages': messages } = JSON.parse(read(attribute('agentel.content.reference.input')))
    expect(messages[0].parts[0].uri).toMatch(/\/[0-9a-f]+$/)
    expect(read(messages[0].parts[0].uri)).toBe('a picture')
  })

  it('of a call of which two tell is what the last of them told', async () => {
    files = keepContentInFiles({ folder })
    const span = trace.getTracer('application').startSpan('call')
    runContentHooks({ side: 'input', span, content: { told: 'by the framework' } })
    // The first file is being written.
    await Promise.resolve()
    await Promise.resolve()
    runContentHooks({ side: 'input', span, content: { told: 'by the client' } })
    span.end()
    await files.flush()
    const [file] = readdirSync(folder)
    expect(JSON.parse(readFileSync(join(folder, file!), 'utf8'))).toEqual({ told: 'by the client' })
    expect(files).toMatchObject({ written: 2, dropped: 0 })
  })

  it('that cannot be written is counted, and the call does not notice', async () => {
    writeFileSync(join(folder, 'file'), '')
    files = keepContentInFiles({ folder: join(folder, 'file', 'below') })
    await openai.client.chat.completions.create(request)
    await files.flush()
    expect(files).toMatchObject({ written: 0, dropped: 3 })
  })

  it('beyond the queue is dropped and counted', async () => {
    files = keepContentInFiles({ folder, maxQueueSize: 2 })
    await Promise.all(Array.from({ length: 10 }, () => openai.client.chat.completions.create(request)))
    await files.flush()
    expect(files.written + files.dropped).toBeGreaterThanOrEqual(20)
    expect(files.dropped).toBeGreaterThan(0)
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

it('a content hook changes what is recorded, and one that throws changes nothing', async () => {
  const removers = [
    addContentHook(() => {
      throw new Error('no')
    }),
    addContentHook(({ side, content }) =>
      side === 'output' ? { ...content, 'gen_ai.output.messages': [] } : undefined,
    ),
  ]
  openai.capture('SPAN_ONLY')
  await openai.client.chat.completions.create(request)
  for (const remove of removers) remove()
  expect(attribute('gen_ai.output.messages')).toBe('[]')
  expect(attribute('gen_ai.input.messages')).toContain('urn:sha256:')
})
