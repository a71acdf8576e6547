import type { Operation } from '@agentel/api'

/** A request that has not been answered. */
export interface OpenRequest {
  readonly operation: Operation
  /** The span is somebody else's (a framework's tool call): it is completed here, and ended there. */
  readonly borrowed: boolean
  readonly method: string
}

/** Requests of one direction of a connection, by their id. */
export interface OpenRequests {
  readonly size: number
  add(id: unknown, request: OpenRequest): void
  /** Takes the request out, tells what became of it, and ends its span. Nothing happens when it is not known. */
  settle(id: unknown, tell: (request: OpenRequest) => void): void
  settleAll(tell: (request: OpenRequest) => void): void
}

/** A peer that never answers must not grow a map that never ends. */
const MAX_OPEN = 10_000

/** No requests yet. */
export function openRequests(): OpenRequests {
  const requests = new Map<unknown, OpenRequest>()
  const settle: OpenRequests['settle'] = (id, tell) => {
    const request = requests.get(id)
    if (request === undefined) return
    requests.delete(id)
    tell(request)
    if (!request.borrowed) request.operation.end()
  }
  return {
    get size() {
      return requests.size
    },
    add(id, request) {
      if (requests.size >= MAX_OPEN) settle(requests.keys().next().value, () => undefined)
      requests.set(id, request)
    },
    settle,
    settleAll: (tell) => [...requests.keys()].forEach((id) => settle(id, tell)),
  }
}
