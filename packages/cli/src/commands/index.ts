import type { Verb } from '../frame/command-line.ts'
import { agents } from './agents.ts'
import { alerts } from './alerts.ts'
import { audit } from './audit.ts'
import { backup } from './backup.ts'
import { config } from './config.ts'
import { console } from './console.ts'
import { cost } from './cost.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { events } from './events.ts'
import { exportVerb } from './export.ts'
import { importVerb } from './import.ts'
import { forget } from './forget.ts'
import { metrics } from './metrics.ts'
import { report } from './report.ts'
import { rules } from './rules.ts'
import { trace } from './trace.ts'
import { traces } from './traces.ts'
import { transaction } from './transaction.ts'
import { watch } from './watch.ts'
import { why } from './why.ts'
import { workers } from './workers.ts'

/** Every verb, in the order of the help. A new one is a file beside this and a line here. */
export const VERBS: Readonly<Record<string, Verb>> = {
  console,
  demo,
  watch,
  traces,
  trace,
  why,
  cost,
  agents,
  events,
  transaction,
  workers,
  metrics,
  report,
  import: importVerb,
  export: exportVerb,
  backup,
  alerts,
  rules,
  audit,
  forget,
  doctor,
  config,
}
