import { onAt } from './address-rules.ts'
import { assignmentPattern, findAssignments, tryOption } from './assignment-rules.ts'
import {
  AFTER_A,
  onJwt,
  onKeyWithA,
  onLetterB,
  onPrivateKey,
  prefixHandler,
  prefixPattern,
  SLACK_WEBHOOK,
} from './credential-rules.ts'
import { findNumbers, onPlus } from './number-rules.ts'
import { type Finding, type Handler, runEnd, type Scan } from './scan-state.ts'
import type { KeyClassifier } from './sensitive-keys.ts'

/** Finds what must not leave the process in a text, in one pass; undefined when there is nothing. */
export type Finder = (text: string) => Finding[] | undefined

/**
 * Where a key of a provider, an e-mail address, a phone number with its country, a password in a URL or an option may
 * be. The engine skips to the first characters of the choices sixteen at a time, several times faster than a loop over
 * the text; what it then asks before it stops leaves about one stop in a KB of prose. Numbers and assignments, whose
 * characters are common, have searches of their own.
 */
const TRIGGER = new RegExp(
  [
    '@',
    String.raw`\+(?=\d[\d. /()-]{7})`,
    // A key in PEM form, an option (two hyphens and no more), or a key.
    `-(?=-(?:---BEGIN |(?<!---)[a-z]))`,
    prefixPattern('-'),
    prefixPattern('_'),
    `A(?=${AFTER_A})`,
    'B(?=earer|asic)',
    SLACK_WEBHOOK,
    prefixPattern('G'),
    'J(?<=eyJ)',
  ].join('|'),
  'g',
)

function hyphenHandler(classify: KeyClassifier): Handler {
  const onPrefix = prefixHandler('-')
  return (scan, index) => {
    const end = runEnd(scan.text, index)
    if (end === index + 1) return onPrefix(scan, index)
    if (end - index >= 5) return Math.max(end, onPrivateKey(scan, end - 5))
    return end - index === 2 ? Math.max(end, tryOption(scan, index, classify)) : end
  }
}

function underscoreHandler(): Handler {
  const onPrefix = prefixHandler('_')
  return (scan, index) => {
    const end = runEnd(scan.text, index)
    return end === index + 1 ? onPrefix(scan, index) : end
  }
}

/** What looks at a place, by the character code there. */
export function handlersOf(classify: KeyClassifier): (Handler | undefined)[] {
  const handlers: (Handler | undefined)[] = Array.from({ length: 128 })
  const byCharacter: Record<string, Handler> = {
    '@': onAt,
    '+': onPlus,
    '-': hyphenHandler(classify),
    _: underscoreHandler(),
    A: onKeyWithA,
    B: onLetterB,
    G: prefixHandler('G'),
    J: onJwt,
  }
  for (const [character, handler] of Object.entries(byCharacter)) handlers[character.charCodeAt(0)] = handler
  return handlers
}

/** `pin=12`: nothing shorter is a secret and says so. */
export const SHORTEST = 6

/** In order; of findings that overlap, one that covers both. */
export function mergeFindings(findings: Finding[]): Finding[] {
  findings.sort((a, b) => a.start - b.start || b.end - a.end)
  const result: Finding[] = []
  for (const finding of findings) {
    const last = result.at(-1)
    if (last === undefined || finding.start >= last.end) result.push(finding)
    else if (finding.end > last.end) result[result.length - 1] = { ...last, end: finding.end }
  }
  return result
}

/**
 * A finder with these rules on.
 * The work is linear in the length of the text for any text: see {@link Handler}.
 */
export function createFinder(rules: ReadonlySet<string>, classify: KeyClassifier): Finder {
  const handlers = handlersOf(classify)
  const assignments = assignmentPattern(classify)
  return (text) => {
    if (text.length < SHORTEST) return undefined
    const scan: Scan = { text, rules, findings: [], floor: 0 }
    TRIGGER.lastIndex = 0
    while (TRIGGER.test(text)) {
      const index = TRIGGER.lastIndex - 1
      TRIGGER.lastIndex = handlers[text.charCodeAt(index)]!(scan, index)
    }
    scan.floor = 0
    findAssignments(scan, assignments, classify)
    scan.floor = 0
    findNumbers(scan)
    return scan.findings.length === 0 ? undefined : mergeFindings(scan.findings)
  }
}
