import { recordFault, withoutTracing } from '@agentel/api'
import {
  ATTR_AGENTEL_CONTENT_PREVIEW,
  ATTR_AGENTEL_DECISION_REASON,
  ATTR_AGENTEL_TASK_PARAMETERS,
  ATTR_AGENTEL_TASK_RESULT,
  ATTR_AGENTEL_TRANSFER_CONTEXT,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_MEMORY_QUERY_TEXT,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
} from '@agentel/semconv'
import { mergeFindings } from './find-secrets.ts'
import { mapTexts } from './json-texts.ts'
import { hashKeyOf, nameMatcher, type RedactionOptions } from './options.ts'
import { createReplacement, replaceFindings } from './replacement.ts'
import type { Tally } from './redactor.ts'
import { type Fields, type Rewriter, rewriteFields } from './rewrite-fields.ts'
import type { Finding } from './scan-state.ts'

/** A place in a text, as a slow detector tells it; `rule` is the detector's name when it is left out. */
export interface SlowFinding {
  readonly start: number
  readonly end: number
  readonly rule?: string
}

/**
 * A detector that answers later: a service, a model, a worker thread. It is asked between the end of a span and its
 * export, so nothing of the application waits for it.
 */
export interface SlowDetector {
  readonly name: string
  /**
   * @param texts each once; parts of JSON come without the JSON around them
   * @param signal aborted when the answer would come too late
   * @returns what it has found in each of the texts, in their order
   */
  find(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly SlowFinding[])[]>
}

/** How slow detectors are asked. */
export interface SlowRedactionOptions extends Pick<RedactionOptions, 'mode' | 'hashKey'> {
  readonly slowDetectors?: readonly SlowDetector[]
  /**
   * Attributes that they are asked about, events' too; exact names, or a beginning followed by `*`; `body` is a log's
   * body. By default those that hold what people and models have said, and messages of errors.
   */
  readonly slowAttributes?: readonly string[]
  /** Milliseconds that a batch waits for an answer; default 2000. */
  readonly timeoutMs?: number
  /** What becomes of texts for which there was no answer: `withhold` (default) replaces them, `pass` lets them out. */
  readonly unanswered?: 'withhold' | 'pass'
}

/** What people and models have said, and what may cite it. */
const SAID = [
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_MEMORY_QUERY_TEXT,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_AGENTEL_TASK_PARAMETERS,
  ATTR_AGENTEL_TASK_RESULT,
  ATTR_AGENTEL_TRANSFER_CONTEXT,
  ATTR_AGENTEL_DECISION_REASON,
  ATTR_AGENTEL_CONTENT_PREVIEW,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  'body',
]
/** Longer texts are not sent: services refuse them. They count as unanswered. */
const MAX_TEXT = 100_000
/** Batches that wait at the same time; those beyond count as unanswered, so that memory is bounded. */
const MAX_WAITING = 16
/** After so many failures one after the other nobody is asked for a while: not every batch waits for nothing. */
const MAX_FAILURES = 3
const REST_MS = 10_000
/** A word and more: what a detector of names and places can say something about. */
const PROSE = /\p{L}{2}.*\s+\S/u

/** Deeper than this nothing is looked at: redaction before has left nothing there. */
const MAX_DEPTH = 32

function unchecked(text: string): Finding[] {
  return [{ start: 0, end: text.length, rule: 'unchecked' }]
}

/** Findings by text; a text without an answer is not in it. */
type Answers = ReadonlyMap<string, readonly Finding[]>

/** Asks slow detectors. */
export interface SlowRedaction {
  /** What rewrites the items by what the detectors have found in them. */
  rewriter(items: readonly Fields[]): Promise<Rewriter>
  /** What rewrites items about which nobody can be asked. */
  readonly unasked: Rewriter
}

