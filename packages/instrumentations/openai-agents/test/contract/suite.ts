import { trace } from '@opentelemetry/api'
import type { Runner } from '@openai/agents'
import { z } from 'zod'
import { agentReply } from '@agentel/testing'
import type { ContractSuite, ExpectedSpan, Scenario } from '@agentel/testing/contract'
import { guarded, MODEL, several } from './agents.ts'

type Agents = typeof import('@openai/agents')
/** The module's namespace, or what `require()` gives. */
export interface Sdk {
  readonly m0: Agents
}

/** What runs agents: over the responses API, and over chat completions. */
export interface Client {
  readonly runner: Runner
  readonly chatRunner: Runner
  /** What the SDK tells a trace processor of the application's own. */
  readonly told: string[]
}

const BILL = {
  'gen_ai.request.model': MODEL,
  'gen_ai.usage.input_tokens': 100,
  'gen_ai.usage.output_tokens': 20,
  'agentel.cost.amount': 100 * 2.5e-6 + 20 * 1e-5,
  'server.address': '127.0.0.1',
}
const agentSpan = (name: string, tokens = 100): ExpectedSpan => ({
  name: `invoke_agent ${name}`,
  parent: 'invoke_workflow Agent workflow',
  attributes: { 'gen_ai.usage.input_tokens': tokens },
})
const chat = (agent: string): ExpectedSpan => ({
  name: `chat ${MODEL}`,
  parent: `invoke_agent ${agent}`,
  attributes: { ...BILL, 'gen_ai.agent.name': agent },
})
const WORKFLOW: ExpectedSpan = { name: 'invoke_workflow Agent workflow' }
const weather = (id = 'call_1'): ExpectedSpan => ({
  name: 'execute_tool weather',
  parent: 'invoke_agent Desk',
  attributes: { 'gen_ai.tool.name': 'weather', 'gen_ai.tool.call.id': id, 'gen_ai.agent.name': 'Desk' },
})

function weatherTool({ tool }: Agents, execute: (input: { city: string }) => unknown) {
  return tool({ name: 'weather', description: 'The weather.', parameters: z.object({ city: z.string() }), execute })
}

