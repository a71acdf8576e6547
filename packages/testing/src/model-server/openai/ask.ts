import { askScenario } from '../ask-scenario.ts'
import type { Exchange } from '../exchange.ts'
import type { Services } from '../protocol.ts'
import type { ModelMessage, ModelRequest, Reply } from '../reply.ts'
import { respondFault, respondInvalid } from './errors.ts'
import { snapshotOf, unknownModel } from './models.ts'

/** Asks the scenario for the answer; refusals are sent here, then nothing is returned. */
export async function ask(
  exchange: Exchange,
  services: Services,
  endpoint: ModelRequest['endpoint'],
  messages: readonly ModelMessage[],
): Promise<Reply | undefined> {
  const body = exchange.body ?? {}
  const { entry } = exchange
  if (entry.model === '') return refuse(() => respondInvalid(exchange, 'model', 'you must provide a model parameter'))
  if (services.models && !services.models.includes(entry.model)) {
    return refuse(() => respondFault(exchange, unknownModel(entry.model)))
  }
  entry.responseModel = snapshotOf(entry.model)
  const request = { endpoint, messages, tools: toolNames(body['tools']), schema: schemaOf(body) }
  return askScenario(exchange, services, request, { respondFault })
}

function refuse(respond: () => void): undefined {
  respond()
}

function toolNames(tools: unknown): string[] {
  if (!Array.isArray(tools)) return []
  return (tools as Record<string, unknown>[]).map((tool) => {
    const nested = (tool['function'] ?? tool['custom'] ?? tool) as Record<string, unknown>
    return String(nested['name'] ?? tool['type'])
  })
}

function schemaOf(body: Record<string, unknown>): Record<string, unknown> | undefined {
  const chat = body['response_format'] as { json_schema?: { schema?: Record<string, unknown> } } | undefined
  const responses = body['text'] as { format?: { schema?: Record<string, unknown> } } | undefined
  return chat?.json_schema?.schema ?? responses?.format?.schema
}

/** All text of a message's content: a string, or parts with a text each. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return (content as Record<string, unknown>[]).map((part) => String(part['text'] ?? part['refusal'] ?? '')).join('')
}
