import { sharedState } from './shared-state.ts'

/**
 * Says that one agent has this thread for itself: in the main thread the whole process. Its figures (CPU, memory, event
 * loop, network) then carry the agent's name; without it they are nobody's, for several agents share them.
 *
 * @param agent the agent's name; undefined takes it back
 * @example
 * ownThread('crawler') // first line of a worker thread that runs nothing but the crawler
 */
export function ownThread(agent: string | undefined): void {
  const state = sharedState()
  if (agent === undefined) delete state.threadOwner
  else state.threadOwner = agent
}

/** The agent that has this thread for itself. */
export function getThreadOwner(): string | undefined {
  return sharedState().threadOwner
}
