import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import type { Agentel } from '@agentel/sdk'
import {
  ATTR_AGENTEL_COST_AMOUNT,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '@agentel/semconv'
import type { Check } from './check.ts'
import type { PackageCopy } from './find-packages.ts'
import { PROBED_CALLS } from './probed-calls.ts'
import { runProbe } from './run-probe.ts'

/** A span as the probe saw it end. */
export interface ProbedSpan {
  readonly name: string
  readonly traceId: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What the probe prints. */
export interface ProbedCall {
  readonly mode: Agentel['mode']
  readonly spans: readonly ProbedSpan[]
  readonly exports: ReturnType<Agentel['exports']>
}

/** SDKs of which a call can be made without an account: the model is pretended. */
const CALLABLE = Object.keys(PROBED_CALLS)

/** How the application is started. */
export interface VerifyOptions {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  /** File or package that the application is started with (`node --import`). */
  readonly importing?: string | undefined
  /** How long one call may take. */
  readonly limitMs: number
}

/** Sends one call of each model SDK through the user's set-up, and says what of it arrived where. */
export async function checkCalls(copies: readonly PackageCopy[], options: VerifyOptions): Promise<Check[]> {
  const first = CALLABLE.flatMap((name) => copies.find((copy) => copy.name === name) ?? [])
  if (first.length === 0) {
    const found = `nothing to call: none of ${CALLABLE.join(', ')} in this folder's node_modules`
    return [{ subject: 'call', verdict: 'warning', found, advice: 'run it in the application’s folder' }]
  }
  const checks: Check[] = []
  // One after the other: each goes to the same endpoint.
  for (const copy of first) checks.push(...(await checkCall(copy, options)))
  return checks
}

async function checkCall(copy: PackageCopy, { folder, env, importing, limitMs }: VerifyOptions): Promise<Check[]> {
  const subject = `call of ${copy.name}`
  const imports = importing === undefined ? [] : [moduleOf(importing, folder)]
  const probed = await runProbe({
    probe: 'probe-call',
    argument: copy.name,
    folder: copy.folder,
    env,
    imports,
    limitMs,
  })
  if ('failure' in probed) return [{ subject, verdict: 'failure', found: `it failed: ${probed.failure}` }]
  const call = JSON.parse(probed.out) as ProbedCall
  if (call.mode === 'disabled') {
    const found = 'nothing is recorded: OTEL_SDK_DISABLED or AGENTEL_DISABLED is true'
    return [{ subject, verdict: 'warning', found }]
  }
  if (call.mode === 'attached') {
    const found = 'it was answered; the set-up is the application’s own, and so are its exporters'
    return [{ subject, verdict: 'note', found, advice: 'look for a span of this minute in your backend' }]
  }
  return [{ subject, ...aboutSpans(call.spans) }, ...aboutExports(copy.name, call.exports)]
}

function moduleOf(given: string, folder: string): string {
  return /^[./]/.test(given) ? pathToFileURL(resolve(folder, given)).href : given
}

function aboutSpans(spans: readonly ProbedSpan[]): Omit<Check, 'subject'> {
  const [span, ...others] = spans
  if (span === undefined)
    return { verdict: 'failure', found: 'it was answered and gave no span', advice: 'see what is hooked, above' }
  if (others.length > 0) {
    const names = spans.map(({ name }) => name).join(', ')
    const advice = 'another instrumentation makes spans as well; the inner one counts'
    return { verdict: 'note', found: `${spans.length} spans: ${names}`, advice }
  }
  const { attributes, name, traceId } = span
  const tokens = `${String(attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS])} tokens in, ${String(attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS])} out`
  const cost = attributes[ATTR_AGENTEL_COST_AMOUNT]
  const price = typeof cost === 'number' ? `$${cost.toFixed(7)}` : 'without a price'
  return { verdict: 'ok', found: `one span, "${name}": ${tokens}, ${price}; trace ${traceId}` }
}

function aboutExports(sdk: string, exports: ProbedCall['exports']): Check[] {
  return Object.entries(exports).map(([signal, { exported, failed, lastError }]): Check => {
    const subject = `${signal} of ${sdk}`
    if (failed > 0) {
      const advice = 'see the endpoint, above'
      return {
        subject,
        verdict: 'failure',
        found: `${failed} did not arrive: ${lastError ?? 'no reason given'}`,
        advice,
      }
    }
    return exported > 0
      ? { subject, verdict: 'ok', found: `${exported} arrived at the endpoint` }
      : { subject, verdict: 'note', found: 'none was sent: there was none, or no exporter for them' }
  })
}
