import type { Verb } from '../frame/command-line.ts'
import { agents } from './agents.ts'
import { config } from './config.ts'
import { console } from './console.ts'
import { cost } from './cost.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { metrics } from './metrics.ts'
import { trace } from './trace.ts'
import { traces } from './traces.ts'

/** Every verb, in the order of the help. A new one is a file beside this and a line here. */
export const VERBS: Readonly<Record<string, Verb>> = {
  console,
  demo,
  traces,
  trace,
  cost,
  agents,
  metrics,
  doctor,
  config,
}
