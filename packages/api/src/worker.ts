import { ATTR_AGENTEL_WORKER_ID, ATTR_AGENTEL_WORKER_NAME } from '@agentel/semconv'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'

/** One execution of a worker. */
export interface WorkerOptions extends SpanOptions {
  /** Low-cardinality name: `indexer`. */
  readonly name: string
  /** Which of the workers of that name: `indexer-3`. */
  readonly id?: string
}

const concept = defineConcept<WorkerOptions>({
  key: 'name',
  describe: ({ name, id }) => ({
    name: `execute ${name}`,
    attributes: { [ATTR_AGENTEL_WORKER_NAME]: name, [ATTR_AGENTEL_WORKER_ID]: id },
  }),
})

/**
 * An execution of a worker: span `execute {name}`.
 *
 * @example
 * await worker({ name: 'indexer', id: 'indexer-3' }, () => index(batch))
 */
export const worker: Runner<WorkerOptions, Handle> = concept.run
/** Starts an execution by hand; see {@link worker}. */
export const startWorker: Starter<WorkerOptions, Handle> = concept.start
/** Makes every call of a function an execution; see {@link worker}. */
export const wrapWorker: Wrapper<WorkerOptions> = concept.wrap
