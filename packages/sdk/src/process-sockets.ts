/** What of a socket is read; also of one that is closed. */
interface SocketLike {
  readonly destroyed: boolean
  readonly bytesRead: number
  readonly bytesWritten: number
  /** Undefined before it is connected, and of a socket that is a file. */
  readonly remoteAddress?: string | undefined
}

/** Channels on which Node and undici tell of a new socket. */
const CHANNELS = ['net.client.socket', 'net.server.socket', 'undici:client:connected'] as const

/** So many sockets may come before those that are closed are looked for. */
const SWEEP_AFTER = 500

/**
 * Bytes of all sockets that this thread has opened or accepted since the watch began, and how many are connected over
 * a network now.
 */
export interface SocketFigures {
  readonly received: number
  readonly sent: number
  readonly open: number
}

/** Watches sockets without touching them: their own counters are read, no listener is added. */
export function watchSockets(): { read(): SocketFigures; stop(): void } {
  const channels = process.getBuiltinModule('node:diagnostics_channel')
  const sockets = new Set<SocketLike>()
  let [received, sent, added] = [0, 0, 0]
  const sweep = (): void => {
    added = 0
    for (const socket of sockets) {
      if (!socket.destroyed) continue
      received += socket.bytesRead
      sent += socket.bytesWritten
      sockets.delete(socket)
    }
  }
  const add = (message: unknown): void => {
    const { socket } = message as { socket?: SocketLike }
    if (socket === undefined) return
    sockets.add(socket)
    if (++added >= SWEEP_AFTER) sweep()
  }
  for (const name of CHANNELS) channels.subscribe(name, add)
  return {
    read() {
      sweep()
      const all = [...sockets]
      const sum = (key: 'bytesRead' | 'bytesWritten') => all.reduce((bytes, socket) => bytes + socket[key], 0)
      const open = all.filter(({ remoteAddress }) => remoteAddress !== undefined).length
      return { received: received + sum('bytesRead'), sent: sent + sum('bytesWritten'), open }
    },
    stop() {
      for (const name of CHANNELS) channels.unsubscribe(name, add)
      sockets.clear()
    },
  }
}
