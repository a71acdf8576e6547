import { agent, tool, withIdentity } from '@agentel/api'
import { startModelServer } from '@agentel/testing/model-server'
import OpenAI from 'openai'

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
const client = new OpenAI(local ? { baseURL: `${local.url}/v1`, apiKey: 'local' } : {})

const tools: OpenAI.Chat.ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'forecast',
      description: 'The weather in a city tomorrow.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
]

async function forecast(city: string): Promise<string> {
  return `rain in ${city} from nine to five`
}

/** A model that may call the forecast as often as it likes. */
function advise(question: string): Promise<string> {
  return agent({ name: 'weather_adviser', tools: ['forecast'] }, async () => {
    const messages: OpenAI.Chat.ChatCompletionMessageParam[] = [{ role: 'user', content: question }]
    for (;;) {
      const answer = await client.chat.completions.create({ model: 'gpt-4o-mini', messages, tools })
      const message = answer.choices[0]?.message
      if (!message?.tool_calls?.length) return message?.content ?? ''
      messages.push(message)
      for (const call of message.tool_calls) {
        if (call.type !== 'function') continue
        const { name, arguments: text } = call.function
        const { city } = JSON.parse(text) as { city: string }
        const content = await tool({ name, callId: call.id, arguments: text }, () => forecast(city))
        messages.push({ role: 'tool', tool_call_id: call.id, content })
      }
    }
  })
}

const question = 'Do I need an umbrella in Bergen tomorrow?'
console.log(await withIdentity({ userId: 'kari', sessionId: 'morning' }, () => advise(question)))
await local?.close()
