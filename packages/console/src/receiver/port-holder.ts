import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number
  readonly command: string
}

const LISTEN = '0A'

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // Not there (no IPv6, another system) or not ours to read: then we cannot tell.
  }
}

function listeningInodes(port: number): Set<string> {
  const inodes = new Set<string>()
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readText(table).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      if (fields[3] === LISTEN && fields[1]?.endsWith(suffix)) inodes.add(fields[9] ?? '')
    }
  }
  return inodes
}

function holds(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]
        return inode !== undefined && inodes.has(inode)
      } catch {
        return false // Closed meanwhile.
      }
    })
  } catch {
    return false // Another user's process, or gone.
  }
}

/** Who listens on a TCP port of this machine; undefined when that cannot be found out (only Linux tells). */
export function findPortHolder(port: number): PortHolder | undefined {
  const inodes = listeningInodes(port)
  if (inodes.size === 0) return undefined
  try {
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holds(name, inodes))
    if (pid === undefined) return undefined
    const command = readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
    return { pid: Number(pid), command: command.slice(0, 200) }
  } catch {
    return undefined
  }
}
