import { findMetric } from '@agentel/semconv/registry/metrics'
import { parseDocument } from 'yaml'
import * as z from 'zod'
import type { AlertRule } from './rule.ts'

/** What is wrong with a file of rules; every line names the key path. */
export class AlertRuleError extends Error {
  override readonly name = 'AlertRuleError'
  /** One line for each fault, `rules[0].window: …`. */
  readonly faults: readonly string[]

  constructor(source: string, faults: readonly string[]) {
    super(`${source} is not a file of alert rules:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

const unitMillis: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const duration = z.string('write a duration such as 30s, 5m, 1h or 1d').transform((text, context) => {
  const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? []
  if (amount !== undefined && unit !== undefined) return Number(amount) * unitMillis[unit]!
  context.addIssue({ code: 'custom', message: `"${text}" is not a duration; write 30s, 5m, 1h or 1d` })
  return z.NEVER
})

const signal = z.string().refine((name) => findMetric(name) !== undefined, {
  error: ({ input }) => `"${String(input)}" is not a metric of @agentel/semconv; see METRIC_* there`,
})
const filter = z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]))
const share = z.number().gt(0).max(100)
const adaptive = z.strictObject({
  percentile: share.optional(),
  values: z.int().min(1).max(100_000).optional(),
  minimum: z.int().min(1).optional(),
})

const ruleSchema = z
  .strictObject({
    name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]*$/, 'use letters, digits, - and _'),
    summary: z.string().optional(),
    signal,
    where: filter.optional(),
    aggregation: z.enum(['rate', 'ratio', 'percentile', 'average', 'sum', 'increase', 'absence']),
    percentile: share.optional(),
    numerator: z
      .strictObject({ signal: z.union([signal, z.array(signal).min(1)]).optional(), labels: filter.optional() })
      .optional(),
    groupBy: z.array(z.string()).default([]),
    window: duration.refine((millis) => millis > 0, 'must be longer than nothing'),
    above: z.union([z.number(), adaptive], 'write a number, or {percentile, values, minimum}').optional(),
    below: z.number().optional(),
    for: duration.default(0),
    severity: z.enum(['info', 'warning', 'error', 'critical']),
    cooldown: duration.default(0),
    escalateAfter: duration.refine((millis) => millis > 0, 'must be longer than nothing').optional(),
    labels: z.record(z.string(), z.string()).default({}),
    runbook: z.url().optional(),
  })
  .superRefine((rule, context) => {
    const fault = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message })
    const limits = [rule.above, rule.below].filter((limit) => limit !== undefined).length
    if (rule.aggregation === 'absence' && limits > 0) fault('aggregation', 'absence has neither above nor below')
    if (rule.aggregation !== 'absence' && limits !== 1) fault('above', 'give either above or below')
    if ((rule.aggregation === 'ratio') !== (rule.numerator !== undefined))
      fault('numerator', 'belongs to the aggregation ratio, which needs it')
    if (rule.percentile !== undefined && rule.aggregation !== 'percentile')
      fault('percentile', 'belongs to the aggregation percentile')
    if (findMetric(rule.signal)?.instrument === 'counter' && ['average', 'percentile'].includes(rule.aggregation))
      fault('aggregation', `${rule.signal} is a counter; it has a rate, an increase, a ratio or a sum`)
  })

const fileSchema = z.strictObject({ rules: z.array(ruleSchema) }).superRefine(({ rules }, context) => {
  const seen = new Set<string>()
  for (const [index, { name }] of rules.entries()) {
    if (seen.has(name))
      context.addIssue({ code: 'custom', path: ['rules', index, 'name'], message: `"${name}" is there twice` })
    seen.add(name)
  }
})

/** A rule as it is written in the file. */
export type AlertRuleInput = z.input<typeof ruleSchema>

/**
 * The rules of a YAML (or JSON) text.
 * @param source - Name of the file, for the error.
 * @throws AlertRuleError that lists every fault with its key path.
 */
export function parseRules(text: string, source = 'the text'): AlertRule[] {
  const document = parseDocument(text)
  if (document.errors.length > 0) {
    throw new AlertRuleError(
      source,
      document.errors.map(({ message }) => message.split('\n')[0]!),
    )
  }
  return checkRules(document.toJS({ maxAliasCount: 100 }), source)
}

/**
 * The same for rules as an object, `{rules: […]}`.
 * @throws AlertRuleError
 */
export function checkRules(value: unknown, source = 'the object'): AlertRule[] {
  const result = fileSchema.safeParse(value)
  if (result.success) return result.data.rules as AlertRule[]
  throw new AlertRuleError(
    source,
    result.error.issues.map(({ path, message }) => `${pathText(path)}: ${message}`),
  )
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return text.replace(/^\./, '') || 'the top'
}
