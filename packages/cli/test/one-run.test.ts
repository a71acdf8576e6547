/** What `trace` and `why` say of one run that has everything in it, against what was sent. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningConsole, startConsole, type TraceSkeleton } from '@agentel/console'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { RunExplanation } from '../src/explain-run.ts'
import { send } from './desk.ts'
import { FAILED_RUN } from './failed-run.ts'
import { agent, chat, runRequest, type Step, stepId, tool } from './otlp-run.ts'
import { runHere } from './run-here.ts'

const RUN = 'f1'.repeat(16)
const TWIN = 'f2'.repeat(16)
const WIDE = 'c3'.repeat(16)
const OTHERS = 'd4'.repeat(16)
const WELL = 'e5'.repeat(16)
const start = Date.now() - 60_000

/** Ten calls at once of one tool, then two that need them, deep below each other. */
const WIDE_RUN: readonly Step[] = [
  { name: 'invoke_agent counter', from: 0, to: 1000, attributes: agent('counter') },
  { name: 'chat house-model', below: 1, from: 0, to: 100, attributes: chat('house-model', 10, 1) },
  ...Array.from({ length: 10 }, (_, n): Step => ({
    name: 'execute_tool count',
    below: 1,
    from: 100 + n,
    to: 200 + n,
    attributes: tool('count'),
  })),
  { name: 'chat house-model', below: 1, from: 300, to: 400, attributes: chat('house-model', 10, 1) },
  { name: 'execute_tool add', below: 1, from: 400, to: 500, attributes: tool('add') },
  { name: 'inner', below: 14, from: 410, to: 490 },
  { name: 'chat house-model', below: 1, from: 600, to: 700, attributes: chat('house-model', 10, 1) },
  { name: 'execute_tool add', below: 1, from: 700, to: 800, attributes: tool('add') },
]

/** Errors of other libraries, which say no category. */
const failedCall = (traceId: string, attributes: Step['attributes'], kind: number, error: string): object =>
  runRequest(traceId, start, [{ name: 'call', from: 0, to: 100, kind, attributes: { ...attributes }, error }])

let folder: string
let running: RunningConsole
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentel-one-run-'))
  running = await startConsole({ port: 0, grpcPort: false, dataFile: join(folder, 'console.db') })
  await send(running.url, 'traces', runRequest(RUN, start, FAILED_RUN))
  await send(running.url, 'traces', runRequest(TWIN, start - 3_600_000, FAILED_RUN))
  await send(running.url, 'traces', runRequest(WIDE, start, WIDE_RUN))
  await send(running.url, 'traces', runRequest(WELL, start, [{ name: 'nothing to do', from: 0, to: 5 }]))
  await vi.waitFor(async () => expect((await json<RunExplanation>('why', RUN)).similar.total).toBe(1), 10_000)
})
afterAll(async () => {
  await running.stop()
  rmSync(folder, { recursive: true })
})

async function text(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere([...words, '--url', running.url])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}
const lines = async (...words: string[]): Promise<string[]> => (await text(...words)).trimEnd().split('\n')
const json = async <T>(...words: string[]): Promise<T> => JSON.parse(await text(...words, '--json')) as T

