import { existsSync } from 'node:fs'
import { UsageError } from './usage-error.ts'

/** Options of every command that asks the console. */
export const sourceArgs = {
  url: {
    type: 'string',
    description: 'Address of the console (default: AGENTEL_CONSOLE_URL, then http://127.0.0.1:4318)',
  },
  token: { type: 'string', description: 'Its token, if it has one (default: AGENTEL_CONSOLE_TOKEN)' },
  data: { type: 'string', description: 'Read this file of the store instead; no console need run' },
  json: { type: 'boolean', description: 'Print JSON instead of text', default: false },
} as const

/** What {@link sourceArgs} gave. */
export interface SourceArguments {
  readonly url?: string | undefined
  readonly token?: string | undefined
  readonly data?: string | undefined
}

/** A query: what is undefined or empty is left out, a list repeats its name. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>

/** Answers of the console's API, from a running console or from its file. */
export interface Source {
  /** @throws an error that says what is wrong, with the API's reason. */
  get<T>(path: string, query?: Query): Promise<T>
  /** Where a person opens it; null for a file. */
  readonly page: string | null
  close(): void
}

const DEFAULT_URL = 'http://127.0.0.1:4318'

function withQuery(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one))
  }
  const text = parameters.toString()
  return text === '' ? path : `${path}?${text}`
}

/** The address and the token that the command line and the environment name. */
export function consoleAddress(args: SourceArguments, env: NodeJS.ProcessEnv = process.env) {
  const text = args.url ?? env.AGENTEL_CONSOLE_URL ?? DEFAULT_URL
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new UsageError(`--url is "${text}"; give an address such as ${DEFAULT_URL}`)
  const address = new URL(text)
  const token = args.token ?? env.AGENTEL_CONSOLE_TOKEN ?? address.searchParams.get('token') ?? undefined
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return { url: address.origin, headers, named: args.url !== undefined || env.AGENTEL_CONSOLE_URL !== undefined }
}

/** Asks a console. @throws when it does not answer, or answers with an error */
export async function askConsole(url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (error) {
    const { origin } = new URL(url)
    throw new Error(`no console answers at ${origin}. Start one with: agentel console`, { cause: error })
  }
  if (response.ok) return response
  const body = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined
  throw new Error(
    body?.error?.message ?? `${new URL(url).origin} answered ${response.status}; is it an agentel console?`,
  )
}

async function fileSource(file: string): Promise<Source> {
  const { openStoreFile } = await import('@agentel/console/read')
  const store = openStoreFile(file)
  return {
    page: null,
    get: <T>(path: string, query?: Query) => Promise.resolve().then(() => store.answer(withQuery(path, query)) as T),
    close: () => store.close(),
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/api/status`, { signal: AbortSignal.timeout(2000) })
    return true
  } catch {
    return false
  }
}

/**
 * Where a command reads: the named file, the named console, the console at the default address, or the default file when
 * none runs.
 */
export async function openSource(args: SourceArguments): Promise<Source> {
  if (args.data !== undefined) return fileSource(args.data)
  const { url, headers, named } = consoleAddress(args)
  if (!named && !(await answers(url))) {
    const { defaultDataFile } = await import('@agentel/console/read')
    if (existsSync(defaultDataFile())) return fileSource(defaultDataFile())
  }
  return {
    page: url,
    get: async <T>(path: string, query?: Query) =>
      (await (await askConsole(url + withQuery(path, query), { headers })).json()) as T,
    close: () => undefined,
  }
}

/** Runs with a source, and closes it whatever happens. */
export async function withSource<T>(args: SourceArguments, run: (source: Source) => Promise<T>): Promise<T> {
  const source = await openSource(args)
  try {
    return await run(source)
  } finally {
    source.close()
  }
}
