import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { countRecordings } from '../scripts/count-recordings.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const MAIN = path('../packages/demo/src/replay/main.ts')
const SMALL = path('fixtures/recordings')
// The public data sets lie beside the repository where they have been downloaded; see packages/demo/README.md.
const LARGE = [path('../../shared/data/who-and-when'), path('../../shared/data/tau-bench')].filter((folder) =>
  existsSync(folder),
)

interface Shown {
  traces: number
  spans: number
  calls: number
  inputTokens: number
  outputTokens: number
  cost: number
  errors: number
  types: Record<string, number>
  failedTypes: Record<string, number>
  sessions: Record<string, { spans: number; inputTokens: number; outputTokens: number; cost: number }[]>
}

async function replay(...args: string[]): Promise<Shown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@agentel/source', MAIN, '--once', '--json', '--port', '0', ...args],
    { maxBuffer: 64 * 1024 * 1024 },
  )
  return JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')) ?? '') as Shown
}

describe('replay', () => {
  it('shows every recorded conversation once: spans by kind, tokens and cost as counted from the files', async () => {
    const paths = [SMALL, ...LARGE]
    const counted = countRecordings(paths)
    const shown = await replay(...paths)
    const { cost, sessions, ...figures } = shown
    expect(cost).toBeCloseTo(counted.cost, 9)
    expect(figures).toEqual({
      traces: counted.conversations,
      spans: counted.conversations + counted.turns + counted.chats + counted.tools + counted.handoffs,
      calls: counted.chats,
      inputTokens: counted.inputTokens,
      outputTokens: counted.outputTokens,
      errors: 0,
      types: {
        workflow: counted.conversations,
        agent: counted.turns,
        model: counted.chats,
        tool: counted.tools,
        handoff: counted.handoffs,
      },
      failedTypes: { tool: counted.toolErrors },
    })
    expect(Object.keys(sessions).toSorted()).toEqual(Object.keys(counted.byConversation).toSorted())
    for (const [id, { inputTokens, outputTokens, ...counts }] of Object.entries(counted.byConversation)) {
      const spans = 1 + counts.turns + counts.chats + counts.tools + counts.handoffs
      const traceCost = sessions[id]?.[0]?.cost ?? Number.NaN
      expect(sessions[id], id).toEqual([{ spans, inputTokens, outputTokens, cost: traceCost }])
      expect(traceCost, id).toBeCloseTo(counts.cost, 9)
    }
    // One conversation of experts and one of support, counted by hand.
    expect(countRecordings([SMALL])).toMatchObject({
      conversations: 2,
      chats: 7,
      tools: 4,
      toolErrors: 2,
      handoffs: 1,
      turns: 3,
    })
  }, 300_000)

  it('says which file is in no known format', async () => {
    await expect(replay(path('../package.json'))).rejects.toThrow(/package\.json is in no known format/)
  })

  it('says that a path does not exist', async () => {
    await expect(replay('/no/such/folder')).rejects.toThrow('/no/such/folder does not exist')
  })
})
