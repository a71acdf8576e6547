import {
  type InstrumentationConfig,
  KitInstrumentation,
  type ModuleExports,
  type PatchTable,
} from '@agentel/instrumentation-kit'
import { addFlows, addMany, addOne } from './add-jobs.ts'
import type { DescribeJob } from './bullmq-jobs.ts'
import { processJob } from './process-job.ts'
import { SCOPE_NAME, SCOPE_VERSION } from './version.ts'

/** Options of the instrumentation of BullMQ. */
export interface BullMQInstrumentationConfig extends InstrumentationConfig {
  /** What the application knows of a job: its transaction, a type in place of `<queue>.<job name>`. */
  readonly describe?: DescribeJob
}

/**
 * OpenTelemetry instrumentation of BullMQ: a job that is added is a published event, its processing is received and
 * then completed or an error, in the trace of whoever added it.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new BullMQInstrumentation()] })
 */
export class BullMQInstrumentation extends KitInstrumentation<BullMQInstrumentationConfig> {
  constructor(config: BullMQInstrumentationConfig = {}) {
    super(bullmqTable, config)
  }
}

/** What is patched: adding jobs, one, several, a flow of them; and calling the processor, in a function or a file. */
export function bullmqTable({ describe }: BullMQInstrumentationConfig = {}): PatchTable {
  const prototypeOf = (name: string) => (exports: ModuleExports) =>
    (exports[name] as { prototype?: object } | undefined)?.prototype
  return {
    name: SCOPE_NAME,
    version: SCOPE_VERSION,
    module: 'bullmq',
    entries: ['dist/esm/index', 'dist/cjs/index'],
    majors: [5, 6],
    patches: [
      { name: 'queue.add', method: 'add', find: prototypeOf('Queue'), wrap: () => addOne(describe) },
      { name: 'queue.addBulk', method: 'addBulk', find: prototypeOf('Queue'), wrap: () => addMany(describe) },
      { name: 'flow.add', method: 'add', find: prototypeOf('FlowProducer'), wrap: () => addFlows(describe) },
      { name: 'flow.addBulk', method: 'addBulk', find: prototypeOf('FlowProducer'), wrap: () => addFlows(describe) },
      {
        name: 'worker.process',
        method: 'callProcessJob',
        find: prototypeOf('Worker'),
        wrap: () => processJob(describe),
      },
    ],
  }
}
