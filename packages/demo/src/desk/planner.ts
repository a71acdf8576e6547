import { agent, plan } from '@agentel/api'
import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { z } from 'zod'
import { INSTRUCTIONS } from './instructions.ts'

const client = new OpenAI()
const Plan = z.object({ steps: z.array(z.string()) })

/** Splits a question into steps that can be researched one by one. */
export function makePlan(question: string): Promise<string[]> {
  return agent({ name: 'planner', description: 'Splits a question into steps.' }, () =>
    plan({}, async () => {
      const answer = await client.chat.completions.parse({
        model: 'gpt-4.1',
        temperature: 0,
        messages: [
          { role: 'system', content: INSTRUCTIONS.planner },
          { role: 'user', content: question },
        ],
        response_format: zodResponseFormat(Plan, 'plan'),
      })
      return answer.choices[0]?.message.parsed?.steps ?? []
    }),
  )
}
