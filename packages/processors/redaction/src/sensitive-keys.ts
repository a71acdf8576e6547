/** What a name says about its value: nothing, that it is secret whatever it is, or that it is so if it is a text. */
export type KeyKind = 'plain' | 'secret' | 'token'

/** Endings of names, in words; the value of such a name is secret. */
const SECRET_ENDINGS = [
  'password passwd pwd passphrase passcode secret secrets authorization credential credentials cookie cookies',
  'apikey privatekey secretkey accesskey accesskeyid creditcard cardnumber ccnumber cvv cvc cvn ssn iban pin otp totp',
  'api_key private_key secret_key access_key access_key_id encryption_key signing_key master_key account_key shared_key',
  'ssh_key subscription_key license_key service_key auth_key storage_key webhook_key',
  'credit_card card_number cc_number account_number routing_number passport_number license_number security_code',
  'social_security social_security_number national_id tax_id connection_string mfa_code otp_code verification_code pin_code',
  'password_hash password_value password_confirmation password_confirm password_repeat secret_value client_secret',
  'credit_card_number debit_card debit_card_number bank_account bank_account_number passport driver_license',
]
  .join(' ')
  .split(' ')

/** Words before `token` with which it is a piece of text, a place in a list or a count. */
const HARMLESS_TOKENS = new Set(
  'max min next page continuation stop eos bos pad unk sep cls mask special end start first last per each input output of by sync previous prev current num out single'.split(
    ' ',
  ),
)
const TOKEN_ENDINGS = [
  'token',
  'accesstoken',
  'refreshtoken',
  'authtoken',
  'idtoken',
  'sessiontoken',
  'bearertoken',
  'apitoken',
  'jwt',
]

const MAX_KNOWN = 5000

/** Tells by its name whether a value is secret. */
export interface KeyClassifier {
  (name: string): KeyKind
  /** A regular expression for what all names end in that are not plain. */
  readonly endings: string
}

function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/** The letters of names from the last one on, as a tree. */
interface Letters {
  readonly before: Map<string, Letters>
  /** A name begins here: what comes before it is of no interest. */
  begins: boolean
}

function letterTree(names: Iterable<string>): Letters {
  const root: Letters = { before: new Map(), begins: false }
  for (const name of names) {
    let at = root
    for (const letter of [...name].toReversed()) {
      const next: Letters = at.before.get(letter) ?? { before: new Map(), begins: false }
      at.before.set(letter, next)
      at = next
    }
    at.begins = true
  }
  return root
}

/** A letter in either case; the words of a name may be divided by punctuation or not at all. */
function eitherCase(letter: string): string {
  if (letter === '_') return '[_.-]*'
  return /[a-z]/.test(letter) ? `[${letter}${letter.toUpperCase()}]` : letter
}

function treePattern({ before, begins }: Letters): string {
  if (begins) return ''
  const choices = [...before].map(([letter, rest]) => treePattern(rest) + eitherCase(letter))
  return choices.length === 1 ? choices[0]! : `(?:${choices.join('|')})`
}

/** A regular expression for what names end in that are not plain; read backwards it is left at the first wrong letter. */
function endingsPattern(names: Iterable<string>): string {
  const tree = letterTree(names)
  // The last letter is asked for first, since most names end in none of these.
  return `${treePattern(tree)}(?<=[${[...tree.before.keys()].map((last) => last + last.toUpperCase()).join('')}])`
}

/**
 * A classifier that knows our list and `more` names.
 * Names are split into words at case changes and punctuation; the last words count: `db.user.apiKey` is an `api_key`,
 * `gen_ai.usage.input_tokens` and `max_tokens` are counts and no tokens.
 */
export function createKeyClassifier(more: readonly string[] = [], never: readonly string[] = []): KeyClassifier {
  const secrets = new Set([...SECRET_ENDINGS, ...more.map((name) => wordsOf(name).join('_'))])
  const tokens = new Set(TOKEN_ENDINGS)
  const exempt = new Set(never)
  const longest = Math.max(...[...secrets].map((name) => name.split('_').length))
  const known = new Map<string, KeyKind>()
  const decide = (name: string): KeyKind => {
    if (exempt.has(name)) return 'plain'
    const words = wordsOf(name)
    for (let count = 1; count <= Math.min(longest, words.length); count++) {
      if (secrets.has(words.slice(-count).join('_'))) return 'secret'
    }
    if (!tokens.has(words.at(-1) ?? '')) return 'plain'
    return HARMLESS_TOKENS.has(words.at(-2) ?? '') ? 'plain' : 'token'
  }
  const classify = (name: string): KeyKind => {
    const kind = known.get(name)
    if (kind !== undefined) return kind
    if (known.size >= MAX_KNOWN) known.clear()
    const decided = decide(name)
    known.set(name, decided)
    return decided
  }
  return Object.assign(classify, { endings: endingsPattern([...secrets, ...tokens]) })
}
