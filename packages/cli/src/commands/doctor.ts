import { command, type Verb } from '../frame/command-line.ts'
import { UsageError } from '../frame/usage-error.ts'

/** The longest that a timer of Node can wait, in seconds. */
const MOST_SECONDS = 2_147_483

function milliseconds(text: string): number {
  const seconds = text.trim() === '' ? Number.NaN : Number(text)
  if (seconds > 0 && seconds <= MOST_SECONDS) return Math.ceil(seconds * 1000)
  throw new UsageError(`--timeout is "${text}"; it must be a number of seconds above 0, at most ${MOST_SECONDS}`)
}

export const doctor: Verb = (output) =>
  command({
    name: 'doctor',
    description: 'Say what agentel sees of an application, and what would be lost',
    args: {
      cwd: { type: 'string', description: "The application's folder", default: '.' },
      verify: {
        type: 'boolean',
        description: 'Send one call of each model SDK through the set-up, and say what arrived',
        default: false,
      },
      import: { type: 'string', description: 'What the application is started with (node --import), for that call' },
      timeout: { type: 'string', description: 'Seconds that loading one SDK, or one call, may take', default: '60' },
      json: { type: 'boolean', description: 'Print JSON instead of text', default: false },
    },
    examples: [
      ['agentel doctor --verify', 'with one call to a pretended model, sent where the environment says'],
      ['agentel doctor --cwd ../app', 'look at another folder'],
    ],
    async run(args) {
      const { runDoctor } = await import('../doctor/run-doctor.ts')
      return runDoctor(
        {
          folder: args.cwd,
          env: process.env,
          verify: args.verify,
          importing: args.import,
          limitMs: milliseconds(args.timeout),
        },
        args.json,
        output,
      )
    },
  })