describe('agentel trace', () => {
  it('draws a failed run: head, tree with folds, what it survived, where it failed, handovers and the order of tools', async () => {
    expect(await lines('trace', RUN)).toEqual([
      'Write it down',
      `failed  3.00 s  18 spans  3.30k tokens  $0.0105  ${new Date(start).toISOString()}`,
      `run ${RUN}`,
      'Failed in execute_tool save: the disk is full',
      '',
      '      at     took                            tokens      cost  span',
      '   +0 ms   3.00 s  ████████████████████████                    invoke_workflow desk ✗ DiskError',
      '   +0 ms   200 ms  ██······················                    ├─ invoke_agent planner',
      '+50.0 ms  10.0 ms  █·······················                    │  └─ execute_tool look (planner) ○ NotFound',
      ' +200 ms  2.00 ms  ··█·····················                    ├─ transfer writer (planner)',
      ' +210 ms   2.79 s  ··██████████████████████                    └─ invoke_agent writer ✗ DiskError',
      ' +210 ms   180 ms  ··█·····················   1.20k  $0.00450     ├─ chat gpt-4o (writer)',
      ' +400 ms  65.0 ms  ···█····················                       ├─ execute_tool fetch x 7 (writer)',
      ' +470 ms  5.00 ms  ····█···················                       ├─ execute_tool fetch (writer) ✗ NotFound',
      ' +500 ms   400 ms  ····███·················   2.10k  $0.00600     ├─ chat gpt-4o (writer)  <- last good step',
      ' +1.00 s   100 ms  ········█···············                       ├─ execute_tool save (writer) ✗ DiskError',
      ' +1.60 s   100 ms  ·············█··········                       ├─ execute_tool save (writer) ✗ DiskError',
      ' +2.70 s   200 ms  ······················█·                       └─ execute_tool save (writer) ✗ DiskError  <- first failure',
      '',
      'Handed over: planner -> writer +200 ms',
      'Asked for: save after fetch',
      '',
      `${running.url}/runs/${RUN}`,
    ])
    const all = await lines('trace', RUN, '--all')
    expect(all.filter((line) => line.includes('execute_tool fetch')).length).toBe(8)
  })

  it('folds what is wide, keeps what is deep, says what has no price, and how often a tool followed another', async () => {
    const shown = await lines('trace', WIDE)
    expect(shown[1]).toMatch(/^ok {2}1\.00 s {2}17 spans {2}33 tokens {2}- and 3 calls without a price /)
    expect(shown.slice(5, -4).map((line) => line.slice(45).trim())).toEqual([
      'invoke_agent counter',
      '11        ├─ chat house-model (counter)',
      '├─ execute_tool count x 10 (counter)',
      '11        ├─ chat house-model (counter)',
      '├─ execute_tool add (counter)',
      '│  └─ inner (counter)',
      '11        ├─ chat house-model (counter)',
      '└─ execute_tool add (counter)',
    ])
    expect(shown.at(-3)).toBe('Asked for: add after count, add after add')
  })

  it('gives JSON and OTLP of exactly this run', async () => {
    const { trace, spans } = await json<TraceSkeleton>('trace', RUN)
    expect([trace.traceId, spans.id.length]).toEqual([RUN, FAILED_RUN.length])
    const otlp = JSON.parse(await text('trace', RUN, '--otlp')) as {
      resourceSpans: { scopeSpans: { spans: { spanId: string }[] }[] }[]
    }
    const sent = otlp.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans: of }) => of))
    expect(sent.map(({ spanId }) => spanId).toSorted()).toEqual(FAILED_RUN.map((_, n) => stepId(n + 1)))
  })
})

