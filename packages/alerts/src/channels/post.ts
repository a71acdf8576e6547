import { withoutTracing } from '@agentel/api'
import { ChannelError } from '../secret.ts'

/**
 * Posts JSON. No instrumentation makes a span of it: the address may be a secret.
 * @throws ChannelError that says the status or the network's code, never the address.
 */
export async function post(
  url: string,
  body: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  let response: Response
  try {
    response = await withoutTracing(() =>
      fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
        redirect: 'manual',
        signal,
      }),
    )
    await response.body?.cancel()
  } catch (error) {
    if (signal.aborted) throw new ChannelError('no answer in time', { type: 'timeout', retry: true })
    const { code } = ((error as Error).cause ?? {}) as { code?: unknown }
    const type = typeof code === 'string' ? code : 'network'
    throw new ChannelError(`the server could not be reached (${type})`, { type, retry: true })
  }
  if (response.ok) return
  const { status } = response
  if (status >= 300 && status < 400)
    throw new ChannelError(`the server answered ${status}: it is elsewhere, and redirects are not followed`, {
      type: String(status),
    })
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  throw new ChannelError(`the server answered ${status}`, {
    type: String(status),
    retry: status === 408 || status === 429 || status >= 500,
    retryAfter: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  })
}

/** @throws ChannelError that names the setting, not its value. */
export function checkUrl(setting: string, url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url
  throw new ChannelError(`${setting} is not an http(s) address`, { type: 'configuration' })
}
