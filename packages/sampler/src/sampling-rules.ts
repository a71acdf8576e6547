import type { Attributes, Context } from '@opentelemetry/api'
import { getAgentName, getIdentity } from '@agentel/api'
import { ATTR_GEN_AI_AGENT_NAME } from '@agentel/semconv'

/** Which traces a rule is about, and how many of them are kept. */
export interface SamplingRule {
  /**
   * All must hold for the first span of the trace: `agent`, `user`, `tenant`, `session`, `name` (of the span), or an
   * attribute that is set at its start. A value may end with `*`.
   */
  readonly where: Readonly<Record<string, string>>
  /** Share of such traces, 0 to 1. */
  readonly share?: number
  /** Such traces a second, at most. */
  readonly perSecond?: number
}

/** A rule that cannot be used. */
export class SamplingRuleError extends Error {
  override readonly name = 'SamplingRuleError'
  readonly code = 'AGENTEL_SAMPLING_RULE'
}

function refuse(text: string): never {
  throw new SamplingRuleError(
    `sampling rule ${JSON.stringify(text)}: write conditions, a colon and a share from 0 to 1 or a number a second, as in "agent=billing:1", "http.route=/health:0", "user=bot-*&name=chat *:10/s"`,
  )
}

/**
 * Reads a rule: `CONDITION[&CONDITION…]:SHARE` or `…:NUMBER/s`, a condition being `key=value`.
 * @throws {SamplingRuleError} that shows the rule and how one is written
 */
export function parseSamplingRule(text: string): SamplingRule {
  const [, conditions, amount = '', perSecond] = /^(.+):(\d+(?:\.\d+)?)(\/s)?$/.exec(text.trim()) ?? []
  if (conditions === undefined) refuse(text)
  const where: Record<string, string> = {}
  for (const condition of conditions.split('&')) {
    const [, key, value] = /^\s*([^=\s]+)=(.+?)\s*$/.exec(condition) ?? []
    if (key === undefined || value === undefined) refuse(text)
    where[key] = value
  }
  const number = Number(amount)
  if (perSecond !== undefined) return { where, perSecond: number }
  if (number > 1) refuse(text)
  return { where, share: number }
}

/** A span that is about to start, as a sampler sees it. */
export interface StartingSpan {
  readonly name: string
  readonly attributes: Attributes
  readonly context: Context
}

function valueOf(key: string, { name, attributes, context }: StartingSpan): unknown {
  switch (key) {
    case 'name':
      return name
    case 'agent':
      return attributes[ATTR_GEN_AI_AGENT_NAME] ?? getAgentName(context)
    case 'user':
      return getIdentity(context).userId
    case 'session':
      return getIdentity(context).sessionId
    case 'tenant':
      return getIdentity(context).tenantId
    default:
      return attributes[key]
  }
}

/** Whether a rule is about this span. */
export function isAbout({ where }: SamplingRule, span: StartingSpan): boolean {
  return Object.entries(where).every(([key, wanted]) => {
    const value = valueOf(key, span)
    if (value === undefined) return false
    const text = String(value)
    return wanted.endsWith('*') ? text.startsWith(wanted.slice(0, -1)) : text === wanted
  })
}
