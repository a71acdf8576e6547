import { agent } from '@agentel/api'
import OpenAI from 'openai'
import { INSTRUCTIONS } from './instructions.ts'

const client = new OpenAI()
const MOST_ATTEMPTS = 2

/** Writes the answer from the findings, as a stream. A stream that breaks off is asked for once more. */
export function write(question: string, findings: readonly string[]): Promise<string> {
  return agent({ name: 'writer', description: 'Writes the answer from the findings.' }, async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await streamAnswer(question, findings)
      } catch (error) {
        // The service said no: asking again is the client's business, and it did.
        if (error instanceof OpenAI.APIError || attempt === MOST_ATTEMPTS) throw error
      }
    }
  })
}

async function streamAnswer(question: string, findings: readonly string[]): Promise<string> {
  const stream = await client.chat.completions.create({
    model: 'gpt-4o',
    temperature: 0.7,
    max_tokens: 600,
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: INSTRUCTIONS.writer },
      { role: 'user', content: `Question: ${question}\n\n${findings.map((finding) => `- ${finding}`).join('\n')}` },
    ],
  })
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  return text
}
