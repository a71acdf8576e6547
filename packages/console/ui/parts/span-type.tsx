/** How a span, an agent and a run's state are marked: always a letter or a shape beside the colour. */
import type { SpanType, TraceStatus } from '../../src/api/contract.ts'
import { href } from '../app/router.ts'

const LETTERS: Record<SpanType, string> = {
  workflow: 'W',
  agent: 'A',
  model: 'M',
  embeddings: 'E',
  tool: 'T',
  retrieval: 'R',
  memory: 'Y',
  plan: 'P',
  handoff: '→',
  guardrail: 'G',
  decision: 'D',
  task: 'K',
  message: '✉',
  event: 'V',
  worker: 'X',
  security: 'S',
  response: 'O',
  other: '·',
}

/** A small square with the type's letter. */
export function TypeBadge({ type }: { type: SpanType }) {
  return (
    <span class={`badge type-${type}`} title={type} aria-hidden="true">
      {LETTERS[type] ?? '·'}
    </span>
  )
}

/** A span's name without the operation that its type says already: `execute_tool fetch_page` is fetch_page. */
export const targetOf = (name: string): string =>
  name.replace(
    /^(execute_tool|invoke_agent|invoke_workflow|chat|generate_content|embeddings|retrieval|transfer|plan|task|apply_guardrail|decide) (?=\S)/,
    '',
  )

const HUES = 12

const KEY = 'agentel.hues'
const MOST_NAMES = 300

/** Hues that names have been given, kept in this browser: a name that changes its colour from page to page misleads. */
function readHues(): Map<string, number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    const pairs = Array.isArray(stored) ? stored : []
    return new Map(
      pairs.filter((pair): pair is [string, number] => typeof pair?.[1] === 'number' && pair[1] in HUE_LIST),
    )
  } catch {
    return new Map()
  }
}

const HUE_LIST = Array.from({ length: HUES }, (_, hue) => hue)
let given: Map<string, number> | undefined
let keeping = false

/** Written once for all the names of a page. */
function keepSoon(hues: ReadonlyMap<string, number>): void {
  if (keeping) return
  keeping = true
  setTimeout(() => {
    keeping = false
    localStorage.setItem(KEY, JSON.stringify([...hues].slice(-MOST_NAMES)))
  }, 500)
}

/** The class that gives a name its colour: its hash, or the next free hue while there are fewer names than hues. */
export function hueOf(name: string): string {
  given ??= readHues()
  let hue = given.get(name)
  if (hue === undefined) {
    hue = hashOf(name)
    const taken = new Set(given.values())
    for (let tries = 0; tries < HUES && taken.has(hue); tries++) hue = (hue + 5) % HUES
    given.set(name, hue)
    keepSoon(given)
  }
  return `hue-${hue}`
}

function hashOf(name: string): number {
  let hash = 2_166_136_261
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16_777_619)
  return (hash >>> 8) % HUES
}

/** An agent's name with its dot. */
export function AgentName({ name }: { name: string }) {
  return (
    <span class={`agent-name ${hueOf(name)}`}>
      <span class="dot" />
      <span class="clip">{name}</span>
    </span>
  )
}

/** The same, leading to the agent's page. */
export function AgentLink({ name }: { name: string }) {
  return (
    <a href={href(`/agents/${encodeURIComponent(name)}`)}>
      <AgentName name={name} />
    </a>
  )
}

const SAID: Record<TraceStatus | 'retried', string> = {
  ok: 'succeeded',
  error: 'failed',
  open: 'still running, or its root has not arrived',
  retried: 'succeeded after errors that it survived',
}

/** Tick, cross, ring: red only for a failure that reached the root. */
export function StatusMark({ status, recovered = 0 }: { status: TraceStatus; recovered?: number }) {
  const shown = status === 'ok' && recovered > 0 ? 'retried' : status
  return (
    <span class={`status ${shown}`} role="img" aria-label={SAID[shown]} title={SAID[shown]}>
      <svg
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
      >
        {shown === 'ok' && <path d="M3.5 8.5l3 3 6-7" />}
        {shown === 'error' && (
          <>
            <circle cx="8" cy="8" r="7" fill="currentColor" stroke="none" />
            <path d="M5.5 5.5l5 5m0-5l-5 5" stroke="var(--surface)" />
          </>
        )}
        {shown === 'open' && <circle cx="8" cy="8" r="5" stroke-dasharray="6 4" />}
        {shown === 'retried' && (
          <>
            <path d="M12.8 6.2A5.2 5.2 0 1 0 13 9" />
            <path d="M13.2 2.8v3.6H9.6" />
          </>
        )}
      </svg>
    </span>
  )
}
