import { found, isAlphanumeric, matchEnd, type Handler, type Scan } from './scan-state.ts'

interface Prefix {
  readonly text: string
  /** Where in `text` the character stands at which a pass stops. */
  readonly at: number
  /** What follows. Only character classes with a minimum: one try never looks at more than it takes, or the minimum. */
  readonly body: RegExp
}

const TOKEN_20 = /[A-Za-z0-9_-]{20,}/y
const ALNUM_16 = /[A-Za-z0-9]{16,}/y
const ALNUM_30 = /[A-Za-z0-9]{30,}/y
const HEX_32 = /[a-fA-F0-9]{32,}/y

function prefix(text: string, at: string, body: RegExp): Prefix {
  return { text, at: text.indexOf(at), body }
}

/** Beginnings by which providers mark their keys. */
const PREFIXES: readonly Prefix[] = [
  prefix('sk-', '-', TOKEN_20), // OpenAI, Anthropic, DeepSeek, OpenRouter, …
  prefix('glpat-', '-', TOKEN_20), // GitLab
  prefix('pypi-', '-', TOKEN_20),
  prefix('xai-', '-', TOKEN_20),
  prefix('pplx-', '-', TOKEN_20), // Perplexity
  prefix('nvapi-', '-', TOKEN_20), // NVIDIA
  prefix('csk-', '-', TOKEN_20), // Cerebras
  prefix('tvly-', '-', TOKEN_20), // Tavily
  prefix('fc-', '-', HEX_32), // Firecrawl
  prefix('key-', '-', /[a-f0-9]{32}/y), // Mailgun
  ...['a', 'b', 'c', 'e', 'o', 'p', 'r', 's'].map((kind) => prefix(`xox${kind}-`, '-', /[A-Za-z0-9-]{10,}/y)), // Slack
  prefix('xapp-', '-', /[A-Za-z0-9-]{10,}/y),
  ...['p', 'o', 'u', 's', 'r'].map((kind) => prefix(`gh${kind}_`, '_', ALNUM_30)), // GitHub
  { text: 'github_pat_', at: 6, body: /[A-Za-z0-9_]{30,}/y },
  prefix('npm_', '_', ALNUM_30),
  prefix('hf_', '_', ALNUM_30), // Hugging Face
  prefix('gsk_', '_', ALNUM_30), // Groq
  ...['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'].map((text) => prefix(text, '_', ALNUM_16)), // Stripe
  prefix('whsec_', '_', ALNUM_16),
  prefix('lin_api_', '_', ALNUM_30), // Linear
  prefix('lsv2_', '_', /[A-Za-z0-9_]{30,}/y), // LangSmith
  prefix('pcsk_', '_', /[A-Za-z0-9_]{30,}/y), // Pinecone
  prefix('e2b_', '_', HEX_32),
  prefix('jina_', '_', ALNUM_30),
  prefix('r8_', '_', ALNUM_30), // Replicate
  prefix('sk_', '_', HEX_32), // ElevenLabs
  prefix('glsa_', '_', ALNUM_30), // Grafana
  prefix('dckr_pat_', '_', TOKEN_20), // Docker
  ...['shpat_', 'shpss_', 'shpca_', 'shppa_'].map((text) => prefix(text, '_', HEX_32)), // Shopify
  ...['dop_v1_', 'doo_v1_', 'dor_v1_'].map((text) => prefix(text, '_', HEX_32)), // DigitalOcean
  ...['AKIA', 'ASIA', 'ABIA'].map((text) => prefix(text, 'I', /[A-Z0-9]{16}/y)), // AWS
  { text: 'AIza', at: 1, body: /[A-Za-z0-9_-]{35}/y }, // Google
  { text: 'SG.', at: 1, body: /[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/y }, // SendGrid
]

/** The prefixes by the character before the one at which a pass stops, for most places have none. */
function byCharacterBefore(trigger: string): Map<number, Prefix[]> {
  const map = new Map<number, Prefix[]>()
  for (const known of PREFIXES) {
    if (known.text[known.at] !== trigger) continue
    const code = known.text.charCodeAt(known.at - 1)
    map.set(code, [...(map.get(code) ?? []), known])
  }
  return map
}

function escaped(text: string): string {
  return text.replaceAll('.', String.raw`\.`)
}

/**
 * A regular expression for the places of `trigger` that are within a known beginning. What must come before is asked
 * for by its last character first: most places differ in that.
 */
export function prefixPattern(trigger: string): string {
  const headsByTail = new Map<string, string[]>()
  for (const { text, at } of PREFIXES) {
    if (text[at] !== trigger) continue
    const tail = text.slice(at + 1)
    headsByTail.set(tail, [...(headsByTail.get(tail) ?? []), text.slice(0, at)])
  }
  const last = [...headsByTail.values()].flat().map((head) => head.slice(-1))
  const choices = [...headsByTail].map(
    ([tail, heads]) => `(?<=(?:${heads.join('|')})${trigger})${tail === '' ? '' : `(?=${escaped(tail)})`}`,
  )
  return `${trigger}(?<=[${[...new Set(last)].join('')}]${trigger})(?:${choices.join('|')})`
}

/** A key is random: a word chain such as `sk-loading-spinner-with-dots` is none. */
function looksRandom(body: string): boolean {
  return /[0-9]/.test(body)
}

function tryPrefix(scan: Scan, index: number, known: Prefix): number {
  const { text } = scan
  const start = index - known.at
  if (!text.startsWith(known.text, start) || isAlphanumeric(text, start - 1)) return -1
  const bodyStart = start + known.text.length
  // Asked first: a chain of words may be long, and every beginning in it would be followed to its end.
  if (!looksRandom(text.slice(bodyStart, bodyStart + 64))) return -1
  const end = matchEnd(known.body, text, bodyStart)
  return end === -1 ? -1 : found(scan, start, end, 'credential')
}

/** Keys of providers whose beginning has `trigger` in it. */
export function prefixHandler(trigger: string): Handler {
  const candidates = byCharacterBefore(trigger)
  return (scan, index) => {
    const known = candidates.get(scan.text.charCodeAt(index - 1))
    if (known !== undefined) {
      for (const one of known) {
        const end = tryPrefix(scan, index, one)
        if (end !== -1) return end
      }
    }
    return index + 1
  }
}

const BASE64URL_RUN = /[A-Za-z0-9_-]+/y

/** A JSON web token at the `J` of its `eyJ`. */
export function onJwt(scan: Scan, index: number): number {
  const { text } = scan
  const start = index - 2
  if (!text.startsWith('eyJ', start) || isAlphanumeric(text, start - 1)) return index + 1
  const headerEnd = matchEnd(BASE64URL_RUN, text, index)
  // Nothing that begins within the run could be one either: it would have to end where this one did.
  if (headerEnd - start < 10 || text[headerEnd] !== '.') return headerEnd
  const payloadEnd = matchEnd(BASE64URL_RUN, text, headerEnd + 1)
  if (payloadEnd - headerEnd < 10) return headerEnd
  const signatureEnd = text[payloadEnd] === '.' ? matchEnd(BASE64URL_RUN, text, payloadEnd + 1) : -1
  return found(scan, start, Math.max(payloadEnd, signatureEnd), 'credential')
}

const KEY_HEADER = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/y

/** A private key in PEM form at its first hyphen; one that was cut off goes to the end of the text. */
export function onPrivateKey(scan: Scan, index: number): number {
  const { text } = scan
  if (matchEnd(KEY_HEADER, text, index) === -1) return -1
  const footer = text.indexOf('-----END', index + 20)
  const end = footer === -1 ? text.length : text.indexOf('-----', footer + 8)
  return found(
    scan,
    index,
    end === -1 ? text.length : Math.min(text.length, footer === -1 ? end : end + 5),
    'credential',
  )
}

const AUTHORIZATION = /(?:Bearer|Basic)[ \t]{1,4}(?=[A-Za-z0-9._~+/-]{16})/y
const AUTHORIZATION_VALUE = /[A-Za-z0-9._~+/-]+=*/y

/** The value of an Authorization header at its `B`. */
export function onAuthorization(scan: Scan, index: number): number {
  const { text } = scan
  if (isAlphanumeric(text, index - 1)) return index + 1
  const start = matchEnd(AUTHORIZATION, text, index)
  if (start === -1) return index + 1
  return found(scan, start, matchEnd(AUTHORIZATION_VALUE, text, start), 'credential')
}
