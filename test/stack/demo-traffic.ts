/** The demo's agents, sending to an endpoint of one's own. */
import type { InjectedFault } from '../../packages/demo/src/model/injected-fault.ts'
import { pretendedModel } from '../../packages/demo/src/model/pretended-model.ts'
import { startAgentProcess } from '../../packages/demo/src/stage/agent-process.ts'
import { type CallFigures, ledgerFigures } from '../../packages/demo/src/stage/figures.ts'
import { type LedgerEntry, type Scenario, startModelServer } from '../../packages/testing/src/model-server/index.ts'

const desk = (file: string): URL => new URL(`../../packages/demo/src/desk/${file}`, import.meta.url)

/** What a tool answered. */
export interface ToolResult {
  readonly tool: string
  readonly text: string
}

/** How the desk is run. */
export interface DemoOptions {
  readonly fault?: InjectedFault
  /** 1: about as slow as the real service; by default the model answers at once. */
  readonly pace?: number
  /** Questions at the same time; 4 by default. */
  readonly concurrency?: number
}

/** The research desk at work. */
export interface DemoDesk {
  /** What the tools answered, by the id of the call: each is told to the model. */
  readonly toolResults: ReadonlyMap<string, ToolResult>
  /** Asks until so many questions were asked in all; resolves to what the model server has served since the start. */
  askUpTo(questions: number): Promise<readonly LedgerEntry[]>
  /** Ends the processes, which send what they still have. */
  stop(): Promise<readonly LedgerEntry[]>
}

/** A scenario that also notes which results of tools the model is told of. */
function noting(scenario: Scenario, results: Map<string, ToolResult>): Scenario {
  return (request) => {
    const calls = request.messages.flatMap(({ toolCalls }) => toolCalls)
    const names = new Map(calls.map(({ id, name }) => [id, name]))
    for (const { role, text, toolCallId } of request.messages)
      if (role === 'tool' && toolCallId !== undefined)
        results.set(toolCallId, { tool: names.get(toolCallId) ?? '', text })
    return scenario(request)
  }
}

/** Starts the research desk. */
export async function startDemoDesk(
  endpoint: string,
  env: NodeJS.ProcessEnv = {},
  { fault, pace = 0, concurrency = 4 }: DemoOptions = {},
): Promise<DemoDesk> {
  const toolResults = new Map<string, ToolResult>()
  const scenario = noting(pretendedModel({ pace, fault }), toolResults)
  const model = await startModelServer({ scenario, promptCacheFrom: 128 })
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OPENAI_BASE_URL: `${model.url}/v1`,
    OPENAI_API_KEY: 'local',
    ...env,
  }
  const agents = [
    startAgentProcess(desk('researcher-process.ts'), 'researcher', environment),
    startAgentProcess(desk('desk-process.ts'), 'research-desk', environment),
  ] as const
  async function stop(): Promise<readonly LedgerEntry[]> {
    for (const agent of agents.toReversed()) await agent.stop(20_000)
    await model.close()
    return model.ledger.entries
  }
  try {
    const [{ url: researcherUrl }] = await Promise.all([agents[0].next('ready'), agents[1].next('ready')])
    return {
      toolResults,
      async askUpTo(questions) {
        const done = agents[1].next('done')
        agents[1].send({ type: 'traffic', traffic: { researcherUrl, questions, concurrency, interval: 0 } })
        await done
        return [...model.ledger.entries]
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Asks the research desk; resolves, when its processes have ended and sent everything, to the model server's ledger. */
export async function runDemoTraffic(endpoint: string, questions: number): Promise<CallFigures> {
  const demo = await startDemoDesk(endpoint)
  await demo.askUpTo(questions).catch(async (error: unknown) => {
    await demo.stop()
    throw error
  })
  return ledgerFigures(await demo.stop())
}
