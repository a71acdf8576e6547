import { command, type Verb } from '../frame/command-line.ts'

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
      json: { type: 'boolean', description: 'Print JSON instead of text', default: false },
    },
    examples: [
      ['agentel doctor --verify', 'with one call to a pretended model, sent where the environment says'],
      ['agentel doctor --cwd ../app', 'look at another folder'],
    ],
    async run(args) {
      const { runDoctor } = await import('../doctor/run-doctor.ts')
      return runDoctor(
        { folder: args.cwd, env: process.env, verify: args.verify, importing: args.import },
        args.json,
        output,
      )
    },
  })
