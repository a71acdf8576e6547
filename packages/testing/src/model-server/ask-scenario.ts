import { setTimeout as sleep } from 'node:timers/promises'
import { respondNothing, type Exchange } from './exchange.ts'
import type { Protocol, Services } from './protocol.ts'
import type { ModelRequest, Reply } from './reply.ts'

/** What a protocol has read of a request. */
export type ReadRequest = Pick<ModelRequest, 'endpoint' | 'messages' | 'tools' | 'schema'>

/**
 * Asks the scenario for the answer. Silence and faults are dealt with here, in the protocol's own shape; then nothing
 * is returned.
 */
export async function askScenario(
  exchange: Exchange,
  services: Services,
  request: ReadRequest,
  { respondFault }: Pick<Protocol, 'respondFault'>,
): Promise<Reply | undefined> {
  const { entry } = exchange
  const reply = await services.scenario({
    ...request,
    model: entry.model,
    stream: entry.stream,
    attempt: entry.attempt,
    index: services.nextIndex(),
    headers: exchange.request.headers,
    body: exchange.body ?? {},
  })
  if (reply.label !== undefined) entry.label = reply.label
  if (reply.delay) await sleep(reply.delay)
  if (reply.silence) return void respondNothing(exchange, reply.silence)
  if (reply.fault) return void respondFault(exchange, reply.fault, reply.headers)
  return reply
}
