import { type BusEventOptions, guard, startProcessEvent } from '@agentel/api'
import type { Invoke } from '@agentel/instrumentation-kit'
import { ATTR_AGENTEL_WORKER_ID, ATTR_AGENTEL_WORKER_NAME } from '@agentel/semconv'
import { type BullMQJob, carrierOf, type DescribeJob, eventOf, type JobOptions } from './bullmq-jobs.ts'

interface ProcessedJob extends BullMQJob {
  readonly opts?: JobOptions
  readonly attemptsMade?: number
}

interface WorkerLike {
  readonly name: string
  readonly id?: string
  readonly opts?: { readonly name?: string }
}

/** What a processor throws to give its job back: not a failure, the job comes again. */
const POSTPONING = new Set(['DelayedError', 'WaitingError', 'WaitingChildrenError', 'RateLimitError'])
/** BullMQ's rate limit is an ordinary error with this message. */
const RATE_LIMIT = 'bullmq:rateLimitExceeded'

function isPostponed(error: unknown): boolean {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown }
  return POSTPONING.has(String(name)) || message === RATE_LIMIT
}

function handlingOf(worker: WorkerLike, job: ProcessedJob, describe: DescribeJob | undefined): BusEventOptions {
  const event = eventOf(worker.name, job, describe)
  const carrier = carrierOf(job.opts)
  const attempts = job.attemptsMade ?? 0
  return {
    ...event,
    ...(carrier === undefined ? undefined : { carrier }),
    // A job that failed before is tried again.
    ...(attempts > 0 ? { retry: { attempt: attempts + 1 } } : undefined),
    // A worker's own name tells it from others of its queue.
    attributes: {
      [ATTR_AGENTEL_WORKER_NAME]: worker.name,
      [ATTR_AGENTEL_WORKER_ID]: worker.opts?.name ?? worker.id,
    },
  }
}

/** `worker.callProcessJob(job, token, signal)`: the work of the application's processor, in a function or a file. */
export function processJob(describe: DescribeJob | undefined): Invoke {
  return (self, args, original) => {
    const options = guard('bullmq.process', () => handlingOf(self as WorkerLike, args[0] as ProcessedJob, describe))
    if (options === undefined) return Reflect.apply(original, self, args)
    const handling = startProcessEvent(options)
    const work = async (): Promise<unknown> => {
      try {
        return await handling.run(() => Reflect.apply(original, self, args) as unknown)
      } catch (error) {
        if (isPostponed(error)) handling.postpone()
        else handling.fail(error)
        throw error
      } finally {
        handling.end()
      }
    }
    return work()
  }
}
