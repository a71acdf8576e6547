/** What of a socket is read; also of one that is closed. */
interface SocketLike {
  readonly destroyed: boolean
  readonly bytesRead: number
  readonly bytesWritten: number
}

/** Channels on which Node and undici tell of a new socket. */
const CHANNELS = ['net.client.socket', 'net.server.socket', 'undici:client:connected'] as const

/** So many sockets may come before those that are closed are looked for. */
const SWEEP_AFTER = 500

/** Bytes and connections of all sockets that this thread has opened or accepted since the watch began. */
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
      const open = [...sockets]
      const sum = (key: 'bytesRead' | 'bytesWritten') => open.reduce((all, socket) => all + socket[key], 0)
      return { received: received + sum('bytesRead'), sent: sent + sum('bytesWritten'), open: open.length }
    },
    stop() {
      for (const name of CHANNELS) channels.unsubscribe(name, add)
      sockets.clear()
    },
  }
}
