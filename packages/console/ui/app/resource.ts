/** Data of the API as hooks. What was shown stays while its successor is fetched. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ApiError } from '../../src/api/contract.ts'

export interface Resource<T> {
  readonly data: T | null
  /** What went wrong with the newest request, in the server's words. */
  readonly error: string | null
  readonly loading: boolean
}

/** What is asked beside an address. */
interface Asking {
  readonly signal?: AbortSignal
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Sent as JSON. */
  readonly body?: object
}

/**
 * Fetches JSON from the console.
 * @throws Error with the server's message, or one that says that it does not answer
 */
export async function fetchJson<T>(url: string, { signal, method = 'GET', body }: Asking = {}): Promise<T> {
  let response: Response
  try {
    const sent = body && { body: JSON.stringify(body) }
    const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) }
    response = await fetch(url, { method, headers, ...sent, ...(signal && { signal }) })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Error('The console does not answer. Is it still running?', { cause: error })
  }
  if (!response.ok) {
    const refusal = (await response.json().catch(() => null)) as ApiError | null
    throw new Error(refusal?.error?.message ?? `The console answered ${response.status} to ${url}`)
  }
  return (await response.json()) as T
}

/** Answers that were asked for in advance. They are used once, and only while they are fresh. */
const ahead = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>()
const FRESH = 5_000

/** Asks for what the reader probably opens next. */
export function prefetch(url: string): void {
  const known = ahead.get(url)
  if (known && Date.now() - known.at < FRESH) return
  const answer = fetchJson<unknown>(url)
  // Whoever opens it sees the failure; until then it is nobody's.
  answer.catch(() => ahead.delete(url))
  ahead.clear()
  ahead.set(url, { at: Date.now(), answer })
}

function takeAhead<T>(url: string): Promise<T> | null {
  const known = ahead.get(url)
  ahead.delete(url)
  return known && Date.now() - known.at < FRESH ? (known.answer as Promise<T>) : null
}

/**
 * The answer of `url`, fetched anew when `url` or `version` changes; null fetches nothing.
 * A change of `url` up to its query forgets the old data; a mere refresh keeps it on the screen.
 */
export function useResource<T>(url: string | null, version: unknown = 0): Resource<T> {
  const [state, setState] = useState<Resource<T>>({ data: null, error: null, loading: url !== null })
  const shown = useRef<string | null>(null)
  useEffect(() => {
    if (url === null) {
      shown.current = null
      setState({ data: null, error: null, loading: false })
      return
    }
    const abort = new AbortController()
    const sameThing = shown.current?.split('?')[0] === url.split('?')[0]
    if (!sameThing) setState({ data: null, error: null, loading: true })
    shown.current = url
    const asked = takeAhead<T>(url) ?? fetchJson<T>(url, { signal: abort.signal })
    asked.then(
      (data) => abort.signal.aborted || setState({ data, error: null, loading: false }),
      (error: unknown) => {
        if (abort.signal.aborted) return
        setState((before) => ({
          data: sameThing ? before.data : null,
          error: error instanceof Error ? error.message : String(error),
          loading: false,
        }))
      },
    )
    return () => abort.abort()
  }, [url, version])
  return state
}

/** Address of an API answer with its query. */
export function api(
  path: string,
  parameters: Record<string, string | number | readonly string[] | null | undefined> = {},
): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') search.append(name, String(one))
    }
  }
  const text = search.toString()
  return text ? `/api/${path}?${text}` : `/api/${path}`
}
