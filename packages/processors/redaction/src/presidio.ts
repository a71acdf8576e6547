import { type SlowDetector, type SlowFinding } from './slow-redaction.ts'

/** Where a Presidio analyzer is, and what it is asked. */
export interface PresidioOptions {
  /** Of the analyzer, such as `http://localhost:5002`. */
  readonly url: string
  /** Default `en`. */
  readonly language?: string
  /** Kinds to look for (`PERSON`, `LOCATION`, …); all that it knows by default. */
  readonly entities?: readonly string[]
  /** From 0 to 1: what is less certain is not told; default 0.5. */
  readonly scoreThreshold?: number
  /** Headers of the request, for a service that asks for a key. */
  readonly headers?: Readonly<Record<string, string>>
}

interface Entity {
  readonly entity_type: string
  readonly start: number
  readonly end: number
}

/** Places in a text by its characters, as Python counts them, turned into JavaScript's, where some characters are two. */
function placesIn(text: string): (index: number) => number {
  if (!/[\ud800-\udbff]/.test(text)) return (index) => index
  const starts = [0]
  for (const character of text) starts.push(starts.at(-1)! + character.length)
  return (index) => starts[index] ?? Number.NaN
}

function findingsOf(entities: readonly Entity[], text: string): SlowFinding[] {
  const place = placesIn(text)
  return entities.map(({ entity_type, start, end }) => ({
    start: place(start),
    end: place(end),
    rule: entity_type.toLowerCase(),
  }))
}

/**
 * Asks a Presidio analyzer (its REST service) for names, places and other personal data. One request for each batch of
 * spans, with all its texts; the answer is not waited for by anybody but the export.
 */
export function presidioDetector(options: PresidioOptions): SlowDetector {
  const { url, language = 'en', entities, scoreThreshold = 0.5, headers = {} } = options
  const endpoint = `${url.replace(/\/+$/, '')}/analyze`
  return {
    name: 'presidio',
    async find(texts, signal) {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ text: texts, language, score_threshold: scoreThreshold, entities }),
        signal,
      })
      // Neither the texts nor what a service says of them may get into a message.
      if (!response.ok) {
        await response.body?.cancel()
        throw new Error(`${endpoint} answered with status ${response.status}`)
      }
      const answer = (await response.json()) as readonly (readonly Entity[])[]
      if (!Array.isArray(answer)) throw new TypeError(`${endpoint} did not answer as Presidio's analyzer does`)
      return answer.map((found, index) => findingsOf(found, texts[index] ?? ''))
    },
  }
}
