import { startModelServer } from '@agentel/testing/model-server'
import OpenAI from 'openai'

// Without a key, a local server plays the model.
const local = process.env['OPENAI_API_KEY'] ? undefined : await startModelServer()
const client = new OpenAI(local ? { baseURL: `${local.url}/v1`, apiKey: 'local' } : {})

const stream = await client.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'What is a span?' }],
  stream: true,
  stream_options: { include_usage: true },
})
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '')
process.stdout.write('\n')
await local?.close()
