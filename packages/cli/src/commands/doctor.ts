import { command, type Verb } from '../frame/command-line.ts'

export const doctor: Verb = (output) =>
  command({
    name: 'doctor',
    description: 'Say what agentel sees of an application, and what would be lost',
    args: {
      cwd: { type: 'string', description: "The application's folder", default: '.' },
      json: { type: 'boolean', description: 'Print JSON instead of text', default: false },
    },
    examples: [['agentel doctor --cwd ../app', 'look at another folder']],
    async run(args) {
      const { runDoctor } = await import('../doctor/run-doctor.ts')
      return runDoctor({ folder: args.cwd, env: process.env }, args.json, output)
    },
  })
