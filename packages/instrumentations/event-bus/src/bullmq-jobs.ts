import { context } from '@opentelemetry/api'
import { type BusEventOptions, type Carrier, type Handle, guard, startPublishEvent } from '@agentel/api'
import { ATTR_AGENTEL_EVENT_ID } from '@agentel/semconv'
import { type EventDescription, describedEvent } from './describe-event.ts'

/** BullMQ's own place for what travels with a job: `telemetry.metadata`, JSON text of the W3C headers. */
export interface JobOptions {
  readonly telemetry?: { readonly metadata?: string; readonly omitContext?: boolean }
}

/** What is known of a job when it is added and when it is processed. */
export interface BullMQJob {
  readonly name: string
  readonly data: unknown
  /** Known when it is processed, and when the application chose it. */
  readonly id?: string
}

/** What the application knows of its jobs. */
export type DescribeJob = (queue: string, job: BullMQJob) => EventDescription | undefined

/** A job that is being added: its span, and its options with the context in them. */
export interface AddedJob {
  readonly publishing: Handle
  readonly options: JobOptions
}

/** The event that a job is. */
export function eventOf(queue: string, { id, name, data }: BullMQJob, describe?: DescribeJob): BusEventOptions {
  const job = { name, data, ...(id === undefined ? undefined : { id }) }
  const event = describedEvent('bullmq.describe', `${queue}.${name}`, describe && (() => describe(queue, job)))
  return { ...(id === undefined ? undefined : { id }), ...event }
}

/** Starts the publishing of a job. The options of the application are copied, never changed. */
export function startAdding(event: BusEventOptions, given?: JobOptions | null): AddedJob {
  const options = given ?? {}
  const carrier: Carrier = {}
  const publishing = startPublishEvent({ ...event, carrier })
  const { telemetry } = options
  // What somebody else has put there, BullMQ's own telemetry say, is theirs.
  const isTaken = telemetry?.omitContext === true || telemetry?.metadata !== undefined
  if (isTaken || Object.keys(carrier).length === 0) return { publishing, options }
  return { publishing, options: { ...options, telemetry: { ...telemetry, metadata: JSON.stringify(carrier) } } }
}

/** What came with a job; undefined when nothing did, or when it cannot be read. */
export function carrierOf(options: JobOptions | undefined): Carrier | undefined {
  const metadata = options?.telemetry?.metadata
  if (typeof metadata !== 'string') return undefined
  const carrier = guard('bullmq.metadata', () => JSON.parse(metadata) as unknown)
  return typeof carrier === 'object' && carrier !== null ? (carrier as Carrier) : undefined
}

/** Runs `call` and ends the publishings with how it went; inside the publishing, when there is one. */
export async function whileAdding<T>(
  added: readonly AddedJob[],
  call: () => T | Promise<T>,
  onResult: (result: T) => void,
): Promise<T> {
  const [only, ...more] = added
  try {
    const result = await (only === undefined || more.length > 0 ? call() : context.with(only.publishing.context, call))
    guard('bullmq.added', () => onResult(result))
    return result
  } catch (error) {
    for (const { publishing } of added) publishing.fail(error)
    throw error
  } finally {
    for (const { publishing } of added) publishing.end()
  }
}

/** The id that a job has been given. */
export function setJobId({ publishing }: AddedJob, job: { id?: unknown } | undefined): void {
  if (typeof job?.id === 'string') publishing.set({ [ATTR_AGENTEL_EVENT_ID]: job.id })
}