function checked(found: readonly SlowFinding[], text: string, name: string): Finding[] {
  return found.map(({ start, end, rule = name }) => {
    if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= text.length)) {
      throw new RangeError(`detector ${name} found something from ${start} to ${end} in a text of ${text.length}`)
    }
    return { start, end, rule }
  })
}

/** What a promise gives, or a failure when the signal comes first: not every detector minds the signal. */
function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    promise.then(resolve, reject)
  })
}

async function ask(detectors: readonly SlowDetector[], texts: readonly string[], timeoutMs: number): Promise<Answers> {
  const signal = AbortSignal.timeout(timeoutMs)
  // The request must make no span, or each batch of spans would make another one.
  const asked = withoutTracing(() =>
    detectors.map(async ({ find, name }) => {
      const answer = await find(texts, signal)
      if (answer.length !== texts.length) {
        throw new RangeError(`detector ${name} answered about ${answer.length} of ${texts.length} texts`)
      }
      return answer.map((found, index) => checked(found, texts[index]!, name))
    }),
  )
  const all = await within(Promise.all(asked), signal)
  return new Map(texts.map((text, index) => [text, mergeFindings(all.flatMap((found) => found[index] ?? []))]))
}

/** Rewrites the texts within those attributes, and the messages of statuses. */
function textRewriter(isAsked: (name: string) => boolean, rewrite: (part: string, tally: Tally) => string): Rewriter {
  const text = (given: string, tally: Tally): string =>
    mapTexts(given, (part) => (PROSE.test(part) ? rewrite(part, tally) : part))
  const value = (given: unknown, tally: Tally, depth: number): unknown => {
    if (typeof given === 'string') return text(given, tally)
    if (typeof given !== 'object' || given === null || given instanceof Uint8Array || depth > MAX_DEPTH) return given
    if (Array.isArray(given)) return given.map((item) => value(item, tally, depth + 1))
    return Object.fromEntries(Object.entries(given).map(([name, item]) => [name, value(item, tally, depth + 1)]))
  }
  return {
    // Few and fixed, or made of such: nothing that a person has said.
    name: (given) => given,
    text,
    attribute: (name, given, tally) => (isAsked(name) ? value(given, tally, 0) : given),
  }
}

/** Slow redaction with these options; undefined when there is no slow detector. */
export function createSlowRedaction(options: SlowRedactionOptions): SlowRedaction | undefined {
  const { slowDetectors = [], slowAttributes = SAID, timeoutMs = 2000, unanswered = 'withhold' } = options
  if (slowDetectors.length === 0) return undefined
  const replacement = createReplacement(hashKeyOf(options))
  let waiting = 0
  let failures = 0
  let restsUntil = 0
  const answersTo = async (texts: readonly string[]): Promise<Answers> => {
    if (texts.length === 0 || waiting >= MAX_WAITING || performance.now() < restsUntil) return new Map()
    waiting++
    try {
      const answers = await ask(slowDetectors, texts, timeoutMs)
      failures = 0
      return answers
    } catch (error) {
      failures++
      if (failures >= MAX_FAILURES) restsUntil = performance.now() + REST_MS
      recordFault('redaction.slow', error)
      return new Map()
    } finally {
      waiting--
    }
  }
  const isAsked = nameMatcher(slowAttributes)
  const rewriterBy = (answers: Answers): Rewriter =>
    textRewriter(isAsked, (part, tally) => {
      const findings = answers.get(part) ?? (unanswered === 'pass' ? [] : unchecked(part))
      tally.count += findings.length
      for (const { rule } of findings) tally.rules.add(rule)
      return findings.length === 0 ? part : replaceFindings(part, findings, replacement)
    })
  return {
    unasked: rewriterBy(new Map()),
    async rewriter(items) {
      const parts = new Set<string>()
      const collecting = textRewriter(isAsked, (part) => {
        if (part.length <= MAX_TEXT) parts.add(part)
        return part
      })
      for (const item of items) rewriteFields(collecting, item)
      return rewriterBy(await answersTo([...parts]))
    },
  }
}
