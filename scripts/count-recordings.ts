/**
 * Counts what a replay must show, from the recorded files alone. It shares no code with the replay, the local model
 * server or the price table: only gpt-tokenizer and the published rules are common to both.
 *
 * `node scripts/count-recordings.ts PATH...` prints the counts as JSON.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'

/** What the files say of one conversation. Cost in US dollars. */
export interface ConversationCounts {
  /** Messages of agents. */
  chats: number
  /** Results of tools. */
  tools: number
  toolErrors: number
  /** Times that another agent speaks than spoke before. */
  handoffs: number
  /** Stretches of one agent's messages and tool results, until another agent or a customer speaks. */
  turns: number
  inputTokens: number
  outputTokens: number
  cost: number
}

/** What the files say of all of them. */
export interface RecordingCounts extends ConversationCounts {
  conversations: number
  byConversation: Record<string, ConversationCounts>
}

type Json = Record<string, any>

// gpt-4o, US dollars for a million tokens.
const INPUT_PRICE = 2.5
const OUTPUT_PRICE = 10

const tokenCounts = new Map<string, number>()

function tokens(text: string): number {
  const known = tokenCounts.get(text)
  if (known !== undefined) return known
  const count = encode(text, { disallowedSpecial: new Set() }).length
  tokenCounts.set(text, count)
  return count
}

/** Counts every conversation in the files and folders given. */
export function countRecordings(paths: readonly string[]): RecordingCounts {
  const total: RecordingCounts = { conversations: 0, ...nothing(), byConversation: {} }
  for (const conversation of paths.flatMap(conversationsIn)) {
    const counts = nothing()
    if (conversation['history']) countExperts(conversation, counts)
    else countAirline(conversation, counts)
    counts.cost = (counts.inputTokens * INPUT_PRICE + counts.outputTokens * OUTPUT_PRICE) / 1e6
    const id = conversation['question_ID'] ?? `airline-${conversation['task_id']}-${conversation['trial']}`
    if (id in total.byConversation) throw new Error(`two conversations are called ${id}`)
    total.byConversation[id] = counts
    total.conversations++
    for (const key of Object.keys(counts) as (keyof ConversationCounts)[]) total[key] += counts[key]
  }
  return total
}

function nothing(): ConversationCounts {
  return { chats: 0, tools: 0, toolErrors: 0, handoffs: 0, turns: 0, inputTokens: 0, outputTokens: 0, cost: 0 }
}

function conversationsIn(path: string): Json[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(path, name))
    : [path]
  return files.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as Json | Json[])
}

function countExperts(conversation: Json, counts: ConversationCounts): void {
  const { history, question, system_prompt: prompts } = conversation
  let previous: string | undefined
  history.forEach((message: Json, index: number) => {
    if (message['name'] === 'Computer_terminal') {
      counts.tools++
      if (/^exitcode: [1-9]/.test(message['content'])) counts.toolErrors++
      return
    }
    if (message['name'] !== previous) counts.turns++
    if (previous !== undefined && message['name'] !== previous) counts.handoffs++
    previous = message['name']
    counts.chats++
    counts.outputTokens += tokens(message['content'])
    counts.inputTokens += 3
    counts.inputTokens += 3 + tokens('system') + tokens(prompts[message['name']])
    counts.inputTokens += 3 + tokens('user') + tokens(question)
    for (const { name, content } of history.slice(0, index)) {
      counts.inputTokens += 3 + tokens(content)
      counts.inputTokens += name === message['name'] ? tokens('assistant') : tokens('user') + tokens(name) + 1
    }
  })
}

function countAirline(conversation: Json, counts: ConversationCounts): void {
  let before = 3
  let customerSpoke = true
  for (const message of conversation['traj'] as Json[]) {
    let said = tokens(message['content'] ?? '')
    for (const { function: call } of message['tool_calls'] ?? []) said += tokens(call.name) + tokens(call.arguments)
    if (message['role'] === 'user') customerSpoke = true
    else if (message['role'] !== 'system') {
      if (customerSpoke) counts.turns++
      customerSpoke = false
    }
    if (message['role'] === 'assistant') {
      counts.chats++
      counts.inputTokens += before
      counts.outputTokens += said
    }
    if (message['role'] === 'tool') {
      counts.tools++
      if (message['content'].startsWith('Error:')) counts.toolErrors++
    }
    before += 3 + tokens(message['role']) + said
    if (message['name'] !== undefined) before += tokens(message['name']) + 1
  }
}

if (import.meta.main) {
  const { byConversation: _, ...total } = countRecordings(process.argv.slice(2))
  console.log(JSON.stringify(total, null, 2))
}
