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
const WORD_30 = /[A-Za-z0-9_]{30,}/y
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
  prefix('GOCSPX-', '-', TOKEN_20), // Google, of an OAuth client
  prefix('tskey-', '-', TOKEN_20), // Tailscale
  prefix('PMAK-', '-', TOKEN_20), // Postman
  prefix('NRAK-', '-', TOKEN_20), // New Relic
  ...['p', 'o', 'u', 's', 'r'].map((kind) => prefix(`gh${kind}_`, '_', WORD_30)), // GitHub
  { text: 'github_pat_', at: 6, body: WORD_30 },
  prefix('npm_', '_', WORD_30),
  prefix('hf_', '_', ALNUM_30), // Hugging Face
  prefix('gsk_', '_', ALNUM_30), // Groq
  ...['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'].map((text) => prefix(text, '_', ALNUM_16)), // Stripe
  prefix('whsec_', '_', ALNUM_16),
  prefix('lin_api_', '_', WORD_30), // Linear
  prefix('lsv2_', '_', WORD_30), // LangSmith
  prefix('pcsk_', '_', WORD_30), // Pinecone
  prefix('e2b_', '_', HEX_32),
  prefix('jina_', '_', ALNUM_30),
  prefix('r8_', '_', ALNUM_30), // Replicate
  prefix('sk_', '_', HEX_32), // ElevenLabs
  prefix('glsa_', '_', WORD_30), // Grafana
  prefix('dckr_pat_', '_', TOKEN_20), // Docker
  ...['shpat_', 'shpss_', 'shpca_', 'shppa_'].map((text) => prefix(text, '_', ALNUM_30)), // Shopify
  ...['dop_v1_', 'doo_v1_', 'dor_v1_'].map((text) => prefix(text, '_', HEX_32)), // DigitalOcean
  prefix('ops_', '_', /ey[A-Za-z0-9+/=_-]{20,}/y), // 1Password
  prefix('figd_', '_', TOKEN_20), // Figma
  prefix('glc_', '_', /[A-Za-z0-9+/]{30,}={0,2}/y), // Grafana Cloud
  prefix('ntn_', '_', ALNUM_30), // Notion
  prefix('secret_', '_', /[A-Za-z0-9]{40,}/y), // Notion, older
  prefix('fw_', '_', /[A-Za-z0-9]{20,}/y), // Fireworks
  prefix('pscale_', '_', TOKEN_20), // PlanetScale
  ...['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'].map((text) => prefix(text, '_', /[A-Za-z0-9]{20,}/y)), // Vercel
  ...['cfk_', 'cfut_', 'cfat_'].map((text) => prefix(text, '_', ALNUM_30)), // Cloudflare
  prefix('rubygems_', '_', HEX_32),
  ...['sntrys_', 'sntryu_'].map((text) => prefix(text, '_', /[A-Za-z0-9+/=_]{30,}/y)), // Sentry
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

/** A key is random: a word chain such as `sk-loading-spinner-with-dots` is none. Hugging Face's have letters only. */
function looksRandom(body: string): boolean {
  return /[0-9]|[a-z][A-Z]{2}|[A-Z]{2}[a-z]/.test(body)
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

const AWS = '(?:(?:KI|SI|BI|CC|GP|ID|RO|IP|NP|NV)A|3T[A-Z0-9])[A-Z0-9]{16}'
/** What follows the `A` of a key of AWS or Google. */
export const AFTER_A = `${AWS}|Iza|Q[.]`
const KEY_WITH_A = new RegExp(String.raw`A(?:${AWS}|Iza[\w-]{35}|Q\.[\w-]{40,})`, 'y')

/** A key of AWS or Google at its `A`. */
export function onKeyWithA(scan: Scan, index: number): number {
  const { text } = scan
  if (isAlphanumeric(text, index - 1)) return index + 1
  const end = matchEnd(KEY_WITH_A, text, index)
  return end !== -1 && looksRandom(text.slice(index + 3, index + 67))
    ? found(scan, index, end, 'credential')
    : index + 1
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

/** What is before and after the `B` of the address of an incoming webhook of Slack, which is all that it needs. */
export const SLACK_WEBHOOK = String.raw`B(?<=\/services\/T[A-Za-z0-9]{1,40}\/B)(?=[A-Za-z0-9]{1,40}\/)`
const SLACK_PATH = /T[A-Za-z0-9]{1,40}\/$/
const SLACK_REST = /B[A-Za-z0-9]{1,40}\/[A-Za-z0-9]{8,40}/y

function slackWebhook(scan: Scan, index: number): number {
  const { text } = scan
  const end = matchEnd(SLACK_REST, text, index)
  if (end === -1) return index + 1
  const path = SLACK_PATH.exec(text.slice(Math.max(0, index - 42), index))?.[0] ?? ''
  const start = index - path.length
  return path !== '' && text.startsWith('/services/', start - 10) ? found(scan, start, end, 'credential') : index + 1
}

/** The value of an Authorization header, or the path of a webhook, at its `B`. */
export function onLetterB(scan: Scan, index: number): number {
  const { text } = scan
  if (isAlphanumeric(text, index - 1)) return index + 1
  if (text.charCodeAt(index - 1) === 47) return slackWebhook(scan, index)
  const start = matchEnd(AUTHORIZATION, text, index)
  if (start === -1) return index + 1
  return found(scan, start, matchEnd(AUTHORIZATION_VALUE, text, start), 'credential')
}
