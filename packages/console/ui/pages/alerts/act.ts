import { fetchJson } from '../../app/resource.ts'

/** Tells the console of a deed; resolves when it is done. @throws (rejects) with the console's reason */
export async function act(path: string, body: object): Promise<void> {
  await fetchJson(`/api/alerts/${path}`, { method: 'POST', body })
}
