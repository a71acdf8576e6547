import { parseArgs } from 'node:util'
import { FAULT_KINDS, type FaultKind, type InjectedFault } from './model/injected-fault.ts'

/** What the command line says. */
export interface DemoOptions {
  help: boolean
  once: boolean
  /** Port of the console; 0 takes a free one. */
  port: number
  /** Questions of `--once`. */
  questions: number
  /** How slow the pretended model is; 1 is about as slow as the real one. */
  pace: number
  /** Trouble to bring in, to see how it is reported. */
  fault: InjectedFault | undefined
  /** Whether the real service is used. */
  real: boolean
  /** OTLP/HTTP address that the agents send to instead of the console. */
  to: string | undefined
}

/** What `--help` prints. */
export const USAGE = `Usage: agentel demo [options]; in a clone: npx -y pnpm@12 demo [options]

A research desk of five agents in two processes works on questions; a console shows it.

  --once           ask a fixed number of questions, compare the console with the
                   model server's own ledger, and end (exit code 0 if they agree)
  --questions N    how many questions --once asks (default 24)
  --port N         port of the console and its receiver (default 4318, 0: any free one)
  --pace N         how slow the local model is; 1 is about as slow as a real one
                   (default 1; 0.1 with --once)
  --fault KIND:N   after N questions: tool-outage, loop, token-blowup, silent-agent or
                   slow-model; --once lists what was reported of it
  --to URL         send to this OTLP/HTTP address (a collector) instead of the console
  --local          use the local model even though OPENAI_API_KEY is set

Examples:
  agentel demo                   the page on port 4318, until Ctrl-C
  agentel demo --fault loop:20   an agent runs in circles after 20 questions
  agentel demo --once            an exit code for scripts

With OPENAI_API_KEY set, the agents use the real service, which costs money.`

/**
 * Reads the options.
 *
 * @throws Error that names the option, for an unknown one or a value that is no number in its range
 */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv = process.env): DemoOptions {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      once: { type: 'boolean', default: false },
      local: { type: 'boolean', default: false },
      questions: { type: 'string', default: '24' },
      port: { type: 'string', default: '4318' },
      pace: { type: 'string' },
      fault: { type: 'string' },
      to: { type: 'string' },
    },
  })
  const once = values.once
  if (once && values.to !== undefined)
    throw new Error('--to cannot be used with --once, which compares what the console has received.')
  return {
    help: values.help,
    once,
    port: numberOption('port', values.port, 0, 65_535),
    questions: numberOption('questions', values.questions, 1, 10_000),
    pace: numberOption('pace', values.pace ?? (once ? '0.1' : '1'), 0, 100),
    fault: values.fault === undefined ? undefined : faultOption(values.fault),
    to: values.to === undefined ? undefined : addressOption(values.to),
    real: !values.local && Boolean(env['OPENAI_API_KEY']),
  }
}

function numberOption(name: string, text: string, least: number, most: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  const whole = name === 'pace' || Number.isInteger(value)
  if (whole && value >= least && value <= most) return value
  const kind = name === 'pace' ? 'a number' : 'a whole number'
  throw new Error(`--${name} is "${text}"; it must be ${kind} from ${least} to ${most}.`)
}

function addressOption(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text
  throw new Error(`--to is "${text}"; it must be an address as http://127.0.0.1:4318.`)
}

function faultOption(text: string): InjectedFault {
  const [kind, after = '60'] = text.split(':')
  if (!FAULT_KINDS.includes(kind as FaultKind))
    throw new Error(
      `--fault is "${text}"; it must be one of ${FAULT_KINDS.join(', ')}, with the number of questions before it, as in loop:60.`,
    )
  return { kind: kind as FaultKind, after: numberOption('fault', after, 0, 10_000) }
}
