import {
  ATTR_DISK_IO_DIRECTION,
  ATTR_NETWORK_IO_DIRECTION,
  ATTR_SYSTEM_FILESYSTEM_STATE,
  DISK_IO_DIRECTION_VALUE_READ,
  DISK_IO_DIRECTION_VALUE_WRITE,
  METRIC_AGENTEL_PROCESS_CONNECTIONS,
  METRIC_AGENTEL_PROCESS_CONNECTIONS_PEAK,
  METRIC_AGENTEL_PROCESS_MEMORY_PEAK,
  METRIC_PROCESS_DISK_IO,
  METRIC_PROCESS_NETWORK_IO,
  METRIC_PROCESS_THREAD_COUNT,
  METRIC_SYSTEM_FILESYSTEM_USAGE,
  METRIC_SYSTEM_FILESYSTEM_UTILIZATION,
  NETWORK_IO_DIRECTION_VALUE_RECEIVE,
  NETWORK_IO_DIRECTION_VALUE_TRANSMIT,
  SYSTEM_FILESYSTEM_STATE_VALUE_FREE,
  SYSTEM_FILESYSTEM_STATE_VALUE_USED,
} from '@agentel/semconv'
import type { Look, Make } from './host-looks.ts'
import { readProc, watchFileSystem } from './process-files.ts'
import { watchSockets } from './process-sockets.ts'

/** Bytes and connections of this thread's sockets. */
export function lookAtSockets(make: Make): { look: Look; stop(): void } {
  const io = make(METRIC_PROCESS_NETWORK_IO)
  const connections = make(METRIC_AGENTEL_PROCESS_CONNECTIONS)
  const most = make(METRIC_AGENTEL_PROCESS_CONNECTIONS_PEAK)
  const sockets = watchSockets()
  let peak = 0
  return {
    look(result) {
      const { received, sent, open } = sockets.read()
      peak = Math.max(peak, open)
      result.observe(io, received, { [ATTR_NETWORK_IO_DIRECTION]: NETWORK_IO_DIRECTION_VALUE_RECEIVE })
      result.observe(io, sent, { [ATTR_NETWORK_IO_DIRECTION]: NETWORK_IO_DIRECTION_VALUE_TRANSMIT })
      result.observe(connections, open)
      result.observe(most, peak)
    },
    stop: sockets.stop,
  }
}

/** Disk, threads and the most memory that the process held; what the system does not tell is left out. */
export function lookAtProcess(make: Make): Look {
  const disk = make(METRIC_PROCESS_DISK_IO)
  const threads = make(METRIC_PROCESS_THREAD_COUNT)
  const memory = make(METRIC_AGENTEL_PROCESS_MEMORY_PEAK)
  return (result) => {
    // Kilobytes.
    result.observe(memory, process.resourceUsage().maxRSS * 1024)
    const found = readProc()
    if (found === undefined) return
    result.observe(disk, found.read, { [ATTR_DISK_IO_DIRECTION]: DISK_IO_DIRECTION_VALUE_READ })
    result.observe(disk, found.written, { [ATTR_DISK_IO_DIRECTION]: DISK_IO_DIRECTION_VALUE_WRITE })
    result.observe(threads, found.threads)
  }
}

/** The file system in which the process works. */
export function lookAtFileSystem(make: Make): Look {
  const usage = make(METRIC_SYSTEM_FILESYSTEM_USAGE)
  const utilization = make(METRIC_SYSTEM_FILESYSTEM_UTILIZATION)
  const space = watchFileSystem(process.cwd())
  return (result) => {
    const found = space()
    if (found === undefined) return
    result.observe(usage, found.used, { [ATTR_SYSTEM_FILESYSTEM_STATE]: SYSTEM_FILESYSTEM_STATE_VALUE_USED })
    result.observe(usage, found.free, { [ATTR_SYSTEM_FILESYSTEM_STATE]: SYSTEM_FILESYSTEM_STATE_VALUE_FREE })
    result.observe(utilization, found.used / (found.used + found.free))
  }
}
