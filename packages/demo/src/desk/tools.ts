import { setTimeout as sleep } from 'node:timers/promises'
import { LIBRARY } from './library.ts'
import type { Question } from './questions.ts'

/** How long the desk waits for a page, in milliseconds. */
export const PAGE_TIMEOUT = 300

/** The text of a page. The host `slow-archive.example` takes longer than anybody waits. */
export async function fetchPage(url: string, signal: AbortSignal): Promise<string> {
  await sleep(url.includes('slow-archive') ? 30_000 : 20, undefined, { signal }).catch(() => {
    throw signal.reason
  })
  const page = LIBRARY.find((candidate) => candidate.url === url)
  if (!page) throw new RangeError(`there is no page at ${url}`)
  return page.text
}

/** Somebody asked for what they may not read. */
export class PermissionError extends Error {
  override readonly name = 'PermissionError'
}

/** An internal report, for the finance team only. */
export function readReport(id: string, team: Question['team']): string {
  if (team !== 'finance') throw new PermissionError(`the team "${team}" may not read ${id}`)
  return LIBRARY.find(({ url }) => url === id)?.text ?? ''
}

/** What the researcher may call, as the model is told. */
export const TOOLS = [
  describeTool('search_library', 'Search the library for pages on a subject.', {
    query: { type: 'string' },
    limit: { type: 'integer', description: 'How many pages to return, 1 to 5.' },
  }),
  describeTool('fetch_page', 'Read one page of the library.', { url: { type: 'string' } }),
  describeTool('read_report', 'Read an internal report by its id.', { id: { type: 'string' } }),
]

function describeTool(name: string, description: string, properties: Record<string, unknown>) {
  const parameters = { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
  return { type: 'function' as const, function: { name, description, parameters } }
}
