import { agent, retrieval, tool } from '@agentel/api'
import OpenAI from 'openai'
import { INSTRUCTIONS } from './instructions.ts'
import { LIBRARY } from './library.ts'
import type { Question } from './questions.ts'
import { fetchPage, PAGE_TIMEOUT, readReport, TOOLS } from './tools.ts'

const client = new OpenAI()
const MODEL = 'gpt-4o-mini'
const EMBEDDING_MODEL = 'text-embedding-3-small'
const MOST_ROUNDS = 6

/** Answers one step of a plan from the library, with a model that calls tools. */
export function research(step: string, team: Question['team']): Promise<string> {
  const tools = TOOLS.map(({ function: { name } }) => name)
  const about = { name: 'researcher', description: 'Answers one step of a plan from the library.', tools }
  return agent(about, async () => {
    const messages: OpenAI.Chat.ChatCompletionMessageParam[] = [
      { role: 'system', content: INSTRUCTIONS.researcher },
      { role: 'user', content: step },
    ]
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const answer = await client.chat.completions.create({ model: MODEL, messages, tools: TOOLS, temperature: 0.2 })
      const message = answer.choices[0]?.message
      if (!message?.tool_calls?.length) return message?.content ?? ''
      messages.push(message)
      for (const call of message.tool_calls) {
        messages.push({ role: 'tool', tool_call_id: call.id, content: await runTool(call, team) })
      }
    }
    throw new Error(`the researcher did not come to an end in ${MOST_ROUNDS} rounds`)
  })
}

/** Runs what the model asked for. It is told of a failure, and goes on from there. */
async function runTool(call: OpenAI.Chat.ChatCompletionMessageToolCall, team: Question['team']): Promise<string> {
  if (call.type !== 'function') return `Error: ${call.type} tools are not known here`
  const { name, arguments: text } = call.function
  try {
    return await tool({ name, callId: call.id, arguments: text }, () => execute(name, text, team))
  } catch (error) {
    const { message } = error as Error
    return error instanceof SyntaxError
      ? `Error: the arguments of ${name} are not JSON: ${message}`
      : `Error: ${name}: ${message}`
  }
}

async function execute(name: string, text: string, team: Question['team']): Promise<string> {
  const args = JSON.parse(text) as { query: string; limit: number; url: string; id: string }
  if (name === 'search_library') return JSON.stringify(await searchLibrary(args.query, args.limit))
  if (name === 'fetch_page') return fetchPage(args.url, AbortSignal.timeout(PAGE_TIMEOUT))
  if (name === 'read_report') return readReport(args.id, team)
  throw new RangeError(`there is no tool ${name}`)
}

let indexing: Promise<number[][]> | undefined

/** The pages whose meaning is nearest to the query, best first. */
function searchLibrary(query: string, limit: number): Promise<{ url: string; title: string }[]> {
  return retrieval({ dataSourceId: 'library', query, topK: limit }, async (found) => {
    indexing ??= embed(LIBRARY.map(({ title, text }) => `${title}. ${title}. ${text}`))
    const [index, [wanted = []]] = await Promise.all([indexing, embed([query])])
    const hits = LIBRARY.map(({ url, title }, position) => ({
      url,
      title,
      score: similarity(wanted, index[position] ?? []),
    }))
      .toSorted((left, right) => right.score - left.score)
      .slice(0, limit)
    found.documents(hits.map(({ url, score }) => ({ id: url, score })))
    return hits.map(({ url, title }) => ({ url, title }))
  })
}

async function embed(texts: string[]): Promise<number[][]> {
  const { data } = await client.embeddings.create({ model: EMBEDDING_MODEL, input: texts })
  return data.map(({ embedding }) => embedding)
}

/** Cosine of the angle between unit vectors. */
function similarity(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0)
}
