import { createOpenAI } from '@ai-sdk/openai'
import { startModelServer } from '@agentel/testing/model-server'
import { isStepCount, streamText, tool } from 'ai'
import { z } from 'zod'

// Without a key, a local server plays the model: it asks for the weather once, then answers.
const local = process.env['OPENAI_API_KEY']
  ? undefined
  : await startModelServer({
      scenario: ({ messages }) => {
        const result = messages.findLast(({ role }) => role === 'tool')
        return result
          ? { text: `Take an umbrella: ${result.text}.` }
          : { toolCalls: [{ name: 'forecast', arguments: { city: 'Bergen' } }] }
      },
    })
const openai = createOpenAI(local ? { baseURL: `${local.url}/v1`, apiKey: 'local' } : {})

const forecast = tool({
  description: 'The weather in a city tomorrow.',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `rain in ${city} from nine to five`,
})

const { textStream } = streamText({
  model: openai.chat('gpt-4o-mini'),
  prompt: 'Do I need an umbrella in Bergen tomorrow?',
  tools: { forecast },
  stopWhen: isStepCount(5),
  telemetry: { functionId: 'weather_adviser' },
})
for await (const text of textStream) process.stdout.write(text)
process.stdout.write('\n')
await local?.close()