describe('agentel why', () => {
  it('tells all that led to the failure', async () => {
    expect(await lines('why', RUN)).toEqual([
      'Write it down',
      'failed after 3.00 s',
      '',
      'first failure writer > execute_tool save, at +2.70 s, took 200 ms',
      'error         DiskError (tool): the disk is full',
      'stack         DiskError: the disk is full',
      '              at save (disk.ts:7:1)',
      'tried before  DiskError at +1.00 s, then waited 500 ms',
      '              DiskError at +1.60 s, then waited 1.00 s',
      'last good     chat gpt-4o (writer), at +500 ms, took 400 ms',
      'tool calls    +50.0 ms execute_tool look (planner) NotFound',
      ...Array.from({ length: 7 }, (_, n) => `              +${400 + n * 10} ms execute_tool fetch (writer) ok`),
      'and 4 more'.padStart(24),
      'survived      execute_tool look (planner): NotFound',
      'context       user ann, session ann-1, desk',
      '              model gpt-4o, max_tokens 50',
      '              given: {"text":"it"}',
      `similar       1 run in 7 days: ${TWIN.slice(0, 12)}`,
      '',
      `${running.url}/runs/${RUN}`,
    ])
  })

  it('is the same for a script', async () => {
    const at = (n: number, name: string, from: number, took: number, error: string | null, who = 'writer') => ({
      spanId: stepId(n),
      name,
      agent: who,
      at: from,
      duration: took,
      error,
    })
    const tries = [
      at(15, 'execute_tool save', 1000, 100, 'DiskError'),
      at(16, 'execute_tool save', 1600, 100, 'DiskError'),
    ]
    const last = at(17, 'execute_tool save', 2700, 200, 'DiskError')
    const looked = at(18, 'execute_tool look', 50, 10, 'NotFound', 'planner')
    const pages = Array.from({ length: 8 }, (_, n) =>
      at(6 + n, 'execute_tool fetch', 400 + n * 10, 5, n === 7 ? 'NotFound' : null),
    )
    expect(await json<RunExplanation>('why', RUN)).toEqual({
      traceId: RUN,
      title: 'Write it down',
      failed: true,
      duration: 3000,
      path: ['writer'],
      origin: last,
      error: {
        type: 'DiskError',
        message: 'the disk is full',
        category: 'tool',
        stack: 'DiskError: the disk is full\n    at save (disk.ts:7:1)',
      },
      attempts: [
        { ...tries[0], wait: 500 },
        { ...tries[1], wait: 1000 },
      ],
      lastSuccess: at(14, 'chat gpt-4o', 500, 400, null),
      toolCalls: [looked, ...pages, ...tries, last],
      survived: [looked],
      context: {
        user: 'ann',
        session: 'ann-1',
        services: ['desk'],
        model: 'gpt-4o',
        settings: { model: 'gpt-4o', max_tokens: 50 },
        tools: [],
        input: { text: 'it' },
      },
      similar: { total: 1, traceIds: [TWIN] },
    })
  })

  it('has nothing to explain of a run that went well', async () => {
    expect(await lines('why', WELL)).toEqual([
      'nothing to do',
      'did not fail after 5.00 ms',
      '',
      'context       desk',
      '              what it was given was not captured',
      '',
      `${running.url}/runs/${WELL}`,
    ])
  })

  it.each([
    ['a timeout by its type', { 'error.type': 'ReadTimeout' }, 1, 'timeout'],
    ['a rate limit by its status', { 'error.type': '429' }, 3, 'rate_limit'],
    ['a call of a service by its kind', { 'error.type': 'ECONNRESET' }, 3, 'api'],
    ['what it knows no better', { 'error.type': 'Oops' }, 1, 'other'],
    ['what the span says itself', { 'error.type': 'Oops', 'agentel.error.category': 'validation' }, 1, 'validation'],
  ])('knows the kind of %s', async (_, attributes, kind, category) => {
    const traceId = OTHERS.slice(0, 20) + category.padEnd(12, 'e').replaceAll(/[^a-f]/g, '0')
    await send(running.url, 'traces', failedCall(traceId, attributes, kind, 'no'))
    expect((await json<RunExplanation>('why', traceId)).error).toEqual({
      type: attributes['error.type'],
      message: 'no',
      category,
      stack: null,
    })
  })

  it('gives the model call itself as context when that failed', async () => {
    const traceId = 'ab'.repeat(16)
    const failed: Step = {
      name: 'chat gpt-4o',
      from: 100,
      to: 200,
      kind: 3,
      attributes: {
        ...chat('gpt-4o', 5, 0),
        'error.type': '500',
        'gen_ai.request.temperature': 0.5,
        'gen_ai.tool.definitions': JSON.stringify([
          { type: 'function', name: 'save', description: 'Saves.', parameters: {} },
        ]),
        'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'hello' }] }]),
      },
      exception: { type: 'ServerError', message: 'sorry', stack: 'at x' },
      error: '',
    }
    const root: Step = { name: 'invoke_agent a', from: 0, to: 300, attributes: agent('a') }
    await send(running.url, 'traces', runRequest(traceId, start, [root, { ...failed, below: 1 }]))
    const { context, error } = await json<RunExplanation>('why', traceId)
    expect(error).toMatchObject({ type: '500', message: 'sorry', category: 'api', stack: 'at x' })
    expect(context).toMatchObject({
      model: 'gpt-4o',
      settings: { model: 'gpt-4o', temperature: 0.5 },
      tools: ['save'],
      input: [{ role: 'user' }],
    })
    const shown = await text('why', traceId)
    expect(shown).toContain('model gpt-4o, temperature 0.5\n')
    expect(shown).toContain('tools available: save\n')
    expect(shown).toContain('first error')
  })
})
