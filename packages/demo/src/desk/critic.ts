import { agent } from '@agentel/api'
import OpenAI from 'openai'
import { zodTextFormat } from 'openai/helpers/zod'
import { z } from 'zod'
import { INSTRUCTIONS } from './instructions.ts'

const client = new OpenAI()
const Review = z.object({ verdict: z.enum(['accept', 'revise']), confidence: z.number(), remarks: z.string() })

/** What the critic thinks of the findings; `confidence` from 0 to 1. */
export type Review = z.infer<typeof Review>

/** Checks findings with a model that reasons. */
export function criticise(question: string, findings: readonly string[]): Promise<Review> {
  return agent({ name: 'critic', description: 'Checks findings and their sources.' }, async (): Promise<Review> => {
    const answer = await client.responses.parse({
      model: 'o4-mini',
      instructions: INSTRUCTIONS.critic,
      input: `Question: ${question}\n\n${findings.map((finding) => `- ${finding}`).join('\n')}`,
      reasoning: { effort: 'low', summary: 'auto' },
      text: { format: zodTextFormat(Review, 'review') },
    })
    return answer.output_parsed ?? { verdict: 'revise', confidence: 0, remarks: 'The critic gave no verdict.' }
  })
}
