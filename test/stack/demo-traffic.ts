/** The demo's agents, sending to an endpoint of one's own. */
import { pretendedModel } from '../../packages/demo/src/model/pretended-model.ts'
import { startAgentProcess } from '../../packages/demo/src/stage/agent-process.ts'
import { type CallFigures, ledgerFigures } from '../../packages/demo/src/stage/figures.ts'
import { startModelServer } from '../../packages/testing/src/model-server/index.ts'

const desk = (file: string): URL => new URL(`../../packages/demo/src/desk/${file}`, import.meta.url)

/** Asks the research desk; resolves, when its processes have ended and sent everything, to the model server's ledger. */
export async function runDemoTraffic(endpoint: string, questions: number): Promise<CallFigures> {
  const model = await startModelServer({ scenario: pretendedModel({ pace: 0 }), promptCacheFrom: 128 })
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OPENAI_BASE_URL: `${model.url}/v1`,
    OPENAI_API_KEY: 'local',
  }
  const agents = [
    startAgentProcess(desk('researcher-process.ts'), 'researcher', env),
    startAgentProcess(desk('desk-process.ts'), 'research-desk', env),
  ] as const
  try {
    const [{ url: researcherUrl }] = await Promise.all([agents[0].next('ready'), agents[1].next('ready')])
    const done = agents[1].next('done')
    agents[1].send({ type: 'traffic', traffic: { researcherUrl, questions, concurrency: 4, interval: 0 } })
    await done
  } finally {
    for (const agent of agents.toReversed()) await agent.stop(20_000)
    await model.close()
  }
  return ledgerFigures(model.ledger.entries)
}
