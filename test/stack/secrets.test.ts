/** Secrets that reach the collector, from senders without redaction of their own, reach no backend. */
import { expect, it } from 'vitest'
import { eventually, jaegerText, lokiRecords, prometheusValue } from './backends.ts'
import { ownStack } from './own-stack.ts'
import { type KeyValue, sendCounter, sendLogs, sendSpans, span, text } from './otlp-sender.ts'

const SERVICE = 'careless'
const SEEDED = 200
const PLACES = 5
/** Three places are spans; one more span has secrets by name. */
const SPANS = (SEEDED / PLACES) * 3 + 1
const RECORDS = SEEDED / PLACES
const stack = await ownStack('secrets')

/** Letters and digits that follow from the seed. */
function letters(seed: number, length: number): string {
  let state = seed * 7919 + 1
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
  return Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return alphabet[(state >> 8) % alphabet.length]
  }).join('')
}

const KINDS: readonly ((seed: number) => string)[] = [
  (seed) => `sk-proj-${letters(seed, 40)}`,
  (seed) => `sk-ant-api03-${letters(seed, 40)}`,
  (seed) => `AKIA${letters(seed, 16)}`,
  (seed) => `ghp_${letters(seed, 36)}`,
  (seed) => `github_pat_${letters(seed, 60)}`,
  (seed) => `glpat-${letters(seed, 20)}`,
  (seed) => `xoxb-${letters(seed, 30)}`,
  (seed) => `AIza${letters(seed, 35)}`,
  (seed) => `sk_live_${letters(seed, 24)}`,
  (seed) => `eyJ${letters(seed, 20)}.eyJ${letters(seed + 1, 30)}.${letters(seed + 2, 30)}`,
]

/** Where a secret stands; every place has each kind of secret. */
function plant(secret: string, place: number, index: number): Promise<void> {
  const { otlp } = stack.urls
  const sentence = `please use ${secret} for it`
  const list: KeyValue = { key: 'app.list', value: { arrayValue: { values: [{ stringValue: sentence }] } } }
  if (place === 0) return sendSpans(otlp, SERVICE, [span('chat', { attributes: [text('app.note', sentence)] })])
  if (place === 1) {
    const events = [{ timeUnixNano: '1', name: 'exception', attributes: [text('exception.message', sentence)] }]
    return sendSpans(otlp, SERVICE, [span('chat', { events, status: { code: 2, message: sentence } })])
  }
  if (place === 2) return sendSpans(otlp, SERVICE, [span(`call ${secret}`, { attributes: [list] })])
  // Loki takes two records of one time and text for one.
  const log = { timeUnixNano: String(BigInt(Date.now()) * 1_000_000n + BigInt(index)), body: { stringValue: sentence } }
  if (place === 3) return sendLogs(otlp, SERVICE, [{ ...log, attributes: [text('app.note', sentence), list] }])
  return sendCounter(otlp, SERVICE, 'app.calls', [text('app.key', secret)])
}

it('lets none of 200 seeded secrets of ten kinds through, wherever they stand', async () => {
  const secrets = Array.from({ length: SEEDED }, (_, index) => KINDS[index % KINDS.length]!(index))
  for (const [index, secret] of secrets.entries()) await plant(secret, Math.floor(index / KINDS.length) % PLACES, index)
  await sendSpans(stack.urls.otlp, SERVICE, [
    span('named', { attributes: [text('db.password', 'hunter2-password'), text('api_key', 'hunter2-key')] }),
  ])
  const traces = await eventually(
    () => jaegerText(stack.urls.jaeger, SERVICE),
    (all) => all.split('"spanID"').length - 1 === SPANS,
  )
  const records = await eventually(
    () => lokiRecords(stack.urls.loki, `{service_name="${SERVICE}"}`),
    (all) => all.length === RECORDS,
  )
  const calls = await eventually(
    () => prometheusValue(stack.urls.prometheus, `count(app_calls_total)`),
    (count) => count !== undefined,
  )
  // Everything arrived; only the secrets did not.
  expect([traces.split('"spanID"').length - 1, records.length, calls]).toEqual([SPANS, RECORDS, 1])
  const series = await (await fetch(`${stack.urls.prometheus}/api/v1/series?match[]={__name__=~".%2B"}`)).text()
  const held = `${traces}\n${JSON.stringify(records)}\n${series}`
  expect(held).toContain('please use')
  const bodies = secrets.map((secret) => secret.replace(/^.*?[-_]|^AKIA|^AIza|^eyJ/, '').slice(0, 60))
  expect(bodies.filter((body) => held.includes(body))).toEqual([])
  expect(held).not.toContain('hunter2')
})
