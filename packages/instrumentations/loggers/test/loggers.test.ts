import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installSdk } from '@agentel/testing/contract'

const here = fileURLToPath(new URL('..', import.meta.url))
const root = fileURLToPath(new URL('../../../../', import.meta.url))
const matrix = { matrix: join(root, 'test/matrix'), cache: join(root, '.cache/matrix') }
const fixtures = join(import.meta.dirname, 'fixtures')

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'agentel-loggers-'))))
afterAll(() => rmSync(folder, { recursive: true }))

interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

async function run(app: string, logger: string, from: string, imports: readonly string[], records = ''): Promise<Run> {
  const { AGENTEL_MUTANT, NODE_OPTIONS } = process.env
  const mutant = AGENTEL_MUTANT === undefined ? {} : { AGENTEL_MUTANT, NODE_OPTIONS }
  const args = ['--conditions=@agentel/source', ...imports.flatMap((one) => ['--import', one]), join(fixtures, app)]
  const child = spawn(process.execPath, [...args, logger, from], {
    env: { PATH: process.env['PATH'], RECORDS: records, ...mutant },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('latin1')))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('latin1')))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

const record = (severityNumber: number, severityText: string, body: unknown, attributes: object = {}) => ({
  severityNumber,
  severityText,
  body,
  attributes,
  inWork: false,
})
const boom = {
  'exception.type': 'TypeError',
  'exception.message': 'boom',
  'exception.stacktrace': expect.stringContaining('TypeError: boom'),
}
const identity = { 'user.id': 'u1', 'session.id': 's1' }
const hello = (severityText: string, password: string) => ({
  ...record(9, severityText, 'hello you', { ...identity, request: 7, password, size: { bytes: 3 } }),
  inWork: true,
})

const RECORDS: Readonly<Record<string, readonly object[]>> = {
  pino: [
    hello('info', '[Redacted]'),
    record(5, 'debug', 'detail'),
    record(13, 'warn', 'careful'),
    record(17, 'error', 'boom', boom),
    record(21, 'fatal', 'the end', { a: 1 }),
  ],
  winston: [
    hello('info', '[gone]'),
    record(5, 'debug', 'detail'),
    record(13, 'warn', 'careful'),
    record(17, 'error', 'boom', boom),
    record(9, 'info', 'of the default logger'),
  ],
  console: [
    { ...record(9, 'log', 'hello you { bytes: 3 }', identity), inWork: true },
    record(5, 'debug', 'detail'),
    record(13, 'warn', 'careful'),
    record(17, 'error', 'boom'),
    record(9, 'log', expect.stringMatching(/^log \d+$/)),
  ],
}

const targets = [
  ['pino 10', 'pino', () => here],
  ['pino 9', 'pino', () => installSdk('pino', 9, matrix)],
  ['winston 3', 'winston', () => here],
  ['console', 'console', () => here],
] as const

describe.each(['app.mjs', 'app.cjs'])('in %s', (app) => {
  it.each(targets)(
    'lines of %s become log records with trace, user and session, and what the application writes is the same byte for byte',
    async (name, logger, from) => {
      const where = await from()
      const bare = await run(app, logger, where, [])
      const file = join(folder, `${app}-${name}.json`)
      const observed = await run(app, logger, where, [join(fixtures, 'observe.ts')], file)
      expect(bare).toMatchObject({ code: 0, stdout: expect.stringContaining('hello you') })
      expect(observed).toEqual(bare)
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(RECORDS[logger])
    },
  )
})
