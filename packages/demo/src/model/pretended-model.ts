import type { ModelRequest, Reply, Scenario } from '@agentel/testing/model-server'
import { LIBRARY, type Page } from '../desk/library.ts'
import { type InjectedFault, injector } from './injected-fault.ts'
import { latencyOf } from './latency.ts'

/** How fast and how faulty the pretended model is. */
export interface PretendedModelOptions {
  /** 1 is about as slow as the real service; 0 answers at once. */
  pace: number
  /** Trouble that begins after some questions. */
  fault?: InjectedFault | undefined
}

const RATE_LIMITED_EVERY = 17

/**
 * Plays all models of the research desk. It knows an agent by the first words of its instructions and answers from
 * what the request contains (the question, the tool results), so that answers vary as the questions do.
 * Trouble depends on the question alone, but for rate limits, which come at every {@link RATE_LIMITED_EVERY}th call.
 */
export function pretendedModel(options: PretendedModelOptions): Scenario {
  const { pace } = options
  const change = injector(options.fault)
  let calls = 0
  const dropped = new Set<string>()
  return (request) => {
    if (request.attempt === 0) calls++
    if (request.endpoint === 'embeddings') return { label: 'researcher', ...latencyOf(request, {}, pace) }
    const label = agentOf(request)
    if (request.attempt === 0 && calls % RATE_LIMITED_EVERY === 0) {
      return { label, fault: { kind: 'rate_limit', retryAfter: 0.2 + 0.6 * pace } }
    }
    const reply = ANSWERS[label]?.(request) ?? { text: 'I am not sure what to do.' }
    const trouble = troubleOf(label, request, dropped)
    return { label, ...change(label, request, { ...latencyOf(request, reply, pace), ...reply, ...trouble }) }
  }
}

type Answer = (request: ModelRequest) => Reply

const ANSWERS: Readonly<Record<string, Answer>> = {
  planner: (request) => ({ text: JSON.stringify(planFor(userText(request))) }),
  researcher: research,
  critic: criticise,
  writer: (request) => ({ text: write(userText(request)) }),
  guardrail: (request) => ({ text: JSON.stringify(judge(userText(request))) }),
}

/** The agent that a request comes from, as its instructions name it. */
function agentOf(request: ModelRequest): string {
  const instructions = request.messages.find(({ role }) => role === 'system' || role === 'developer')?.text ?? ''
  return /^You are the (\w+)/.exec(instructions)?.[1] ?? 'unknown'
}

function userText(request: ModelRequest): string {
  return request.messages.find(({ role }) => role === 'user')?.text ?? ''
}

function planFor(question: string): { steps: string[] } {
  const pages = rank(question).slice(0, 2)
  return { steps: pages.map((page) => `Find what is known about this: ${page.title}`) }
}

function research(request: ModelRequest): Reply {
  const step = userText(request)
  const results = request.messages.filter(({ role }) => role === 'tool')
  const last = results.at(-1)?.text ?? ''
  if (results.length === 0) {
    const query = step.replace(/^.*?: /, '')
    // Models do this: the object is never closed.
    if (/leaf rust/i.test(step)) return call('search_library', '{"query": "coffee leaf rust", "limit": 3')
    return call('search_library', { query, limit: 3 })
  }
  if (last.startsWith('Error: the arguments')) return call('search_library', { query: 'coffee leaf rust', limit: 3 })
  const hits = hitsIn(results.map(({ text }) => text))
  if (last.startsWith('[')) {
    const hit = hits[0]
    if (!hit) return { text: 'Nothing was found in the library.' }
    return hit.startsWith('internal://') ? call('read_report', { id: hit }) : call('fetch_page', { url: hit })
  }
  if (last.startsWith('Error: fetch_page')) {
    const other = hits.find((url) => !url.includes('slow-archive') && !url.startsWith('internal://'))
    if (other !== undefined && results.length < 4) return call('fetch_page', { url: other })
  }
  if (last.startsWith('Error:')) return { text: `I could not read the source. ${last}` }
  const sentences = last.match(/[^.]+(?:\.\d+[^.]*)*\./g) ?? [last]
  return { text: `${sentences.slice(0, 3).join('').trim()} [${hits[0] ?? 'library'}]` }
}

function call(name: string, args: string | Record<string, unknown>): Reply {
  return { toolCalls: [{ name, arguments: args }] }
}

function hitsIn(results: readonly string[]): string[] {
  const list = results.find((text) => text.startsWith('['))
  return list === undefined ? [] : (JSON.parse(list) as { url: string }[]).map(({ url }) => url)
}

function criticise(request: ModelRequest): Reply {
  const findings = userText(request)
  const sources = new Set(findings.match(/\[https?:[^\]]+\]/g)).size
  const revised = findings.includes('Second round')
  const verdict = sources >= 2 || revised ? 'accept' : 'revise'
  const remarks =
    verdict === 'accept'
      ? `${sources} independent sources agree with the statements.`
      : 'Only one source supports the statements; look for a second one.'
  return {
    reasoning: `The findings cite ${sources} sources. I compare each number with the text it comes from and look for gaps.`,
    text: JSON.stringify({ verdict, confidence: Math.min(0.95, 0.45 + 0.2 * sources), remarks }),
  }
}

function write(findings: string): string {
  const question = /Question: (.*)/.exec(findings)?.[1] ?? ''
  const facts = [...findings.matchAll(/- (.+?) \[(.+?)\]/g)]
  if (facts.length === 0) return `We could not answer "${question}" from the sources at hand.`
  const body = facts.map(([, fact], index) => `${fact} (${index + 1})`).join('\n\n')
  const sources = facts.map(([, , source], index) => `${index + 1}. ${source}`).join('\n')
  return `${question}\n\n${body}\n\nSources\n${sources}`
}

function judge(text: string): { allowed: boolean; category: string; reason: string } {
  const personal = /home address|phone number|password/i.test(text)
  return personal
    ? { allowed: false, category: 'personal_data', reason: 'The request asks for private data of a person.' }
    : { allowed: true, category: 'none', reason: 'Nothing objectionable.' }
}

function troubleOf(label: string, request: ModelRequest, dropped: Set<string>): Reply {
  const text = userText(request)
  if (label === 'writer' && text.includes('power supply of Voyager')) return { fault: { kind: 'server' } }
  if (label === 'writer' && text.includes('advance?') && !dropped.has(text)) {
    dropped.add(text)
    return { interrupt: { afterChunks: 12, how: 'drop' } }
  }
  return {}
}

const COMMON = /^(what|when|does|still|make|much|long|according|that|this|from|with|about|their)$/

/** Words that say what a text is about; plurals as singulars. */
function words(text: string): Set<string> {
  const all = text.toLowerCase().match(/[a-z]{4,}/g) ?? []
  return new Set(all.filter((word) => !COMMON.test(word)).map((word) => word.replace(/s$/, '')))
}

/** The pages that have most words in common with the question, best first. */
function rank(question: string): Page[] {
  const wanted = words(question)
  const score = (page: Page) => [...words(`${page.title} ${page.text}`)].filter((word) => wanted.has(word)).length
  return LIBRARY.toSorted((left, right) => score(right) - score(left))
}
