import os from 'node:os'
import { ATTR_SERVICE_INSTANCE_ID } from '@agentel/semconv'
import type { ResourceDetector } from '@opentelemetry/resources'

/** What the conventions call the architectures that Node names otherwise. */
const ARCHITECTURES: Readonly<Record<string, string>> = { arm: 'arm32', ppc: 'ppc32', x64: 'amd64' }

/** Name and architecture of the host. Its id would come from a file or a command, and the first export would wait for it. */
export const quickHostDetector: ResourceDetector = {
  detect: () => ({
    attributes: { 'host.name': os.hostname(), 'host.arch': ARCHITECTURES[os.arch()] ?? os.arch() },
  }),
}

/** A number of so many hexadecimal digits. */
function digits(count: number): string {
  return Math.floor(Math.random() * 16 ** count)
    .toString(16)
    .padStart(count, '0')
}

let instance: string | undefined

/**
 * `service.instance.id`: a random UUID (version 4), the same as long as the process runs. It has to be unlike all others
 * and is no secret, so it is made as the SDK makes trace ids: to load `node:crypto` for it takes 7 ms of each start.
 */
export const quickInstanceDetector: ResourceDetector = {
  detect() {
    const variant = '89ab'[Math.floor(Math.random() * 4)]
    instance ??= `${digits(8)}-${digits(4)}-4${digits(3)}-${variant}${digits(3)}-${digits(12)}`
    return { attributes: { [ATTR_SERVICE_INSTANCE_ID]: instance } }
  },
}
