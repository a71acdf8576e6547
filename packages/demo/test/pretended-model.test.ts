import { startModelServer, type ModelServer } from '@agentel/testing/model-server'
import OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { INSTRUCTIONS } from '../src/desk/instructions.ts'
import { LIBRARY } from '../src/desk/library.ts'
import { QUESTIONS } from '../src/desk/questions.ts'
import { TOOLS } from '../src/desk/tools.ts'
import { pretendedModel } from '../src/model/pretended-model.ts'

let running: ModelServer | undefined
afterEach(() => running?.close())

async function start() {
  running = await startModelServer({ scenario: pretendedModel({ pace: 0 }) })
  return new OpenAI({ baseURL: `${running.url}/v1`, apiKey: 'local' })
}

function ask(client: OpenAI, agent: keyof typeof INSTRUCTIONS, content: string) {
  const messages = [
    { role: 'system' as const, content: INSTRUCTIONS[agent] },
    { role: 'user' as const, content },
  ]
  return client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages,
    ...(agent === 'researcher' && { tools: TOOLS }),
  })
}

describe('the pretended model', () => {
  it('plans steps for every question of the demo', async () => {
    const client = await start()
    for (const question of QUESTIONS) {
      const answer = await ask(client, 'planner', question)
      const { steps } = JSON.parse(answer.choices[0]?.message.content ?? '') as { steps: string[] }
      expect(steps.length, question).toBeGreaterThan(0)
    }
  })

  it('knows which agent asks, and the ledger with it', async () => {
    const client = await start()
    await ask(client, 'guardrail', 'Why is the sky blue?')
    expect(running?.ledger.entries.map(({ label }) => label)).toEqual(['guardrail'])
  })

  it('searches before it answers, at times with arguments that are no JSON', async () => {
    const client = await start()
    const call = async (step: string) => {
      const answer = await ask(client, 'researcher', step)
      const [first] = answer.choices[0]?.message.tool_calls ?? []
      return first?.type === 'function' ? first.function.arguments : ''
    }
    expect(JSON.parse(await call(`Find what is known about this: ${LIBRARY[0]?.title}`))).toHaveProperty('query')
    await expect(call('Find what is known about this: Coffee leaf rust').then(JSON.parse)).rejects.toThrow(SyntaxError)
  })

  it('refuses private matters only', async () => {
    const client = await start()
    const verdicts: boolean[] = []
    for (const question of QUESTIONS) {
      const answer = await ask(client, 'guardrail', question)
      verdicts.push((JSON.parse(answer.choices[0]?.message.content ?? '') as { allowed: boolean }).allowed)
    }
    expect(QUESTIONS.filter((_, index) => !verdicts[index])).toEqual([
      'What is the home address and the phone number of the chief engineer of Voyager 1?',
    ])
  })
})