const scenarios: readonly Scenario<Client, Sdk>[] = [
  {
    name: 'a run of one agent',
    core: true,
    shows: ['tokens', 'cost'],
    spans: [chat('Desk'), agentSpan('Desk'), WORKFLOW],
    run: async ({ client, sdk, settle, see }) => {
      const result = await settle(
        'run',
        output(client.runner.run(new sdk.m0.Agent({ name: 'Desk', model: MODEL }), 'hello')),
      )
      see('output', result)
      see('told', client.told)
    },
  },
  {
    name: 'a run over chat completions',
    shows: ['tokens', 'cost'],
    spans: [chat('Desk'), agentSpan('Desk'), WORKFLOW],
    run: async ({ client, sdk, settle, see }) => {
      await settle('run', output(client.chatRunner.run(new sdk.m0.Agent({ name: 'Desk', model: MODEL }), 'hello')))
      see('told', client.told)
    },
  },
  ...(['runner', 'chatRunner'] as const).map((runner): Scenario<Client, Sdk> => ({
    name: `a streamed run (${runner})`,
    core: true,
    shows: ['streaming'],
    spans: [{ ...chat('Desk'), attributes: { ...BILL, 'gen_ai.request.stream': true } }, agentSpan('Desk'), WORKFLOW],
    run: async ({ client, sdk, see }) => {
      const stream = await client[runner].run(new sdk.m0.Agent({ name: 'Desk', model: MODEL }), 'hello', {
        stream: true,
      })
      const types: string[] = []
      for await (const event of stream) types.push(event.type)
      await stream.completed
      see('types', types)
      see('output', stream.finalOutput)
      see('told', client.told)
    },
  })),
  {
    name: 'a tool, with a span of the application’s inside',
    shows: ['tools', 'propagation'],
    spans: [
      chat('Desk'),
      { name: 'inside', parent: 'execute_tool weather' },
      weather(),
      chat('Desk'),
      agentSpan('Desk', 200),
      { ...WORKFLOW, parent: 'outside' },
      { name: 'outside' },
    ],
    run: async ({ client, sdk, settle, see }) => {
      const tracer = trace.getTracer('application')
      const execute = ({ city }: { city: string }) =>
        tracer.startActiveSpan('inside', (span) => {
          span.end()
          return `sunny in ${city}`
        })
      const agent = new sdk.m0.Agent({ name: 'Desk', model: MODEL, tools: [weatherTool(sdk.m0, execute)] })
      await tracer.startActiveSpan('outside', async (span) => {
        await settle('run', output(client.runner.run(agent, 'call weather')))
        span.end()
      })
      see('told', client.told)
    },
  },
  {
    name: 'two tools at the same time, one of which throws',
    shows: ['tools'],
    spans: [
      chat('Desk'),
      { ...weather('call_1'), error: 'tool_error' },
      { ...weather('call_2') },
      chat('Desk'),
      agentSpan('Desk', 200),
      WORKFLOW,
    ],
    run: async ({ client, sdk, settle }) => {
      let calls = 0
      const execute = async () => {
        if (++calls === 1) throw new Error('no weather')
        await new Promise((resolve) => setTimeout(resolve, 5))
        return 'sunny'
      }
      const agent = new sdk.m0.Agent({ name: 'Desk', model: MODEL, tools: [weatherTool(sdk.m0, execute)] })
      await settle('run', output(client.chatRunner.run(agent, 'call weather weather')))
    },
  },
  {
    name: 'a handoff',
    core: true,
    spans: [
      chat('Desk'),
      {
        name: 'transfer Refunds',
        parent: 'invoke_agent Desk',
        attributes: {
          'agentel.transfer.source.name': 'Desk',
          'agentel.transfer.target.name': 'Refunds',
          'agentel.transfer.mode': 'pass_control',
        },
      },
      agentSpan('Desk'),
      chat('Refunds'),
      agentSpan('Refunds'),
      WORKFLOW,
    ],
    run: async ({ client, sdk, settle, see }) => {
      const refunds = new sdk.m0.Agent({ name: 'Refunds', model: MODEL })
      const desk = new sdk.m0.Agent({ name: 'Desk', model: MODEL, handoffs: [refunds] })
      await settle('run', output(client.runner.run(desk, 'call transfer_to_Refunds')))
      see('told', client.told)
    },
  },
  {
    name: 'an agent as a tool of another',
    spans: [
      chat('Desk'),
      { ...chat('Expert') },
      { name: 'invoke_agent Expert', parent: 'execute_tool weather' },
      { name: 'execute_tool weather', parent: 'invoke_agent Desk' },
      chat('Desk'),
      agentSpan('Desk', 200),
      WORKFLOW,
    ],
    run: async ({ client, sdk, settle }) => {
      const expert = new sdk.m0.Agent({ name: 'Expert', model: MODEL })
      const execute = () => client.runner.run(expert, 'hello').then((result) => String(result.finalOutput))
      const desk = new sdk.m0.Agent({ name: 'Desk', model: MODEL, tools: [weatherTool(sdk.m0, execute)] })
      await settle('run', output(client.runner.run(desk, 'call weather')))
    },
  },
  {
    name: 'a guardrail that lets the input pass',
    spans: [
      {
        name: 'apply_guardrail polite',
        parent: 'invoke_agent Desk',
        attributes: { 'agentel.guardrail.name': 'polite', 'agentel.guardrail.triggered': false },
      },
      chat('Desk'),
      agentSpan('Desk'),
      WORKFLOW,
    ],
    run: async ({ client, sdk, settle }) => {
      await settle('run', output(client.runner.run(guarded(sdk, false), 'hello')))
    },
  },
  {
    name: 'a guardrail that stops the run',
    spans: [
      { name: 'apply_guardrail polite', attributes: { 'agentel.guardrail.triggered': true } },
      { name: 'invoke_agent Desk', error: 'InputGuardrailTripwireTriggered' },
      { ...WORKFLOW, error: 'InputGuardrailTripwireTriggered' },
    ],
    run: async ({ client, sdk, settle }) => {
      await settle('run', output(client.runner.run(guarded(sdk, true), 'hello')))
    },
  },
  {
    name: 'a model that refuses',
    core: true,
    spans: [
      { ...chat('Desk'), error: '400', attributes: {} },
      { name: 'invoke_agent Desk', error: 'Error' },
      { ...WORKFLOW, error: '400' },
    ],
    run: async ({ client, sdk, settle, see }) => {
      await settle(
        'run',
        output(client.runner.run(new sdk.m0.Agent({ name: 'Desk', model: MODEL }), 'fault invalid_request')),
      )
      see('told', client.told)
    },
  },
  {
    name: 'several runs and a custom span in one trace with name, group and metadata',
    spans: [
      chat('Desk'),
      { ...agentSpan('Desk'), parent: 'invoke_workflow office' },
      { name: 'look up', parent: 'invoke_workflow office', attributes: { 'agentel.metadata.shelf': '4' } },
      { name: 'chat gpt-4o', parent: 'invoke_agent Desk' },
      { name: 'invoke_agent Desk', parent: 'step' },
      { name: 'step', parent: 'invoke_workflow office' },
      {
        name: 'invoke_workflow office',
        attributes: {
          'gen_ai.workflow.name': 'office',
          'agentel.trace.name': 'office',
          'agentel.trace.group.id': 'thread-7',
          'agentel.metadata.customer': 'c1',
        },
      },
    ],
    run: async ({ client, sdk, see }) => {
      const options = { groupId: 'thread-7', metadata: { customer: 'c1' } }
      await sdk.m0.withTrace('office', () => several(client, sdk), options)
      see('told', client.told)
    },
  },
]

/** A result holds ids and times of the run; what the application gets of it is the output. */
async function output(run: Promise<{ readonly finalOutput?: unknown }>): Promise<unknown> {
  return (await run).finalOutput
}

/** What applications do with the Agents SDK. */
export const suite: ContractSuite<Client, Sdk> = {
  createClient: ({ m0 }, url) => {
    const told: string[] = []
    const tell = (event: string) => (what: { spanData?: { type: string }; type: string }) => {
      told.push(`${event} ${what.spanData?.type ?? what.type}`)
      return Promise.resolve()
    }
    const [onTraceStart, onTraceEnd, onSpanStart, onSpanEnd] = ['started', 'ended', 'start of', 'end of'].map(tell)
    const done = () => Promise.resolve()
    m0.setTraceProcessors([
      { onTraceStart, onTraceEnd, onSpanStart, onSpanEnd, shutdown: done, forceFlush: done } as never,
    ])
    // The SDK traces nothing where NODE_ENV is "test".
    m0.setTracingDisabled(false)
    const runner = (useResponses: boolean) =>
      new m0.Runner({
        modelProvider: new m0.OpenAIProvider({ apiKey: 'sk-test', baseURL: `${url}/v1`, useResponses }),
        modelSettings: {},
      })
    return { runner: runner(true), chatRunner: runner(false), told }
  },
  scenarios,
  reply: agentReply,
}
