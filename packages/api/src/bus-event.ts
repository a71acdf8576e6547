import { type Context, SpanKind } from '@opentelemetry/api'
import {
  AGENTEL_EVENT_STAGE_VALUE_COMPLETED,
  AGENTEL_EVENT_STAGE_VALUE_ERROR,
  AGENTEL_EVENT_STAGE_VALUE_PUBLISHED,
  AGENTEL_EVENT_STAGE_VALUE_RECEIVED,
  ATTR_AGENTEL_EVENT_ID,
  ATTR_AGENTEL_EVENT_STAGE,
  ATTR_AGENTEL_EVENT_TYPE,
  ATTR_AGENTEL_TRANSACTION_ID,
} from '@agentel/semconv'
import { injectContext, receivedFrom } from './carrier.ts'
import {
  type ConceptDefinition,
  type Handle,
  type Runner,
  type SpanOptions,
  type Starter,
  type Wrapper,
  defineConcept,
} from './concept.ts'
import { getTransaction, setTransaction } from './transaction.ts'

/** An event on a bus, of any kind. */
export interface BusEventOptions extends SpanOptions {
  /** Low-cardinality type: `order.created`. */
  readonly type: string
  readonly id?: string
  /** The transaction that it belongs to; that of the carrier or of the event around it by default. */
  readonly transactionId?: string
  /** Headers or metadata of the event: the trace context is written to and read from them. */
  readonly carrier?: object
}

function shared(
  firstStage: string,
  lastStage: string,
): Pick<ConceptDefinition<BusEventOptions, object>, 'key' | 'begin' | 'inside'> {
  return {
    key: 'type',
    inside: (context, { transactionId }) =>
      transactionId === undefined ? context : setTransaction(context, transactionId),
    begin(operation, { carrier }) {
      operation.set({ [ATTR_AGENTEL_EVENT_STAGE]: firstStage })
      if (firstStage === AGENTEL_EVENT_STAGE_VALUE_PUBLISHED && carrier !== undefined) {
        injectContext(carrier, { context: operation.context })
      }
      return {
        methods: {},
        onEnd: ({ failure }) =>
          operation.set({
            [ATTR_AGENTEL_EVENT_STAGE]: failure === undefined ? lastStage : AGENTEL_EVENT_STAGE_VALUE_ERROR,
          }),
      }
    },
  }
}

const publishing = defineConcept<BusEventOptions>({
  ...shared(AGENTEL_EVENT_STAGE_VALUE_PUBLISHED, AGENTEL_EVENT_STAGE_VALUE_PUBLISHED),
  describe: (options, context) => ({
    name: `publish ${options.type}`,
    kind: SpanKind.PRODUCER,
    attributes: attributesOf(options, context),
  }),
})

/** An event that is being processed. */
export interface ProcessEventHandle extends Handle {
  /** The handler gives it back to the bus, to have it again later: the stage stays `received`. */
  postpone(): void
}

const handling = shared(AGENTEL_EVENT_STAGE_VALUE_RECEIVED, AGENTEL_EVENT_STAGE_VALUE_COMPLETED)

const processing = defineConcept<BusEventOptions, Pick<ProcessEventHandle, 'postpone'>>({
  ...handling,
  begin(operation, options) {
    let postponed = false
    const { onEnd } = handling.begin!(operation, options)
    return {
      methods: { postpone: () => (postponed = true) },
      onEnd: (outcome) => {
        if (!postponed || outcome.failure !== undefined) onEnd!(outcome)
      },
    }
  },
  describe(options, context) {
    const received = receivedFrom(options.carrier, context, undefined)
    return {
      ...received,
      name: `process ${options.type}`,
      kind: SpanKind.CONSUMER,
      attributes: attributesOf(options, received.parent),
    }
  },
})

function attributesOf({ type, id, transactionId }: BusEventOptions, context: Context): Record<string, unknown> {
  return {
    [ATTR_AGENTEL_EVENT_TYPE]: type,
    [ATTR_AGENTEL_EVENT_ID]: id,
    [ATTR_AGENTEL_TRANSACTION_ID]: transactionId ?? getTransaction(context),
  }
}

/**
 * Puts an event on a bus: span `publish {type}`, stage `published`, or `error` when it failed.
 *
 * @example
 * await publishEvent({ type: 'order.created', id, transactionId, carrier: headers }, () => bus.publish(event, headers))
 */
export const publishEvent: Runner<BusEventOptions, Handle> = publishing.run
/** Starts publishing by hand; see {@link publishEvent}. */
export const startPublishEvent: Starter<BusEventOptions, Handle> = publishing.start
/** Makes every call of a function a publishing; see {@link publishEvent}. */
export const wrapPublishEvent: Wrapper<BusEventOptions> = publishing.wrap

/**
 * Processes an event from a bus: span `process {type}`, child of the publisher's span and linked to it; stage
 * `received` while it runs, then `completed` or `error`; `postpone()` of the handle leaves it at `received`.
 *
 * @example
 * bus.on('order.created', (event, headers) => processEvent({ type: 'order.created', carrier: headers }, () => ship(event)))
 */
export const processEvent: Runner<BusEventOptions, ProcessEventHandle> = processing.run
/** Starts processing by hand; see {@link processEvent}. */
export const startProcessEvent: Starter<BusEventOptions, ProcessEventHandle> = processing.start
/** Makes every call of a function a processing; see {@link processEvent}. */
export const wrapProcessEvent: Wrapper<BusEventOptions> = processing.wrap
