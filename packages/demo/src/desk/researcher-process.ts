import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { receiveMessage } from '@agentel/api'
import { heedLauncher, tellLauncher } from '../stage/launcher-link.ts'
import type { Question } from './questions.ts'
import { research } from './researcher.ts'

/** A step that the desk hands to the researcher, over HTTP. */
export interface ResearchRequest {
  step: string
  team: Question['team']
}

const server = createServer(async (request, response) => {
  try {
    const body = Buffer.concat(await request.toArray()).toString()
    const message = {
      source: 'desk',
      target: 'researcher',
      type: 'research_step',
      body,
      carrier: request.headers,
      isRequest: true,
    }
    const finding = await receiveMessage(message, () => {
      const { step, team } = JSON.parse(body) as ResearchRequest
      return research(step, team)
    })
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ finding }))
  } catch (error) {
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: String(error) }))
  }
})

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  tellLauncher({ type: 'ready', url: `http://127.0.0.1:${port}` })
})

heedLauncher(({ type }) => {
  if (type !== 'stop') return
  server.close()
  server.closeIdleConnections()
  if (process.connected) process.disconnect()
})
