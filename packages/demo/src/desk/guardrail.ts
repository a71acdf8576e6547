import { agent, guardrail } from '@agentel/api'
import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { z } from 'zod'
import { INSTRUCTIONS } from './instructions.ts'

const client = new OpenAI()
const Verdict = z.object({ allowed: z.boolean(), category: z.string(), reason: z.string() })

/** Says why the desk may not work on a question, or nothing when it may. */
export function objectionTo(question: string): Promise<string | undefined> {
  return agent({ name: 'guardrail', description: 'Decides which questions the desk may work on.' }, () =>
    guardrail({ name: 'question_policy', source: 'input' }, async (check) => {
      const answer = await client.chat.completions.parse({
        model: 'gpt-4o-mini',
        temperature: 0,
        messages: [
          { role: 'system', content: INSTRUCTIONS.guardrail },
          { role: 'user', content: question },
        ],
        response_format: zodResponseFormat(Verdict, 'verdict'),
      })
      const verdict = answer.choices[0]?.message.parsed
      if (!verdict || verdict.allowed) {
        check.result({ triggered: false, action: 'allow' })
        return undefined
      }
      check.result({ triggered: true, action: 'block', riskCategory: verdict.category })
      return verdict.reason
    }),
  )
}
