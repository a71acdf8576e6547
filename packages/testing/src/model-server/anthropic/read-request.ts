import type { ModelMessage } from '../reply.ts'

type Block = Readonly<Record<string, unknown>>

/** All messages of a request in the server's one shape: the system prompt first, each tool result a message of its own. */
export function readMessages(body: Readonly<Record<string, unknown>>): ModelMessage[] {
  const system = textOf(body['system'])
  const messages = (body['messages'] as Block[]).flatMap(readMessage)
  return system === '' ? messages : [{ role: 'system', text: system, toolCalls: [] }, ...messages]
}

function readMessage({ role, content }: Block): ModelMessage[] {
  const blocks = blocksOf(content)
  const results = blocks
    .filter(({ type }) => type === 'tool_result')
    .map((block) => ({
      role: 'tool',
      text: textOf(block['content']),
      toolCalls: [],
      toolCallId: String(block['tool_use_id']),
    }))
  const calls = blocks
    .filter(({ type }) => type === 'tool_use')
    .map(({ id, name, input }) => ({ id: String(id), name: String(name), arguments: JSON.stringify(input) }))
  const text = blocks.map((block) => (block['type'] === 'text' ? String(block['text']) : '')).join('')
  if (results.length > 0 && text === '') return results
  return [...results, { role: String(role), text, toolCalls: calls }]
}

function blocksOf(content: unknown): Block[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return Array.isArray(content) ? (content as Block[]) : []
}

/** All text of a content: a string, or blocks with a text each. */
function textOf(content: unknown): string {
  return blocksOf(content)
    .map((block) => String(block['text'] ?? ''))
    .join('')
}

/** Why the service would refuse the messages, in its words; nothing when they are in order. */
export function invalidMessages(messages: unknown): string | undefined {
  if (messages === undefined) return 'messages: Field required'
  if (!Array.isArray(messages)) return 'messages: Input should be a valid list'
  if (messages.length === 0) return 'messages: at least one message is required'
  let open = new Set<string>()
  for (const [index, message] of (messages as Block[]).entries()) {
    if (typeof message !== 'object' || message === null)
      return `messages.${index}: Input should be a valid dictionary or object`
    const { role } = message
    if (role !== 'user' && role !== 'assistant') return `messages: Unexpected role "${String(role)}".`
    const blocks = blocksOf(message['content'])
    const stray = blocks.find(({ type, tool_use_id: id }) => type === 'tool_result' && !open.has(String(id)))
    if (stray !== undefined)
      return `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(stray['tool_use_id'])}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`
    open = new Set(blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => String(id)))
  }
  return undefined
}

/** Names of the tools that the model may call. */
export function toolNames(tools: unknown): string[] {
  return Array.isArray(tools) ? (tools as Block[]).map(({ name, type }) => String(name ?? type)) : []
}

/** JSON schema of the wanted answer. */
export function schemaOf(body: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const config = (body['output_config'] as { format?: unknown } | undefined)?.format ?? body['output_format']
  return (config as { schema?: Record<string, unknown> } | undefined)?.schema
}
