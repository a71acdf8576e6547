import type { SignalChange } from './observation.ts'

/** Three significant digits, no exponent for everyday sizes. */
function number(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))
}

function percent(share: number): string {
  return `${number(100 * share)} %`
}

function times(c: SignalChange): string {
  return c.expected > 0 ? ` (${number(c.observed / c.expected)} times the usual)` : ''
}

function milliseconds(value: number): string {
  return value >= 1000 ? `${number(value / 1000)} s` : `${number(value)} ms`
}

const SENTENCES: Record<string, (c: SignalChange) => string> = {
  duration: (c) =>
    `model calls take ${milliseconds(c.observed)} instead of ${milliseconds(c.expected)}${times(c)}, the length of the answers allowed for`,
  input_tokens: (c) => `prompts have grown to ${number(c.observed / c.expected)} times their usual length`,
  output_tokens: (c) => `answers are ${number(c.observed)} tokens long instead of ${number(c.expected)}${times(c)}`,
  unit_price: (c) =>
    `a token costs ${number(c.observed / c.expected)} times the usual price: another model or tier is in use`,
  error_rate: (c) => `${percent(c.observed)} of the newest calls${of(c)} fail, ${percent(c.expected)} is usual`,
  run_error_rate: (c) => `${percent(c.observed)} of its newest runs fail, ${percent(c.expected)} is usual`,
  tool_duration: (c) =>
    `tool ${c.subject} takes ${milliseconds(c.observed)} instead of ${milliseconds(c.expected)}${times(c)}`,
  tool_error_rate: (c) =>
    `${percent(c.observed)} of the newest calls of tool ${c.subject} fail, ${percent(c.expected)} is usual`,
  calls_per_trace: (c) => `a task now takes ${number(c.observed - 1)} calls instead of ${number(c.expected - 1)}`,
  loop: (c) =>
    `one task has made ${number(c.observed)} calls and goes on, ${number(c.expected)} is usual: it may be in a loop`,
  retry_rate: (c) => `${percent(c.observed)} of the newest tasks retry a tool, ${percent(c.expected)} is usual`,
  handoff_ping_pong: (c) =>
    `${percent(c.observed)} of the newest tasks are handed back and forth, ${percent(c.expected)} is usual`,
  silence: (c) => `only ${number(c.observed)} runs where ${number(c.expected)} were to be expected: it has gone quiet`,
  absence: (c) =>
    `it had no part in ${percent(c.observed)} of the newest tasks, ${percent(c.expected)} is usual: it has gone quiet`,
  volume: (c) => `${number(c.observed)} runs in 20 minutes where ${number(c.expected)} were to be expected`,
}

function of(c: SignalChange): string {
  return c.subject === undefined ? '' : ` of ${c.subject}`
}

/** What a change means, in one sentence that a person understands. */
export function explain(change: SignalChange): string {
  const sentence = SENTENCES[change.signal]
  if (sentence) return `${change.agent}: ${sentence(change)}.`
  return `${change.agent}: ${change.signal} is ${number(change.observed)} where ${number(change.expected)} is usual.`
}
