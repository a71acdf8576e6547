import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readRecordings } from '../src/replay/read-recordings.ts'
import type { ChatStep } from '../src/replay/recording.ts'

const FIXTURES = fileURLToPath(new URL('../../../test/fixtures/recordings', import.meta.url))
const [experts, support] = readRecordings(FIXTURES)

describe('a recording', () => {
  it('of experts has a turn for each stretch of one expert, with the terminal as its tool', () => {
    expect(experts?.turns.map(({ agent, steps }) => [agent, steps.map(({ kind }) => kind)])).toEqual([
      ['Number_Expert', ['chat', 'tool', 'chat']],
      ['Review_Expert', ['chat', 'tool', 'chat']],
    ])
    expect(experts?.turns[1]?.steps[1]).toMatchObject({ name: 'Computer_terminal', errorType: '1' })
    expect(experts?.turns[0]?.steps[1]).toMatchObject({ errorType: undefined })
  })

  it('of experts shows each expert the words of the others by name, and its own as its own', () => {
    const step = experts?.turns[1]?.steps[2] as ChatStep
    expect(step.input.map((message) => [message.role, 'name' in message ? message.name : undefined])).toEqual([
      ['system', undefined],
      ['user', undefined],
      ['user', 'Number_Expert'],
      ['user', 'Computer_terminal'],
      ['user', 'Number_Expert'],
      ['assistant', undefined],
      ['user', 'Computer_terminal'],
    ])
  })

  it('of tau-bench has a turn for each message of the customer, and tool calls with their results', () => {
    expect(support).toMatchObject({ id: 'airline-900-0', userId: 'rosa_1', solved: true })
    expect(support?.turns.map(({ steps }) => steps.map(({ kind, step }) => `${kind} ${step}`))).toEqual([
      ['chat 2', 'tool 3', 'chat 4', 'tool 5', 'chat 6'],
    ])
    expect(support?.turns[0]?.steps[1]).toEqual({
      kind: 'tool',
      step: 3,
      name: 'find_gate',
      callId: 'call_a',
      arguments: '{"flight":"XY 12"}',
      result: 'Error: flight XY 12 not found',
      errorType: 'tool_error',
    })
  })

  it('is not found in a folder without JSON files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'recordings-'))
    writeFileSync(join(folder, 'notes.txt'), '')
    expect(() => readRecordings(folder)).toThrow('holds no .json file')
  })
})
