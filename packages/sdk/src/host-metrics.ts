import type { Meter, Observable } from '@opentelemetry/api'
import { availableParallelism } from 'node:os'
import type { monitorEventLoopDelay, Performance as NodePerformance } from 'node:perf_hooks'
import { faultCounts, getThreadOwner, lossCounts } from '@agentel/api'
import {
  ATTR_AGENTEL_COMPONENT_NAME,
  ATTR_CPU_MODE,
  ATTR_NODEJS_EVENTLOOP_STATE,
  ATTR_V8JS_HEAP_SPACE_NAME,
  CPU_MODE_VALUE_SYSTEM,
  CPU_MODE_VALUE_USER,
  METRIC_AGENTEL_PROCESS_CPU_PEAK,
  METRIC_AGENTEL_SELF_DROPPED,
  METRIC_AGENTEL_SELF_EVICTED,
  METRIC_AGENTEL_SELF_FAULTS,
  METRIC_AGENTEL_THREAD_CPU_TIME,
  METRIC_NODEJS_EVENTLOOP_DELAY_MAX,
  METRIC_NODEJS_EVENTLOOP_DELAY_MEAN,
  METRIC_NODEJS_EVENTLOOP_DELAY_MIN,
  METRIC_NODEJS_EVENTLOOP_DELAY_P50,
  METRIC_NODEJS_EVENTLOOP_DELAY_P99,
  METRIC_NODEJS_EVENTLOOP_TIME,
  METRIC_NODEJS_EVENTLOOP_UTILIZATION,
  METRIC_PROCESS_CPU_TIME,
  METRIC_PROCESS_CPU_UTILIZATION,
  METRIC_PROCESS_MEMORY_USAGE,
  METRIC_PROCESS_UPTIME,
  METRIC_V8JS_MEMORY_HEAP_LIMIT,
  METRIC_V8JS_MEMORY_HEAP_USED,
  NODEJS_EVENTLOOP_STATE_VALUE_ACTIVE,
  NODEJS_EVENTLOOP_STATE_VALUE_IDLE,
} from '@agentel/semconv'
import { droppedLines } from './log-file.ts'
import { lookWith, ofOwner, type Look, type Make } from './host-looks.ts'
import { lookAtFileSystem, lookAtProcess, lookAtSockets } from './resource-looks.ts'
import type { Losses } from './span-sampling.ts'

/** Node's own, which knows the event loop; the global one is typed as a browser's where both are about. */
const nodePerformance = performance as unknown as NodePerformance

function lookAtCpu(time: Observable, utilization: Observable, most: Observable): Look {
  const cpus = availableParallelism()
  let before = { at: performance.now(), ...process.cpuUsage() }
  let peak = 0
  return (result) => {
    const now = { at: performance.now(), ...process.cpuUsage() }
    // Microseconds of CPU over milliseconds of time.
    const share = (mode: 'user' | 'system') => (now[mode] - before[mode]) / 1000 / ((now.at - before.at) * cpus)
    for (const [key, mode] of [
      ['user', CPU_MODE_VALUE_USER],
      ['system', CPU_MODE_VALUE_SYSTEM],
    ] as const) {
      result.observe(time, now[key] / 1e6, { [ATTR_CPU_MODE]: mode })
      if (now.at > before.at) result.observe(utilization, share(key), { [ATTR_CPU_MODE]: mode })
    }
    if (now.at > before.at) peak = Math.max(peak, share('user') + share('system'))
    result.observe(most, peak)
    before = now
  }
}

function lookAtHeap(used: Observable, limit: Observable): Look {
  return (result) => {
    for (const space of process.getBuiltinModule('node:v8').getHeapSpaceStatistics()) {
      const attributes = { [ATTR_V8JS_HEAP_SPACE_NAME]: space.space_name }
      result.observe(used, space.space_used_size, attributes)
      result.observe(limit, space.space_size, attributes)
    }
  }
}

function lookAtLoop(utilization: Observable, time: Observable): Look {
  let before = nodePerformance.eventLoopUtilization()
  return (result) => {
    const now = nodePerformance.eventLoopUtilization()
    result.observe(utilization, nodePerformance.eventLoopUtilization(now, before).utilization)
    before = now
    result.observe(time, now.active / 1000, { [ATTR_NODEJS_EVENTLOOP_STATE]: NODEJS_EVENTLOOP_STATE_VALUE_ACTIVE })
    result.observe(time, now.idle / 1000, { [ATTR_NODEJS_EVENTLOOP_STATE]: NODEJS_EVENTLOOP_STATE_VALUE_IDLE })
  }
}

type Histogram = ReturnType<typeof monitorEventLoopDelay>
type Delay = (histogram: Histogram) => number

function lookAtDelays(delays: readonly (readonly [Observable, Delay])[]): { look: Look; stop(): void } {
  let histogram: Histogram | undefined
  return {
    look(result) {
      if (histogram === undefined) {
        // Not before the first look: a program that ends at once need not load what measures delays.
        histogram = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: 20 })
        histogram.enable()
      }
      if (histogram.count === 0) return
      // Nanoseconds.
      for (const [gauge, read] of delays) result.observe(gauge, read(histogram) / 1e9)
      histogram.reset()
    },
    stop: () => void histogram?.disable(),
  }
}

