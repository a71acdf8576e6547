import { fileURLToPath } from 'node:url'
import { startModelServer } from '@agentel/testing/model-server'
import { Agent, MCPServerStdio, OpenAIProvider, Runner } from '@openai/agents'

// Without a key, a local server plays the model: it hands over, asks for the weather once, then answers.
const local = process.env['OPENAI_API_KEY']
  ? undefined
  : await startModelServer({
      scenario: ({ messages, tools }) => {
        const result = messages.findLast(({ toolCallId }) => toolCallId === 'call_forecast')
        if (tools.includes('transfer_to_Adviser')) return { toolCalls: [call('transfer_to_Adviser', {})] }
        return result === undefined
          ? { toolCalls: [call('forecast', { city: 'Bergen' })] }
          : { text: 'Take an umbrella: rain in Bergen from nine to five.' }
      },
    })

const call = (name: string, given: Record<string, unknown>) => ({ id: `call_${name}`, name, arguments: given })

const env: Record<string, string> = {}
for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value
const forecasts = new MCPServerStdio({
  command: process.execPath,
  args: [
    '--conditions=@agentel/source',
    '--import',
    '@agentel/sdk/register',
    fileURLToPath(new URL('./forecasts.ts', import.meta.url)),
  ],
  // Its standard output is the protocol's.
  env: { ...env, OTEL_TRACES_EXPORTER: env.OTEL_TRACES_EXPORTER === 'console' ? 'none' : 'otlp' },
})
await forecasts.connect()

const modelProvider = new OpenAIProvider(local ? { apiKey: 'local', baseURL: `${local.url}/v1` } : {})
const adviser = new Agent({ name: 'Adviser', model: 'gpt-4o-mini', mcpServers: [forecasts] })
const desk = new Agent({ name: 'Desk', model: 'gpt-4o-mini', handoffs: [adviser] })
const runner = new Runner({ modelProvider, workflowName: 'weather desk' })
const { finalOutput } = await runner.run(desk, 'Do I need an umbrella in Bergen tomorrow?')
console.log(finalOutput)

await forecasts.close()
await local?.close()
