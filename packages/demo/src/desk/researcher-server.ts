import { createServer, type IncomingMessage, type Server } from 'node:http'
import { receiveMessage } from '@agentel/api'
import type { Question } from './questions.ts'
import { research } from './researcher.ts'

/** A step that the desk hands to the researcher, over HTTP. */
export interface ResearchRequest {
  /** The agent that asks. */
  from: string
  step: string
  team: Question['team']
}

/** The researcher as a service: takes a step, answers with a finding. */
export function createResearcherServer(): Server {
  return createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    try {
      answer(200, { finding: await handle(request) })
    } catch (error) {
      answer(500, { error: String(error) })
    }
  })
}

async function handle(request: IncomingMessage): Promise<string> {
  const body = Buffer.concat(await request.toArray()).toString()
  const { from: source, step, team } = JSON.parse(body) as ResearchRequest
  const message = {
    source,
    target: 'researcher',
    type: 'research_step',
    body,
    carrier: request.headers,
    isRequest: true,
  }
  return receiveMessage(message, () => research(step, team))
}