/** Counts by where they were made; those of 0 are not told. */
function lookAtCounts(counter: Observable, read: () => Readonly<Record<string, number>>): Look {
  return (result) => {
    for (const [where, count] of Object.entries(read())) {
      if (count > 0) result.observe(counter, count, { [ATTR_AGENTEL_COMPONENT_NAME]: where })
    }
  }
}

const DELAYS: readonly (readonly [string, Delay])[] = [
  [METRIC_NODEJS_EVENTLOOP_DELAY_MIN, (histogram) => histogram.min],
  [METRIC_NODEJS_EVENTLOOP_DELAY_MAX, (histogram) => histogram.max],
  [METRIC_NODEJS_EVENTLOOP_DELAY_MEAN, (histogram) => histogram.mean],
  [METRIC_NODEJS_EVENTLOOP_DELAY_P50, (histogram) => histogram.percentile(50)],
  [METRIC_NODEJS_EVENTLOOP_DELAY_P99, (histogram) => histogram.percentile(99)],
]

/** Heap and event loop: of each thread its own. */
function threadLooks(make: Make): Look[] {
  return [
    lookAtHeap(make(METRIC_V8JS_MEMORY_HEAP_USED), make(METRIC_V8JS_MEMORY_HEAP_LIMIT)),
    lookAtLoop(make(METRIC_NODEJS_EVENTLOOP_UTILIZATION), make(METRIC_NODEJS_EVENTLOOP_TIME)),
  ]
}

/** The figures of the process, or of the agent that has it for itself. */
function processLooks(make: Make): Look[] {
  const [memory, uptime] = [make(METRIC_PROCESS_MEMORY_USAGE), make(METRIC_PROCESS_UPTIME)]
  return [
    lookAtCpu(
      make(METRIC_PROCESS_CPU_TIME),
      make(METRIC_PROCESS_CPU_UTILIZATION),
      make(METRIC_AGENTEL_PROCESS_CPU_PEAK),
    ),
    (result) => result.observe(memory, process.memoryUsage.rss()),
    (result) => result.observe(uptime, process.uptime()),
    lookAtProcess(make),
    ...threadLooks(make),
  ]
}

/** What is told of ourselves, and of what all share. */
function otherLooks(make: Make, losses: () => Losses): Look[] {
  return [
    lookAtCounts(make(METRIC_AGENTEL_SELF_DROPPED), () => ({
      ...losses().dropped,
      ...lossCounts(),
      'log-file': droppedLines(),
    })),
    lookAtCounts(make(METRIC_AGENTEL_SELF_EVICTED), () => losses().evicted),
    lookAtCounts(make(METRIC_AGENTEL_SELF_FAULTS), faultCounts),
    lookAtFileSystem(make),
  ]
}

/**
 * CPU, memory, disk, network, threads and event loop of this process, and the faults of our own hooks, looked at
 * whenever metrics are collected. For the main thread only: these are the process's figures, and threads would report
 * them again.
 *
 * @param losses what was not exported though nobody wanted it left out
 * @returns stops looking
 */
export function observeHost(meter: Meter, losses: () => Losses): () => void {
  const stops: (() => void)[] = []
  const stop = lookWith(meter, (make) => {
    const delays = lookAtDelays(DELAYS.map(([name, read]) => [make(name), read] as const))
    const sockets = lookAtSockets(make)
    stops.push(delays.stop, sockets.stop)
    const own = [...processLooks(make), delays.look, sockets.look]
    return [...own.map(ofOwner), ...otherLooks(make, losses)]
  })
  return () => [stop, ...stops].forEach((one) => one())
}

/** CPU time of this thread, where this Node tells it. */
function lookAtThreadCpu(time: Observable): Look {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage }
  return (result) => {
    const used = threadCpuUsage?.call(process)
    if (used === undefined) return
    result.observe(time, used.user / 1e6, { [ATTR_CPU_MODE]: CPU_MODE_VALUE_USER })
    result.observe(time, used.system / 1e6, { [ATTR_CPU_MODE]: CPU_MODE_VALUE_SYSTEM })
  }
}

/**
 * The figures of a worker thread that one agent has for itself; of any other thread nothing, for they are the process's
 * already.
 *
 * @returns stops looking
 */
export function observeThread(meter: Meter): () => void {
  const stops: (() => void)[] = []
  const stop = lookWith(meter, (make) => {
    const sockets = lookAtSockets(make)
    stops.push(sockets.stop)
    const looks = [lookAtThreadCpu(make(METRIC_AGENTEL_THREAD_CPU_TIME)), ...threadLooks(make), sockets.look]
    const owned = looks.map(ofOwner)
    return [(result) => getThreadOwner() !== undefined && owned.forEach((look) => look(result))]
  })
  return () => [stop, ...stops].forEach((one) => one())
}
