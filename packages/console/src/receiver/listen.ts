import type { Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { findPortHolder } from './port-holder.ts'

/** Why a port could not be had. */
export class PortError extends Error {
  override readonly name = 'PortError'
}

function explain(error: NodeJS.ErrnoException, host: string, port: number, option: string): PortError {
  if (error.code === 'EADDRINUSE') {
    const holder = findPortHolder(port)
    const who = holder === undefined ? 'another process' : `process ${holder.pid} (${holder.command})`
    return new PortError(`Port ${port} on ${host} is in use by ${who}. Stop it, or choose another port with ${option}.`)
  }
  if (error.code === 'EACCES') {
    return new PortError(`Port ${port} on ${host} may not be used by this user. Choose one above 1023 with ${option}.`)
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new PortError(`${host} is not an address of this machine. Give --host one that is, e.g. 127.0.0.1.`)
  }
  return new PortError(`Listening on ${host}:${port} failed: ${error.message}`)
}

/**
 * Listens, and resolves with the port (useful with port 0).
 * @throws (rejects) PortError, which says who has the port and which option changes it.
 */
export function listen(server: Server, host: string, port: number, option: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(explain(error, host, port, option))
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
