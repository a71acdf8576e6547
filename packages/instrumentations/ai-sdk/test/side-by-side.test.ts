import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { installSdk } from '@agentel/testing/contract'

interface Seen {
  readonly name: string
  readonly scope: string
  readonly parent?: string
}

interface Told {
  readonly answers: readonly { readonly mark: string; readonly text: string }[]
  readonly spans: readonly Seen[]
  /** Names of the spans of a round without our hooks, and of one with them again. */
  readonly whileOff: readonly string[]
  readonly again: readonly string[]
  readonly hooks: readonly { module: string; version: string; format: string; missing: object }[]
  readonly rounds: number
}

const root = new URL('../../../../', import.meta.url)
const matrix = fileURLToPath(new URL('test/matrix', root))
const cache = fileURLToPath(new URL('.cache/matrix', root))

/** Runs an application that has all of these at once. */
async function runApplication(folders: readonly string[]): Promise<Told> {
  const flags = ['--conditions=@agentel/source', '--experimental-import-meta-resolve']
  const fixture = join(import.meta.dirname, 'fixtures/side-by-side.ts')
  const child = spawn(process.execPath, [...flags, fixture, ...folders], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  await once(child, 'close')
  if (!out.includes('\n{')) throw new Error(err)
  return JSON.parse(out.slice(out.lastIndexOf('\n'))) as Told
}

const callsOf = (mark: string): number => (mark.startsWith('ai-') ? 2 : 3)
const sorted = (spans: readonly Seen[]): readonly Seen[] => spans.toSorted((a, b) => a.name.localeCompare(b.name))

describe('several versions of the same SDKs in one process, as ES modules and as CommonJS', () => {
  let told: Told
  let copies: readonly string[]
  beforeAll(async () => {
    const folders: string[] = []
    for (const [sdk, majors] of [['openai', [4, 5, 6]] as const, ['ai', [5, 6]] as const])
      for (const major of majors) folders.push(`${sdk}@${await installSdk(sdk, major, { matrix, cache })}`)
    // The newest ones are those of the workspace.
    const own = fileURLToPath(new URL('..', import.meta.url))
    told = await runApplication([...folders, `openai@${own}`, `ai@${own}`])
    copies = [...new Set(told.answers.map(({ mark }) => mark))]
  })

  it('are each hooked, once in each format', () => {
    const hooked = told.hooks.map(({ module, version, format }) => `${module}-${version}-${format}`)
    expect(hooked.toSorted()).toEqual(copies.toSorted())
    expect(copies.map((mark) => mark.replace(/\.[\d.]+/, '')).toSorted()).toEqual(
      ['ai-5', 'ai-6', 'ai-7', 'openai-4', 'openai-5', 'openai-6', 'openai-7'].flatMap((name) => [
        `${name}-cjs`,
        `${name}-esm`,
      ]),
    )
  })

  it('answer as if they were alone, with failures of their own class', () => {
    const texts = (mark: string) => told.answers.filter((answer) => answer.mark === mark).map(({ text }) => text)
    for (const mark of copies) {
      const round = ['one two three', 'one two three', 'refused'].slice(0, callsOf(mark))
      const all = Array.from({ length: told.rounds }, () => round).flat()
      expect({ mark, texts: texts(mark) }).toEqual({ mark, texts: all })
    }
  })

  it('give one span for each call of a model, of the copy that was called, and none for another', () => {
    const seen = told.spans.filter(({ scope }) => scope !== 'application')
    const expected = copies.flatMap((mark) => {
      const scope = `@agentel/instrumentation-${mark.startsWith('ai-') ? 'ai-sdk' : 'openai'}`
      const span = { name: `chat ${mark}`, scope, parent: mark }
      return Array.from({ length: told.rounds * callsOf(mark) }, () => span)
    })
    expect(sorted(seen)).toEqual(sorted(expected))
  })

  it('are let go all together, and hooked again', () => {
    const applications = copies.flatMap((mark) => Array.from({ length: callsOf(mark) }, () => mark))
    const models = applications.map((mark) => `chat ${mark}`)
    expect(told.whileOff.toSorted()).toEqual(applications.toSorted())
    expect(told.again.toSorted()).toEqual([...applications, ...models].toSorted())
  })
})
