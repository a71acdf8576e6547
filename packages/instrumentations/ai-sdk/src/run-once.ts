import { isGateError, recordFault } from '@agentel/api'

/** Something that the SDK wants to have run. */
export interface Run {
  readonly execute: () => PromiseLike<unknown>
}

/**
 * What is run is run once, whatever happens to us; only a gate may stop it.
 *
 * @param where named in the report of a fault
 * @param around runs it, in a context of ours
 */
export function runOnce<Event extends Run>(
  where: string,
  event: Event,
  around: (event: Event) => PromiseLike<unknown>,
  run: () => unknown = event.execute,
): unknown {
  let started: PromiseLike<unknown> | undefined
  const execute = (): PromiseLike<unknown> => (started ??= event.execute())
  try {
    return around({ ...event, execute })
  } catch (fault) {
    if (isGateError(fault)) throw fault
    recordFault(where, fault)
    return started ?? run()
  }
}
