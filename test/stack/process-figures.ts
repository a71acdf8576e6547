/** What a process uses, as the kernel counts it. */
import { readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

/** User and system time of a process, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

const inStatus = (pid: number, field: string): number =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

/** Physical memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  return inStatus(pid, 'VmRSS')
}

/** The most physical memory that a process had at any time, in bytes. */
export function peakResidentBytes(pid: number): number {
  return inStatus(pid, 'VmHWM')
}
