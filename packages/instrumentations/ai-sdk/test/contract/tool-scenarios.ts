import type { ToolSet } from 'ai'
import { trace } from '@opentelemetry/api'
import type { ExpectedSpan, Scenario } from '@agentel/testing/contract'
import { answerOf, CHAT, readAll, say, withWeather } from './requests.ts'
import type { Client, Sdk } from './suite.ts'

const loop = (name: string): ExpectedSpan => ({
  name: `invoke_agent ${name}`,
  attributes: { 'gen_ai.operation.name': 'invoke_agent', 'agentel.cost.amount': undefined },
})
const inLoop = (name: string): ExpectedSpan => ({ ...CHAT, parent: `invoke_agent ${name}` })
const weather = (name: string, id = 'call_1'): ExpectedSpan => ({
  name: 'execute_tool weather',
  parent: `invoke_agent ${name}`,
  attributes: { 'gen_ai.tool.call.id': id, 'gen_ai.tool.type': 'function' },
})

/** Loops with tools. */
export const toolScenarios: readonly Scenario<Client, Sdk>[] = [
  {
    name: 'a tool, with a span of the application’s inside',
    shows: ['tools', 'propagation'],
    spans: [
      { ...inLoop('generateText'), attributes: { 'gen_ai.response.finish_reasons': ['tool_call'] } },
      { name: 'inside', parent: 'execute_tool weather' },
      weather('generateText'),
      inLoop('generateText'),
      loop('generateText'),
    ],
    run: async ({ client, sdk, settle }) => {
      const execute = ({ city }: { city: string }) =>
        trace.getTracer('application').startActiveSpan('inside', (span) => {
          span.end()
          return { city, sky: 'blue' }
        })
      const request = { ...say(client, 'call weather'), ...withWeather(sdk, execute) }
      await settle('answer', answerOf(sdk.m0.generateText(request) as never))
    },
  },
  {
    name: 'a streamed loop with a tool',
    core: true,
    shows: ['streaming', 'tools'],
    spans: [inLoop('streamText'), weather('streamText'), inLoop('streamText'), loop('streamText')],
    run: async ({ client, sdk, see, settle }) => {
      const request = { ...say(client, 'call weather'), ...withWeather(sdk, async ({ city }) => `blue in ${city}`) }
      const result = sdk.m0.streamText(request)
      see('parts', await readAll(result.fullStream))
      await settle('total', result.totalUsage)
    },
  },
  {
    name: 'a tool that throws',
    shows: ['tools'],
    spans: [
      inLoop('generateText'),
      { ...weather('generateText'), error: 'RangeError' },
      inLoop('generateText'),
      loop('generateText'),
    ],
    run: async ({ client, sdk, settle }) => {
      const execute = () => Promise.reject(new RangeError('no such city'))
      const request = { ...say(client, 'call weather'), ...withWeather(sdk, execute) }
      await settle('answer', answerOf(sdk.m0.generateText(request) as never))
    },
  },
  {
    name: 'two tools at once',
    shows: ['tools'],
    spans: [
      inLoop('generateText'),
      weather('generateText', 'call_2'),
      weather('generateText', 'call_1'),
      inLoop('generateText'),
      loop('generateText'),
    ],
    run: async ({ client, sdk, settle }) => {
      let calls = 0
      const execute = async () => {
        if (calls++ === 0) await new Promise((resolve) => setTimeout(resolve, 30))
        return 'blue'
      }
      const request = { ...say(client, 'call weather weather'), ...withWeather(sdk, execute) }
      await settle('answer', answerOf(sdk.m0.generateText(request) as never))
    },
  },
  {
    name: 'a tool that the application runs itself',
    shows: ['tools'],
    spans: [inLoop('generateText'), loop('generateText')],
    run: async ({ client, sdk, settle }) => {
      const tools: ToolSet = { weather: sdk.m0.tool({ inputSchema: sdk.m2.object({ city: sdk.m2.string() }) }) }
      await settle('answer', answerOf(sdk.m0.generateText({ ...say(client, 'call weather'), tools }) as never))
    },
  },
  {
    name: 'an agent of the SDK with a tool',
    shows: ['tools'],
    spans: [inLoop('generateText'), weather('generateText'), inLoop('generateText'), loop('generateText')],
    run: async ({ client, sdk, settle }) => {
      const Agent = sdk.m0.Experimental_Agent
      const agent = new Agent({ model: client.model, maxRetries: 0, ...withWeather(sdk, () => 'blue') })
      await settle('answer', answerOf(agent.generate({ prompt: 'call weather' }) as never))
    },
  },
]
